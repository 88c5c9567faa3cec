"""Speaks to a running system as its customers and agents do."""
