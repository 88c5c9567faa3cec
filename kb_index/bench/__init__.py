"""Measures the library at sizes for which no real articles are at hand."""
