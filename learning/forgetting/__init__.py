"""Takes out of the project, its copies and its models what came of a person who was erased."""
