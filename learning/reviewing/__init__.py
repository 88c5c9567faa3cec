"""What reviewers are asked: near-duplicates together, in the order of what a decision changes."""
