"""The hub: what a model consists of there, and its bytes, checked, into a folder of the cache."""
