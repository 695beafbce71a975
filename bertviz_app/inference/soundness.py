"""Soundness: whether a run has anything to show, or the model's weights are no good."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from bertviz_app.inference.measuring import entropies

ALIKE = 0.99
"""From this part of the largest possible entropy on a head looks everywhere alike."""

LEAST = 8
"""Tokens below which looking everywhere alike means nothing."""


@torch.inference_mode()
def is_uniform(maps: Tensor) -> bool:
    """Whether every head of maps (L, H, T, T) looks everywhere alike.

    One head that does not is enough to know; of most models only the first is looked at.
    """
    tokens = maps.shape[-1]
    least = ALIKE * math.log2(tokens)
    if tokens < LEAST or not bool(entropies(maps[0, 0]) > least):
        return False
    # −log₂ Σ w² is never more than the entropy, and takes one logarithm a row.
    bounds = torch.stack([-(layer * layer).sum(-1).log2().mean(-1) for layer in maps])  # (L, H)
    doubtful = maps[~(bounds > least)]  # (n, T, T)
    return not len(doubtful) or bool((entropies(doubtful) > least).all())


@torch.inference_mode()
def first_broken(hidden: Tensor) -> int | None:
    """The first of hidden states (L + 1, T, W) with a number that is none, or None."""
    # A sum is a number only if all that is summed are; it takes a tenth of looking at each.
    if bool(hidden.flatten(1).sum(-1).isfinite().all()):
        return None
    whole: list[bool] = hidden.isfinite().flatten(1).all(-1).tolist()
    return None if all(whole) else whole.index(False)
