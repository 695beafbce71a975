"""The best words at a position, from its logits over the whole vocabulary."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from bertviz_app.core.trace import Candidate, MaskPrediction


def predictions(
    positions: Sequence[int], logits: Tensor, vocabulary: Sequence[str]
) -> tuple[MaskPrediction, ...]:
    """The ten best candidates at each of M positions, from logits (M, V)."""
    return tuple(
        MaskPrediction(position, best(row, vocabulary, 10))
        for position, row in zip(positions, logits, strict=True)
    )


def best(logits: Tensor, vocabulary: Sequence[str], count: int) -> tuple[Candidate, ...]:
    """The `count` most probable of V words, from the logits (V,) of one position.

    Equal logits share a rank and stand in the order of their ids. A logit that is not a number
    stands last, and makes every probability not a number.
    """
    total = log_total(logits)
    ordered = torch.where(logits.isnan(), -torch.inf, logits)
    least = ordered.topk(min(count, len(ordered))).values[-1]
    ids = (ordered >= least).nonzero().flatten()
    ids = ids[ordered[ids].argsort(descending=True, stable=True)][:count]
    keys = ordered[ids].tolist()
    return tuple(
        Candidate(vocabulary[word], word, math.exp(logit - total), logit, 1 + keys.index(key))
        for word, logit, key in zip(ids.tolist(), logits[ids].tolist(), keys, strict=True)
    )


def surprise(logits: Tensor, word: int) -> float:
    """-log2 of the probability of the word with this id, in bits, from logits (V,)."""
    return (log_total(logits) - float(logits[word])) / math.log(2)


def log_total(logits: Tensor) -> float:
    """The logit that a word with probability 1 would have: log Σ exp over all V."""
    return float(torch.logsumexp(logits.double(), 0))
