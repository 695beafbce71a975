"""How much can flow from one token through the layers to another, as through pipes of a width.

A node is a token at a level between two layers; a pipe of width A[i, j] leads from token i above a
layer to token j below it. The most that can flow is found by pushing (Goldberg & Tarjan 1988, A
New Approach to the Maximum-Flow Problem), for many pairs of tokens at once: all that leaves the
source is let down at one stroke, and each token passes on what it got to those that are one pipe
nearer to the sink, in proportion to what those pipes still take; what finds no way down is given
back upwards. The distances are measured anew before each wave of pushes. The first waves look
ahead: of each token below they count no more than could flow on from there.

Legend: n pairs of tokens, T tokens, M layers between the highest and the lowest.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import numpy as np
from numpy.typing import NDArray

Widths = NDArray[np.float64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.intp]

TOLERANCE = 1e-10
"""Widths and amounts below this are nothing."""

LOOKING_AHEAD = 3
"""Waves that look ahead: later on it costs more than it spares."""

SWEEPS = 2
"""How often a wave goes down and up again before distances are measured anew."""


def flowing(layers: Widths, sources: Numbers, sinks: Numbers) -> Iterator[Widths]:
    """What has flowed from each of n sources to its sink after each wave (n,): at last the most.

    Args:
        layers: widths (L, T, T) of the pipes of each layer, the lowest first; row = the token
            above, column = the token below.
        sources: a token above the last layer for each pair.
        sinks: a token below the first layer for each pair.
    """
    if len(layers) == 1:
        yield np.array(layers[0][sources, sinks])
        return
    pipes = _Pipes(layers, sources, sinks)
    found = np.zeros(len(sources))
    pairs = np.arange(len(sources))
    for wave in count():
        moving = pipes.measure()
        if not moving.any():
            yield found
            return
        if moving.mean() < 0.8:  # to leave the others out is dearer than to have some of them
            pipes.keep(moving)
            pairs = pairs[moving]
        if wave < LOOKING_AHEAD:
            pipes.look_ahead()
        found[pairs] += pipes.push()
        yield found


class _Pipes:
    """What is left of the pipes of each pair, and what waits at each token.

    Level 0 is below the second layer; the level above the last and the one below the first are
    the source and the sink, from and to which each token has one pipe.
    """

    def __init__(self, layers: Widths, sources: Numbers, sinks: Numbers) -> None:
        count, tokens, self._widths = len(sources), layers.shape[-1], layers[1:-1]
        self._left = np.repeat(self._widths[None], count, axis=0)  # (n, M, T, T)
        self._exits = layers[0][:, sinks].T.copy()  # (n, T)
        self._waits = np.zeros((count, len(self._widths) + 1, tokens))  # level by level
        self._waits[:, -1] = layers[-1][sources]
        self._far = np.zeros(self._waits.shape, np.int16)  # 0 is out of reach
        self._ahead: list[Widths] = []

    def keep(self, some: Flags) -> None:
        """Go on with some of the pairs."""
        self._left, self._exits = self._left[some], self._exits[some]
        self._waits, self._far = self._waits[some], self._far[some]

    def measure(self) -> Flags:
        """Find how many pipes each token is from the sink; in which pairs (n,) more can flow."""
        down = _bits(self._left > TOLERANCE, 3)  # of each token above, those it still gives to
        up = _bits(self._widths - self._left > TOLERANCE, 2)  # of one below, those it got from
        self._far[:] = 0
        found = np.zeros(self._far.shape, np.bool_)
        found[:, 0] = self._exits > TOLERANCE
        for far in count(1):
            if not found.any():
                break
            self._far[found] = far
            near = _bits(found, 2)
            found[:] = False
            found[:, 1:] = np.bitwise_or.reduce(down & near[:, :, :-1, None]) != 0
            found[:, :-1] |= np.bitwise_or.reduce(up & near[:, :, 1:, None]) != 0
            found &= self._far == 0
        moving: Flags = np.any((self._waits > TOLERANCE) & (self._far > 0), axis=(1, 2))
        return moving

    def look_ahead(self) -> None:
        """Find how much more could flow on from each token, if it had those below to itself."""
        room = np.maximum(self._exits - self._waits[:, 0], 0)
        for level in range(len(self._widths)):
            self._ahead.append(room)
            room = np.minimum(self._left[:, level], room[:, None, :]).sum(axis=2)
            room = np.maximum(room - self._waits[:, level + 1], 0)

    def push(self) -> Widths:
        """Let what waits flow to where it is nearer to the sink; what arrived there (n,)."""
        top, arrived = len(self._widths), np.zeros(len(self._waits))
        for _ in range(SWEEPS):
            for level in range(top, 0, -1):
                self._pass_on(level, level - 1)
            arrives = np.where(self._far[:, 0] == 1, np.minimum(self._waits[:, 0], self._exits), 0)
            self._waits[:, 0] -= arrives
            self._exits -= arrives
            arrived += arrives.sum(axis=1)
            for level in range(top):
                self._pass_on(level, level + 1)
        self._ahead = []
        return arrived

    def _pass_on(self, level: int, to: int) -> None:
        """Push what waits at a level to the one below it, or back to the one above."""
        far, down = self._far, to < level
        pair, token = np.nonzero((self._waits[:, level] > TOLERANCE) & (far[:, level] > 1))
        if not len(pair):
            return
        pipes = self._left[:, to] if down else self._left[:, level].swapaxes(1, 2)
        left = pipes[pair, token]  # a row for each token that has something
        takes = left if down else self._widths[level].T[token] - left
        takes = takes * (far[pair, to] == far[pair, level, token, None] - 1)
        if down and self._ahead:
            np.minimum(takes, self._ahead[to][pair], out=takes)
        room, waits = takes.sum(axis=1), self._waits[pair, level, token]
        goes = np.minimum(room, waits)
        takes *= np.divide(goes, room, out=np.zeros_like(room), where=room > 0)[:, None]
        pipes[pair, token] = left - takes if down else left + takes
        self._waits[pair, level, token] = waits - goes
        starts = np.flatnonzero(np.diff(pair, prepend=-1))
        self._waits[pair[starts], to] += np.add.reduceat(takes, starts, axis=0)


def _bits(flags: Flags, axis: int) -> NDArray[np.uint8]:
    """Eight flags in a byte along an axis, which becomes the first."""
    return np.moveaxis(np.packbits(flags, axis=axis), axis, 0).copy()
