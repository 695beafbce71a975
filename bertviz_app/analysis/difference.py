"""The difference of two runs, in which the rounding of float32 is no difference."""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = TypeVar("Floats", np.float32, np.float64)

ROUNDING = 1e-6
"""Numbers of two runs that are this little apart, as a part of the largest, are the same."""


def difference(now: NDArray[Floats], before: NDArray[Floats]) -> NDArray[Floats]:
    """`now` less `before`, of one shape: 0 where both are the same but for rounding.

    What rounding is goes by the largest finite size in both. It is 0, too, where both are the same
    infinity; NaN stays NaN.
    """
    with np.errstate(invalid="ignore"):
        found: NDArray[Floats] = np.asarray(now - before)
    sizes = np.abs(np.stack([now, before]))
    largest = np.max(sizes, where=np.isfinite(sizes), initial=0)
    found[(np.abs(found) <= ROUNDING * largest) | (now == before)] = 0
    return found


def change(now: float, before: float) -> float:
    """`difference` of two numbers that stand for themselves, a probability, say.

    What rounding is goes by their own size, so that of a rare word it is not that of a common one.
    """
    largest = max((abs(one) for one in (now, before) if math.isfinite(one)), default=0.0)
    found = now - before
    return 0.0 if now == before or abs(found) <= ROUNDING * largest else found
