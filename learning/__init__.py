"""From phrases and rules to a model that serves, and how good it is."""
