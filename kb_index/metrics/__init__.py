"""Measures of retrieval, one a file: ranked ids of one question against the right ids."""
