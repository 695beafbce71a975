"""One head whose weights are known, head 3 of layer 2, in a model of other heads without any."""

from __future__ import annotations

import numpy as np

from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.trace import Array
from tests.synthetic import snapshot

TOKENS = ("the", "woman", "[MASK]", "the")
# [CLS] the woman [MASK] the [SEP]
WEIGHTS = np.array(
    [
        [1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [0.5, 0.1, 0.2, 0.1, 0.1, 0.0],
        [0.1, 0.6, 0.1, 0.1, 0.1, 0.0],
        [0.4, 0.05, 0.3, 0.15, 0.0, 0.1],
        [0.0, 0.2, 0.2, 0.3, 0.1, 0.2],
        [0.0, 0.0, 0.0, 0.0, 0.0, 1.0],
    ],
    np.float32,
)


def maps(head: Array) -> Array:
    """The attention of two layers of three heads (2, 3, T, T), 0 but for that head (T, T)."""
    found = np.zeros((2, 3, *head.shape), np.float32)
    found[1, 2] = head
    return found


def known(**changes: object) -> Snapshot:
    """A snapshot in which that head is in question."""
    return snapshot(tokens=TOKENS, attention=maps(WEIGHTS), head=(1, 2), **changes)
