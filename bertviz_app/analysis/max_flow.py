"""How much can flow from one token through the layers to another, as through pipes of a width.

A node is a token in a layer; a pipe of width A[i, j] leads from token i of a layer to token j of
the layer below. The most that can flow is found by augmenting along the widest path (Edmonds &
Karp 1972, Theoretical Improvements in Algorithmic Efficiency for Network Flow Problems).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Widths = NDArray[np.float64]
Numbers = NDArray[np.intp]
Flags = NDArray[np.bool_]

TOLERANCE = 1e-9
"""Paths narrower than this carry nothing."""


def max_flow(layers: Widths, source: int, sink: int) -> float:
    """The most that flows from `source` above the layers to `sink` below them.

    Args:
        layers: widths (L, T, T) of the pipes of each layer, the lowest first; row = the token
            above, column = the token below.
        source: a token above the last layer.
        sink: a token below the first layer.
    """
    pipes = _Pipes(layers)
    # No more can flow than leaves the source or reaches the sink.
    most = min(float(layers[-1][source].sum()), float(layers[0][:, sink].sum()))
    flow = more = pipes.augment(source, sink)
    while more and flow < most - TOLERANCE:
        more = pipes.augment(source, sink)
        flow += more
    return flow


@dataclass(frozen=True, slots=True)
class _Step:
    """A pipe on a path, and whether more flows down in it or less."""

    layer: int
    above: int
    below: int
    down: bool


class _Pipes:
    """What is left of each pipe, and what flows in it and could be taken back."""

    def __init__(self, layers: Widths) -> None:
        self._left = layers.copy()
        self._flows = np.zeros_like(layers)
        self._levels = len(layers) + 1
        self._tokens = np.arange(layers.shape[-1])

    def augment(self, source: int, sink: int) -> float:
        """Let more flow along the path on which most more can; how much, 0 if nothing can."""
        width = np.zeros((self._levels, len(self._tokens)))
        width[-1, source] = np.inf
        before = np.zeros(width.shape, np.intp)
        down = np.ones(width.shape, np.bool_)
        self._sweep_down(width, before, down)
        while width[0, sink] <= TOLERANCE and self._sweep_up(width, before, down):
            self._sweep_down(width, before, down)
        wide = float(width[0, sink])
        if wide <= TOLERANCE:
            return 0.0
        for step in _traced(before, down, source, sink):
            pipe = step.layer, step.above, step.below
            self._left[pipe] -= wide if step.down else -wide
            self._flows[pipe] += wide if step.down else -wide
        return wide

    def _sweep_down(self, width: Widths, before: Numbers, down: Flags) -> None:
        """Reach each token from those above it, if that is wider."""
        for layer in range(self._levels - 2, -1, -1):
            through = np.minimum(width[layer + 1][:, np.newaxis], self._left[layer])
            best = through.argmax(axis=0)
            reached = through[best, self._tokens]
            wider = reached > width[layer]
            width[layer, wider], before[layer, wider] = reached[wider], best[wider]
            down[layer, wider] = True

    def _sweep_up(self, width: Widths, before: Numbers, down: Flags) -> bool:
        """Reach each token by taking back what flows from it to those below; whether any is."""
        any_wider = False
        for layer in range(self._levels - 1):
            through = np.minimum(width[layer], self._flows[layer])
            best = through.argmax(axis=1)
            reached = through[self._tokens, best]
            wider = reached > np.maximum(width[layer + 1], TOLERANCE)
            width[layer + 1, wider], before[layer + 1, wider] = reached[wider], best[wider]
            down[layer + 1, wider] = False
            any_wider |= bool(wider.any())
        return any_wider


def _traced(before: Numbers, down: Flags, source: int, sink: int) -> Iterator[_Step]:
    """The path on which the sink was reached, from its end."""
    level, token = 0, sink
    while (level, token) != (len(before) - 1, source):
        other = int(before[level, token])
        if down[level, token]:
            yield _Step(level, other, token, True)
            level += 1
        else:
            level -= 1
            yield _Step(level, token, other, False)
        token = other
