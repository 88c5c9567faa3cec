"""Published articles as plain web pages, which answers link to; they need no JavaScript."""
