"""The page that shows a maintainer how well questions are answered; no scripts, no other files."""
