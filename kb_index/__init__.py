"""Library of the knowledge base: articles, embedding, index, retrieval, evaluation."""
