"""The supervisor's floor: what it looks like now, what can be done about it, what is unusual."""
