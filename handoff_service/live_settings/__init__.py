"""Settings that people change while the service runs, area by area."""
