"""Lets data go when its time has come, a little at a time, every night."""
