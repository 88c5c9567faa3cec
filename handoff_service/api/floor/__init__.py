"""The live floor over HTTP: the picture, and what supervisors do."""
