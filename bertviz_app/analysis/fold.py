"""Fold: which tokens of a map are drawn one by one, and what is summed at its edge instead.

[CLS], [SEP] and punctuation may be folded, pieces merged to words, and only the largest weights of
each row kept. What is folded or not kept is summed in one edge column on the same scale; it is
never spread over what is drawn, so each row still sums to what the model gave it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from bertviz_app.core.state import ViewOptions
from bertviz_app.core.text import is_punctuation
from bertviz_app.core.trace import Array

FOLDED = ("[CLS]", "[SEP]")

ROUNDING = 1e-6
"""A share counts as reached when a row's sum in float32 is so close to it."""

Unit = tuple[int, ...]
"""The positions of what has one row and one column: a token, or the pieces of a word."""


@dataclass(frozen=True)
class Fold:
    """How the maps of one text are drawn.

    Attributes:
        units: everything that may have a row and a column, in the order of the text.
        drawn: the numbers of the units that have them; the others are folded.
        keep: the share of each row, without what is folded, that its largest weights must reach.
        above: the least size of a weight that is kept.
    """

    units: tuple[Unit, ...]
    drawn: tuple[int, ...]
    keep: float = 1.0
    above: float = 0.0

    @classmethod
    def of(cls, tokens: Sequence[str], options: ViewOptions) -> Fold:
        """The fold of a text; typed [CLS] and [SEP] count as much as those that were added."""
        units, drawn = _folded(tuple(tokens), options.words, options.fold, options.fold_punctuation)
        return cls(units, drawn, options.keep, options.above)

    @property
    def rows(self) -> int:
        """How many rows are drawn."""
        return len(self.drawn)

    @cached_property
    def kept(self) -> Unit:
        """The first token of each drawn row and column."""
        return tuple(self.units[number][0] for number in self.drawn)

    @cached_property
    def folded(self) -> Unit:
        """The positions whose columns are summed at the edge."""
        return tuple(at for number in self._folded_units for at in self.units[number])

    @property
    def filters(self) -> bool:
        """Whether small weights go to the edge."""
        return self.keep < 1 or self.above > 0

    @property
    def merges(self) -> bool:
        """Whether some row stands for several tokens."""
        return bool(self.units) and self.units[-1][-1] >= len(self.units)

    @property
    def has_edge(self) -> bool:
        """Whether there is an edge column."""
        return self.filters or len(self.drawn) < len(self.units)

    def row(self, position: int | None) -> int | None:
        """The row of a token, or None if it is folded."""
        return self._rows.get(position) if position is not None else None

    def merged(self, maps: Array) -> Array:
        """Maps (..., T, T) unit by unit: the sum over the keys of a unit, the mean of its queries.

        Nothing is copied where every unit is one token.
        """
        if not self.merges:
            return maps
        sizes = np.array([len(unit) for unit in self.units], np.float32)
        rows: Array = np.add.reduceat(self.merged_keys(maps), self._starts, axis=-2)
        return rows / sizes[:, np.newaxis]

    def merged_keys(self, rows: Array) -> Array:
        """Rows (..., T) unit by unit: the sum over the keys of each."""
        if not self.merges:
            return rows
        found: Array = np.add.reduceat(rows, self._starts, axis=-1)
        return found

    def split(self, maps: Array) -> tuple[Array, ...]:
        """The drawn rows and columns (..., rows, rows) of maps (..., T, T), large and small.

        If there is an edge, beside them stands what is folded, summed (..., rows, 1).
        """
        maps = self.merged(maps)
        if not self.has_edge:
            return (maps,)
        rows: Array = maps[..., _indices(self.drawn), :]
        body: Array = rows[..., _indices(self.drawn)]
        edge: Array = rows[..., list(self._folded_units)]
        return body, edge.sum(axis=-1, keepdims=True)

    def parts(self, maps: Array, *, signed: bool = False) -> tuple[Array, ...]:
        """The same as it is drawn: what is not kept is 0, and part of the edge.

        `signed` numbers are kept by their size.
        """
        sides = self.split(maps)
        return swept(sides, self.keeps(sides[0], signed=signed)) if self.filters else sides

    def keeps(self, body: Array, *, signed: bool = False) -> NDArray[np.bool_]:
        """Which drawn numbers (..., rows, rows) are kept: of each row as few as reach the share.

        They are the largest; equal ones stand or fall together, and NaN is always kept.
        """
        sizes = np.abs(body) if signed else body
        broken = np.isnan(sizes) if sizes.size and np.isnan(sizes.max()) else None
        if broken is not None:
            sizes = np.where(broken, np.float32(0), sizes)
        least = np.full(1, self.above, np.float32)
        if self.keep < 1 and sizes.size:
            least = np.maximum(least, _least_kept(sizes, self.keep))
        kept: NDArray[np.bool_] = sizes >= least
        return kept if broken is None else kept | broken

    @cached_property
    def _folded_units(self) -> Unit:
        drawn = set(self.drawn)
        return tuple(number for number in range(len(self.units)) if number not in drawn)

    @cached_property
    def _rows(self) -> dict[int, int]:
        return {at: row for row, number in enumerate(self.drawn) for at in self.units[number]}

    @cached_property
    def _starts(self) -> NDArray[np.intp]:
        return np.array([unit[0] for unit in self.units], np.intp)


