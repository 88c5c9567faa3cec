"""What the law asks for, from the command line: proofs that somebody was deleted."""
