"""The sub-commands of `baton learn`."""
