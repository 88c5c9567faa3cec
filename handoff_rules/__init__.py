"""When a person is called: the rules of data/handoff_rules.yml, read, checked and applied."""
