"""How much can flow from one token through the layers to another, as through pipes of a width.

A node is a token at a level between two layers; a pipe of width A[i, j] leads from token i above a
layer to token j below it. The most that can flow is found by pushing (Goldberg & Tarjan 1988, A
New Approach to the Maximum-Flow Problem), for many pairs of tokens at once: all that leaves the
source is let down at one stroke, and each token passes on what it got to those that are one pipe
nearer to the sink, in proportion to what those pipes still take; what finds no way down is given
back upwards. The distances are measured anew before each wave of pushes.

Legend: n pairs of tokens, T tokens.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Widths = NDArray[np.float64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.intp]

TOLERANCE = 1e-10
"""Widths and amounts below this are nothing."""


def max_flows(layers: Widths, sources: Numbers, sinks: Numbers) -> Widths:
    """The most that flows from each of n sources above the layers to its sink below them (n,).

    Args:
        layers: widths (L, T, T) of the pipes of each layer, the lowest first; row = the token
            above, column = the token below.
        sources: a token above the last layer for each pair.
        sinks: a token below the first layer for each pair.
    """
    if len(layers) == 1:
        return np.array(layers[0][sources, sinks])
    pipes = _Pipes(layers, sources, sinks)
    found = np.zeros(len(sources))
    pairs = np.arange(len(sources))
    while True:
        moving = pipes.measure()
        if not moving.any():
            return found
        if not moving.all():
            pipes.keep(moving)
            pairs = pairs[moving]
        found[pairs] += pipes.push()


class _Pipes:
    """What is left of the pipes of each pair, what flows in them, and what waits at each token.

    Level 1 is below the second layer; the level above the last and the one below the first are
    the source and the sink, from and to which each token has one pipe.
    """

    def __init__(self, layers: Widths, sources: Numbers, sinks: Numbers) -> None:
        count, between = len(sources), layers[1:-1]
        shape = count, layers.shape[-1]
        self._left = [np.repeat(layer[None], count, axis=0) for layer in between]
        self._flow = [np.zeros_like(left) for left in self._left]
        self._exits = layers[0][:, sinks].T.copy()  # (n, T)
        self._waits = [np.zeros(shape) for _ in between] + [layers[-1][sources]]
        self._far = [np.full(shape, np.inf) for _ in self._waits]

    def keep(self, some: Flags) -> None:
        """Go on with some of the pairs."""
        self._exits = self._exits[some]
        for arrays in (self._left, self._flow, self._waits, self._far):
            arrays[:] = [array[some] for array in arrays]

    def measure(self) -> Flags:
        """Find how many pipes each token is from the sink; in which pairs (n,) more can flow."""
        for far in self._far:
            far[:] = np.inf
        self._far[0][self._exits > TOLERANCE] = 1
        self._reach_up()
        while self._reach_down() and self._reach_up():
            pass
        live = [
            ((waits > TOLERANCE) & np.isfinite(far)).any(axis=1)
            for waits, far in zip(self._waits, self._far, strict=True)
        ]
        found: Flags = np.logical_or.reduce(live)
        return found

    def push(self) -> Widths:
        """Let what waits down as far as it goes, from the farthest on; what arrived (n,)."""
        farthest = max(float(np.where(np.isfinite(far), far, 0).max()) for far in self._far)
        for far in range(int(farthest), 1, -1):
            for level in range(len(self._waits)):
                active = (self._far[level] == far) & (self._waits[level] > TOLERANCE)
                if active.any():
                    self._push_down(level, far, active)
                    self._push_up(level, far, active)
        arrives = np.where(self._far[0] == 1, np.minimum(self._waits[0], self._exits), 0)
        self._waits[0] -= arrives
        self._exits -= arrives
        found: Widths = arrives.sum(axis=1)
        return found

    def _push_down(self, level: int, far: int, active: Flags) -> None:
        if level == 0:
            return
        left, flow = self._left[level - 1], self._flow[level - 1]
        nearer = self._far[level - 1] == far - 1
        takes = left * (active[:, :, None] & nearer[:, None, :])
        takes *= self._passed_on(level, takes.sum(axis=2))[:, :, None]
        left -= takes
        flow += takes
        self._waits[level - 1] += takes.sum(axis=1)

    def _push_up(self, level: int, far: int, active: Flags) -> None:
        if level == len(self._flow):
            return
        left, flow = self._left[level], self._flow[level]
        nearer = self._far[level + 1] == far - 1
        takes = flow * (nearer[:, :, None] & active[:, None, :])
        takes *= self._passed_on(level, takes.sum(axis=1))[:, None, :]
        left += takes
        flow -= takes
        self._waits[level + 1] += takes.sum(axis=2)

    def _passed_on(self, level: int, room: Widths) -> Widths:
        """Which share of its room (n, T) each token of a level fills with what waits there."""
        waits = self._waits[level]
        share = np.divide(waits, room, out=np.zeros_like(room), where=room > 0)
        np.minimum(share, 1, out=share)
        self._waits[level] = np.where(room < waits, waits - room, np.where(room > 0, 0, waits))
        return share

    def _reach_up(self) -> bool:
        """Reach each token from those below it; whether one is nearer than it was."""
        nearer = False
        for level, left in enumerate(self._left):
            below = np.where(left > TOLERANCE, self._far[level][:, None, :], np.inf).min(axis=2)
            nearer |= self._bring_nearer(level + 1, below)
        return nearer

    def _reach_down(self) -> bool:
        """Reach each token from those above it that could take back what it got from them."""
        nearer = False
        for level in reversed(range(len(self._flow))):
            flow = self._flow[level]
            above = np.where(flow > TOLERANCE, self._far[level + 1][:, :, None], np.inf).min(axis=1)
            nearer |= self._bring_nearer(level, above)
        return nearer

    def _bring_nearer(self, level: int, neighbour: Widths) -> bool:
        far = self._far[level]
        found = neighbour + 1 < far
        far[found] = neighbour[found] + 1
        return bool(found.any())
