"""What maintainers ask, decide and have done in the console's section "Learning"."""
