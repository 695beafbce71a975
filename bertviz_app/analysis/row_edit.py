"""One weight of a row is given by hand: what becomes of the others."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def with_weight(row: ArrayLike, key: int, weight: float) -> NDArray[np.float64]:
    """The row (T,) with `weight` (0 to 1) at `key`, and the rest scaled to 1 − `weight`.

    A rest that is all 0 gets equal shares. A row of one token keeps its 1.
    """
    weights = np.array(row, np.float64)
    others = np.arange(len(weights)) != key
    if not others.any():
        return np.ones(1)
    rest = weights[others].sum()
    weights[others] = weights[others] / rest if rest > 0 else 1 / others.sum()
    weights[others] *= 1 - weight
    weights[key] = weight
    return weights