@lru_cache(maxsize=8)
def _folded(
    tokens: tuple[str, ...], merge: bool, fold_ends: bool, fold_punctuation: bool
) -> tuple[tuple[Unit, ...], Unit]:
    """The units of a text, and the numbers of those that are drawn; every picture asks anew."""
    units = words(tokens) if merge else tuple((at,) for at in range(len(tokens)))
    folded = {*ends(tokens)} if fold_ends else set()
    if fold_punctuation:
        folded.update(punctuation(tokens))
    return units, tuple(at for at, unit in enumerate(units) if not folded.issuperset(unit))


def ends(tokens: Sequence[str]) -> Unit:
    """The positions of all [CLS] and [SEP]."""
    return tuple(at for at, token in enumerate(tokens) if token in FOLDED)


def punctuation(tokens: Sequence[str]) -> Unit:
    """The positions of all pieces that are punctuation, as BERT has it."""
    return tuple(at for at, token in enumerate(tokens) if all(map(is_punctuation, token)))


def words(tokens: Sequence[str]) -> tuple[Unit, ...]:
    """The positions of the pieces of each word: ## continues the word before it."""
    found: list[list[int]] = []
    for at, token in enumerate(tokens):
        if found and token.startswith("##") and len(token) > 2:
            found[-1].append(at)
        else:
            found.append([at])
    return tuple(map(tuple, found))


def word(tokens: Sequence[str], unit: Unit) -> str:
    """The tokens of a unit as one word."""
    if len(unit) == 1:
        return tokens[unit[0]]
    first, *others = (tokens[at] for at in unit)
    return first + "".join(token.removeprefix("##") for token in others)


def swept(sides: tuple[Array, ...], kept: NDArray[np.bool_]) -> tuple[Array, Array]:
    """A body and its edge with 0 where the body is not kept, and that much more at the edge."""
    body, edge = sides
    left = np.where(kept, body, np.float32(0))
    return left, edge + (body - left).sum(axis=-1, keepdims=True)


def _least_kept(sizes: Array, share: float) -> Array:
    """The smallest of the largest numbers of each row that reach a share of it (..., rows, 1)."""
    rising = np.sort(sizes, axis=-1)
    # What may be left out is counted from the small end: it is the smaller sum.
    sums = np.cumsum(rising, axis=-1)
    spare = sums[..., -1:] * np.float32(1 - share + ROUNDING)
    left_out = np.count_nonzero(sums <= spare, axis=-1, keepdims=True)
    last = np.minimum(left_out, sizes.shape[-1] - 1)
    least: Array = np.take_along_axis(rising, last, axis=-1)
    return least


def _indices(numbers: Unit) -> slice | list[int]:
    """Numbers as an index; neighbours become a slice, which copies nothing."""
    if numbers and numbers[-1] - numbers[0] + 1 == len(numbers):
        return slice(numbers[0], numbers[-1] + 1)
    return list(numbers)
