"""Measures, one a file.

Of ranking: ranked ids of one question against the right ids. Of confidence: the confidences of all
questions against what was right.
"""
