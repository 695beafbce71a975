"""Sets of vectors for one picture: those of the text, those as is, and those that were kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from bertviz_app.analysis.labels import numbered
from bertviz_app.core.trace import Array, Trace

MOST = 200
"""Vectors that are kept at most; each is copied with all its depths."""


class Source(Enum):
    """Where a vector comes from."""

    TEXT = "text"
    AS_IS = "as is"
    KEPT = "kept"


@dataclass(frozen=True, eq=False)
class Vectors:
    """The states of some tokens of one text at every depth.

    Attributes:
        source: where they come from.
        text: the sentence they were read in.
        tokens: their positions in it (n,).
        pieces: the pieces as the vocabulary writes them (n,).
        labels: the same in plain sight, twins told apart (n,).
        states: (L + 1, n, W).
    """

    source: Source
    text: str
    tokens: tuple[int, ...]
    pieces: tuple[str, ...]
    labels: tuple[str, ...]
    states: Array

    @classmethod
    def of(
        cls, trace: Trace, source: Source = Source.TEXT, tokens: Sequence[int] | None = None
    ) -> Vectors:
        """Those of a run: of all its tokens, or a copy of those of a few."""
        encoding, request = trace.encoding, trace.request
        labels = numbered(encoding.tokens)
        at = range(len(trace)) if tokens is None else tokens
        return cls(
            source,
            " ".join(filter(None, (request.text, request.pair))),
            tuple(at),
            tuple(encoding.tokens[token] for token in at),
            tuple(labels[token] for token in at),
            trace.hidden if tokens is None else trace.hidden[:, list(tokens)],
        )

    def __len__(self) -> int:
        return len(self.tokens)


@dataclass(frozen=True, slots=True)
class Dot:
    """One point of the picture, without its place.

    Attributes:
        source: where its vector comes from; `number` tells kept texts apart, from 1.
        token: its position in its own text.
        piece: the piece; `label` what stands beside it.
        text: the sentence.
        added: it is [CLS] or [SEP], which no word connects.
    """

    source: Source
    number: int
    token: int
    piece: str
    label: str
    text: str
    added: bool


def dots(sets: Sequence[Vectors], added: Sequence[int]) -> tuple[Dot, ...]:
    """The points of all sets, one set after the other; `added` are those of the text itself."""
    found, number = [], 0
    for vectors in sets:
        number += vectors.source is Source.KEPT
        mark = f" {number}" if vectors.source is Source.KEPT else ""
        for token, piece, label in zip(vectors.tokens, vectors.pieces, vectors.labels, strict=True):
            inside = vectors.source is not Source.KEPT and token in added
            found.append(
                Dot(
                    *(vectors.source, number if mark else 0, token, piece, label + mark),
                    *(vectors.text, inside),
                )
            )
    return tuple(found)


def joined(sets: Sequence[Vectors]) -> Array:
    """The states of all sets (L + 1, N, W)."""
    if len(sets) == 1:
        return sets[0].states
    return np.concatenate([vectors.states for vectors in sets], axis=1)


def same_word(points: Sequence[Dot]) -> list[tuple[int, int]]:
    """Pairs of points that a line connects: the same piece, each with the one before it."""
    last: dict[tuple[str, bool], int] = {}
    pairs = []
    for at, dot in enumerate(points):
        if dot.added or dot.source is Source.AS_IS:
            continue
        key = dot.piece, True
        if key in last:
            pairs.append((last[key], at))
        last[key] = at
    return pairs


def as_is_pairs(points: Sequence[Dot]) -> list[tuple[int, int]]:
    """Each token as is, with the same token changed."""
    now = {dot.token: at for at, dot in enumerate(points) if dot.source is Source.TEXT}
    return [
        (at, now[dot.token])
        for at, dot in enumerate(points)
        if dot.source is Source.AS_IS and dot.token in now
    ]
