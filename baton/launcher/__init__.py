"""Runs all processes of Baton on one machine."""
