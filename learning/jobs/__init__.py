"""Long work, one piece at a time: asked for in the console or a shell, told step by step."""
