"""Breaks a private system at random while people use it, and compares what everybody saw."""
