"""What agents keep writing becomes suggestions: articles, canned replies, contradictions."""
