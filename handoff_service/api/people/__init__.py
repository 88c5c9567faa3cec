"""The people of the console over HTTP: who they are, how they sign in, what they did."""
