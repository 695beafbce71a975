"""The nouns of the program: frozen values that cross threads. Standard library and numpy only.

Dimension legend, used everywhere: L layers, H heads, T tokens, W width, D = W / H head width,
V vocabulary, P positions, M masks, B batch. Files, Python and the command line count from 0.
"""
