"""Conversations as a support manager writes them, read from files and tried on a running system."""
