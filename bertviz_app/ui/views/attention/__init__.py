"""Place 3: who looks at whom, in every head."""
