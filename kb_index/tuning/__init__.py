"""Fine-tunes the embedding model on a site's own articles and votes; needs torch."""
