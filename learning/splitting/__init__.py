"""A candidate beside the live bot: it answers a share of new conversations; both are compared."""
