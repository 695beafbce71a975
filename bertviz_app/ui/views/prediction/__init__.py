"""Place 5: from the last vector to words."""
