"""The widget as a form, for browsers that run no JavaScript."""
