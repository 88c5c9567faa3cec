"""What the measurements of `baton bench` share: private systems and load generators."""
