"""Finds words in what was said, in any of Baton's languages; no I/O here."""
