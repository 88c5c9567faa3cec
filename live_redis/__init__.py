"""Reaches the live store's Redis: one server, whoever the sentinels name, or a cluster's node."""
