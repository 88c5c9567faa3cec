"""What the history keeps of learning; `learning` writes most of it, the console shows it."""
