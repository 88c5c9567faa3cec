"""What the history adds up to: figures for people who run the desk and write its articles."""
