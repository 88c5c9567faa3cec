"""Whether every conversation is where it should be, and the mending of what is not."""
