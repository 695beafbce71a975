"""Where do these vectors lie, layer by layer, in the plane in which they differ most?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from bertviz_app.core.jobs import Question


@dataclass(frozen=True, eq=False)
class ProjectionAnswer:
    """The planes found so far, from the embedding on.

    Attributes:
        points: where N vectors lie in the plane of each of n depths (n, N, 2); the planes are
            turned so that each is as close as can be to the one before.
        shares: how much of the spread of the vectors each plane holds, 0 to 1 (n,).
    """

    points: NDArray[np.float64]
    shares: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Projection(Question[ProjectionAnswer]):
    """The states of N tokens at every depth (L + 1, N, W), from one sentence or several."""

    states: NDArray[np.float32]

    task: ClassVar[str] = "Where words live"
