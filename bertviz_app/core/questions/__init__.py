"""The questions that take longer than one run, each in a file of its own with its answer."""
