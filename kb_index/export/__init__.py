"""Turns a sentence-transformers model into the folder that serving reads; needs torch."""
