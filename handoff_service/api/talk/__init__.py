"""What agents said among themselves: mentions, marks on answers."""
