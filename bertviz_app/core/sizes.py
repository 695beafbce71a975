"""Sizes: how long the vectors are that each layer adds, token by token."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Sizes:
    """Euclidean lengths of the vectors inside the layers, for T tokens.

    Each layer computes between = LayerNorm(state + attention) and then
    the next state = LayerNorm(between + feed-forward).

    Attributes:
        state: of the state each layer begins with, and of the last one (L + 1, T).
        attention: of what attention adds (L, T); `attended` of the sum, before its LayerNorm.
        between: of the state the feed-forward reads (L, T).
        feed_forward: of what the feed-forward adds (L, T); `fed` of the sum, before its LayerNorm.
        cosine: of the state after the layer with the state before it (L, T).
    """

    state: Numbers
    attention: Numbers
    attended: Numbers
    between: Numbers
    feed_forward: Numbers
    fed: Numbers
    cosine: Numbers

    def __post_init__(self) -> None:
        for part in fields(self):
            getattr(self, part.name).setflags(write=False)
