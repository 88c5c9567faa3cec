"""Measures of retrieval, one a file; each takes the ranked ids of one question and the right ids."""
