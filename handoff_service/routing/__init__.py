"""Who gets the next conversation, and when."""
