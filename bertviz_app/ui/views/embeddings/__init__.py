"""Place 2: the three embeddings and their sum."""
