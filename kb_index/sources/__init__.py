"""Articles from elsewhere: files of other kinds, JSON Lines, and websites."""
