"""Settings over HTTP: show, check, save, bring back."""
