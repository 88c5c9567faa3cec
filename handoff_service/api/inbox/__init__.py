"""The inbox over HTTP: lists, counts, saved filters, acts on many at once."""
