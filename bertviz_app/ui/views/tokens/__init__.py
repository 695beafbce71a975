"""Place 1: the text as BERT reads it."""
