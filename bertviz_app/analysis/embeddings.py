"""The parts an embedding is mixed from: lengths, shares, cosines, and a scale to draw them on."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from bertviz_app.analysis.scales import rounded_up
from bertviz_app.core.trace import Array, Embeddings

SAMPLE = 1 << 16
CLIPPED = 0.01
"""The scale of a picture leaves out this part of the numbers, the largest."""


@dataclass(frozen=True, slots=True)
class Mix:
    """How the embedding of one token is mixed.

    Attributes:
        lengths: Euclidean lengths of token, segment, position, sum and LayerNorm.
        shares: part · sum / ‖sum‖² of token, segment, position; each can be negative, the three
            add to 1. Not a number where the sum is 0.
        cosines: of token and segment, token and position, segment and position; not a number
            where one of the two is 0.
    """

    lengths: tuple[float, ...]
    shares: tuple[float, ...]
    cosines: tuple[float, ...]

    @classmethod
    def of(cls, embeddings: Embeddings, token: int) -> Mix:
        """The mix of the token at position `token`."""
        vectors = np.stack([part[token] for part in rows(embeddings)]).astype(np.float64)
        parts, summed = vectors[:3], vectors[3]
        lengths = np.linalg.norm(vectors, axis=1).tolist()
        pairs = ((0, 1), (0, 2), (1, 2))
        return cls(
            lengths=tuple(lengths),
            shares=tuple(_ratio(float(part @ summed), lengths[3] ** 2) for part in parts),
            cosines=tuple(
                _ratio(float(parts[i] @ parts[j]), lengths[i] * lengths[j]) for i, j in pairs
            ),
        )


def compared(one: Array, other: Array) -> tuple[float, float]:
    """Cosine and distance of two vectors (W,), in float64; no cosine where one of them is 0."""
    a, b = one.astype(np.float64), other.astype(np.float64)
    cosine = _ratio(float(a @ b), float(np.linalg.norm(a) * np.linalg.norm(b)))
    return cosine, float(np.linalg.norm(a - b))


def rows(embeddings: Embeddings) -> tuple[Array, ...]:
    """Token, segment, position, sum and LayerNorm, each (T, W)."""
    return (
        embeddings.token,
        embeddings.segment,
        embeddings.position,
        embeddings.summed,
        embeddings.normed,
    )


def scale_of(*arrays: Array) -> float:
    """A signed scale for all `arrays`: a 1, 2 or 5 with zeros that 99 % of their sizes lie within.

    A few of BERT's dimensions are twenty times as large as all others: a scale that held them
    would leave the rest blank. Up to 65,536 evenly spaced numbers are looked at. 1 if all are 0.
    """
    sizes = np.abs(np.concatenate([_sample(array, len(arrays)) for array in arrays]))
    sizes = sizes[np.isfinite(sizes)]
    if not sizes.size:
        return 1.0
    bound = float(np.quantile(sizes, 1 - CLIPPED, method="higher")) or float(sizes.max())
    return rounded_up(bound) if bound > 0 else 1.0


def _sample(array: Array, share: int) -> Array:
    step = max(1, array.size * share // SAMPLE)
    while math.gcd(step, array.shape[-1]) > 1:  # else some of the W columns are never looked at
        step += 1
    return array.reshape(-1)[::step]


def _ratio(above: float, below: float) -> float:
    return above / below if below > 0 else math.nan
