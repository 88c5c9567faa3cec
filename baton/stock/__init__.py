"""The same bot as a stock Rasa project, to measure Baton against."""
