"""Masked-word and next-sentence training of the project's own network: `python -m …training`."""
