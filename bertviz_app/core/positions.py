"""Sinusoidal positions: the fixed encoding that BERT's learned positions replaced."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from bertviz_app.core.trace import Array


@lru_cache(maxsize=2)
def sinusoidal(positions: int, width: int) -> Array:
    """The encoding of each position (P, W), read-only.

    Dimension 2i of position p is sin(p / 10000^(2i / W)), dimension 2i + 1 the cosine of the same.
    Source: Vaswani et al. 2017, section 3.5.
    """
    table = np.empty((positions, width), np.float32)
    waves = np.arange(0, width, 2)
    angles = np.arange(positions)[:, None] / 10000.0 ** (waves / width)  # (P, W / 2)
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles[:, : width // 2])
    table.flags.writeable = False
    return table


def mean_length(table: Array) -> float:
    """The mean Euclidean length of the rows of a table (P, W)."""
    return float(np.linalg.norm(table, axis=1).mean(dtype=np.float64))


def sinusoidal_like(table: Array) -> Array:
    """The sinusoidal encoding of the shape of `table`, scaled to the mean length of its rows."""
    raw = sinusoidal(*table.shape)
    return raw * np.float32(mean_length(table) / mean_length(raw))
