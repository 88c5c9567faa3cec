"""Files that customers and agents send each other: checked, kept, shown to members only."""
