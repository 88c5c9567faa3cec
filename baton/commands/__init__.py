"""One file a command or command group."""
