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
    least = float(ALIKE * np.log2(tokens))
    if tokens < LEAST or not entropies(maps[0, 0]) > least:
        return False
    return all(_all_alike(layer, least) for layer in maps)


def _all_alike(layer: Array, least: float) -> bool:
    """Whether the entropy of every head of a layer (H, T, T) is more than the least, in bits."""
    # −log₂ Σ w² is never more than the entropy, and takes one logarithm a row.
    bounds = -np.log2(np.einsum("hij,hij->hi", layer, layer)).mean(axis=-1)
    return all(
        bound > least or bool(entropies(head) > least)
        for bound, head in zip(bounds, layer, strict=True)
    )


def first_broken(hidden: Array) -> int | None:
    """The first of hidden states (L + 1, T, W) with a number that is none, or None."""
    for number, states in enumerate(hidden):
        if not np.isfinite(states).all():
            return number
    return None
