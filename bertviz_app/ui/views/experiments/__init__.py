"""Place 6: what if."""
