"""Place 4: what the layers make of it."""
