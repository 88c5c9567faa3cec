"""The command line of Baton and its local launcher: wiring, no logic."""
