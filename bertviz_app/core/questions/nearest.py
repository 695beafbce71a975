"""Which pieces of the vocabulary have the nearest vectors?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bertviz_app.core.jobs import Question, Vector

LISTED = 100
"""Pieces that are listed, by either measure."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One row of the token table beside a vector: cosine, dot product, the length of the row."""

    id: int
    cosine: float
    dot: float
    length: float


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The rows nearest to one vector of that length, best first by either measure."""

    length: float
    by_cosine: tuple[Neighbour, ...]
    by_dot: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True)
class NearestAnswer:
    """The neighbours of each vector; `ids` are the pieces that a typed word was read as."""

    found: tuple[Neighbours, ...]
    ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Nearest(Question[NearestAnswer]):
    """The rows of the token table nearest to a typed word, or else to each of some vectors.

    A word of several pieces is the mean of their rows. With `ordinary`, special and unused pieces
    are left out.
    """

    word: str = ""
    vectors: tuple[Vector, ...] = ()
    ordinary: bool = True

    task: ClassVar[str] = "Nearest words"
    about_text: ClassVar[bool] = False  # it holds all it is about
