"""Soundness: whether a run has anything to show, or the model's weights are no good."""

from __future__ import annotations

import numpy as np

from bertviz_app.analysis.measures import entropies
from bertviz_app.core.trace import Array

ALIKE = 0.99
"""From this part of the largest possible entropy on a head looks everywhere alike."""

LEAST = 8
"""Tokens below which looking everywhere alike means nothing."""


def is_uniform(maps: Array) -> bool:
    """Whether every head of maps (L, H, T, T) looks everywhere alike.

    One head that does not is enough to know; of most models only the first is looked at.
    """
    tokens = maps.shape[-1]
    least = ALIKE * np.log2(tokens)
    return tokens >= LEAST and all(entropies(head) > least for layer in maps for head in layer)


def first_broken(hidden: Array) -> int | None:
    """The first of hidden states (L + 1, T, W) with a number that is none, or None."""
    for number, states in enumerate(hidden):
        if not np.isfinite(states).all():
            return number
    return None
