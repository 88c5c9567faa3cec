"""Canned replies, macros and suggested passages over HTTP."""
