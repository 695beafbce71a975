"""Pixels: the window, its parts and its views. Nothing here knows torch."""
