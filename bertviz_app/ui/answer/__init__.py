"""Answer: the words for the blank, and those that a person asks about."""
