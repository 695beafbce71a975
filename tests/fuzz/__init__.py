"""Structure-aware fuzzing: valid files with a few hostile edits, read in children under limits."""
