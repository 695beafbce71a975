"""One head at work: its map as it is drawn, and what a row of it says in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bertviz_app.analysis.difference import difference
from bertviz_app.analysis.fold import FOLDED, Fold, ends, swept, word
from bertviz_app.analysis.labels import LETTERS, numbered
from bertviz_app.analysis.scales import relative
from bertviz_app.core.encoding import Encoding
from bertviz_app.core.request import Head
from bertviz_app.core.spec import ModelSpec
from bertviz_app.core.state import Scale, Show, ViewOptions, WeightKind
from bertviz_app.core.trace import Array

PUNCTUATION, REST = "punctuation", "rest"
"""Parts of the edge beside [CLS] and [SEP]: folded punctuation, and what is not kept."""

TOGETHER = "folded"
"""What an edge of many parts is called."""

SIGNED_KINDS = (WeightKind.GRADIENT,)
"""Kinds of numbers that may be negative."""


@dataclass(frozen=True, eq=False)
class HeadMap:
    """The map of one head, or of several together.

    Attributes:
        now: the numbers of the run that is shown (T, T), row = query, column = key.
        encoding: the tokens.
        options: how they are drawn.
        before: the same numbers of the run as is, while something is changed.
        full: the number that is full ink on the scales that are the same in every map.
    """

    now: Array = field(repr=False)
    encoding: Encoding = field(repr=False)
    options: ViewOptions = field(default_factory=ViewOptions)
    before: Array | None = field(default=None, repr=False)
    full: float = 1.0

    @property
    def scale(self) -> Scale:
        """How a number becomes ink."""
        return self.options.scale

    @property
    def compares(self) -> bool:
        """Whether changed minus as is is drawn."""
        return self.before is not None and self.options.show is Show.DIFFERENCE

    @property
    def signed(self) -> bool:
        """Whether what is drawn may be negative."""
        return self.compares or self.options.kind in SIGNED_KINDS

    @cached_property
    def fold(self) -> Fold:
        """Which tokens have a row and a column, and which weights are kept."""
        return Fold.of(self.encoding.tokens, self.options)

    @cached_property
    def weights(self) -> Array:
        """The numbers that are drawn, before anything is folded (T, T)."""
        if self.before is None or not self.compares:
            return self.now
        return difference(self.now, self.before)

    @cached_property
    def sides(self) -> tuple[Array, ...]:
        """What is drawn: the kept rows and columns (rows, rows), what is not kept as 0.

        If anything is folded or not kept, the edge (rows, 1) comes second.
        """
        return self._split if self._kept is None else swept(self._split, self._kept)

    @cached_property
    def relatives(self) -> tuple[Array, ...]:
        """The same as parts of what full ink means."""
        return relative(self.scale, *self.sides, signed=self.signed, full=self.full)

    @property
    def columns(self) -> int:
        """How many columns are drawn, the edge column among them."""
        return self.fold.rows + len(self.sides) - 1

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The token or word of each row and column, twins told apart."""
        return self._named(None)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """A short label for each row and column."""
        return self._named(LETTERS)

    @cached_property
    def edge_parts(self) -> tuple[str, ...]:
        """What is summed at the edge, each once."""
        tokens, fold = self.encoding.tokens, self.fold
        there = {tokens[at] for at in fold.folded}
        found = [end for end in FOLDED if end in there]
        found += [PUNCTUATION] if there.difference(FOLDED) else []
        return (*found, REST) if fold.filters else tuple(found)

    @property
    def edge_labels(self) -> tuple[str, ...]:
        """What stands above the edge: its parts, or one word if they are many."""
        short = len(self.edge_parts) <= 2 and PUNCTUATION not in self.edge_parts
        return self.edge_parts if short else (TOGETHER,)

    def drawn(self, row: int, column: int) -> float:
        """The number that is drawn in a cell; the edge column comes after the others."""
        at_edge = column == self.fold.rows
        return float(self.sides[1][row, 0] if at_edge else self.sides[0][row, column])

    def value(self, row: int, column: int) -> float:
        """The model's number for a cell, which is drawn as 0 if it is not kept."""
        if column == self.fold.rows:
            return self.drawn(row, column)
        return self._of(self.weights, row, column)

    def is_kept(self, row: int, column: int) -> bool:
        """Whether a cell is drawn where it stands, and not at the edge."""
        return self._kept is None or column == self.fold.rows or bool(self._kept[row, column])

    def of_now(self, row: int, column: int) -> float:
        """The number of a drawn cell in the run that is shown, differences or not."""
        return self._of(self.now, row, column)

    def of_before(self, row: int, column: int) -> float | None:
        """The number of a drawn cell in the run as is; None without changes."""
        return self._of(self.before, row, column) if self.before is not None else None

    def beside(self, row: int) -> tuple[float | None, float | None]:
        """What the edge of a row sums in the run that is shown: not kept, and folded.

        None stands for what is nowhere kept back, or nowhere folded.
        """
        units, fold = self._row(self.now, row), self.fold
        not_kept = None
        if self._kept is not None:
            drawn = units[list(fold.drawn)]
            not_kept = float(drawn[~self._kept[row]].sum(dtype=np.float64))
        if not fold.folded:
            return not_kept, None
        folded = np.delete(units, list(fold.drawn))
        return not_kept, float(folded.sum(dtype=np.float64))

    def rank(self, row: int, column: int) -> int:
        """1 + the number of strictly larger numbers in the columns of the same row; none folded."""
        return rank(self._row(self.now, row)[list(self.fold.drawn)], column)

    def strongest(self, row: int, count: int = 1) -> list[int]:
        """The kept columns that a row has most on, in size, the most first."""
        sizes = np.nan_to_num(np.abs(self.sides[0][row]), nan=-1.0)
        columns: list[int] = np.argsort(-sizes, kind="stable")[:count].tolist()
        return columns

    def strongest_rows(self, column: int, count: int = 1) -> list[int]:
        """The rows that have most on a kept column, in size, the most first."""
        sizes = np.nan_to_num(np.abs(self.sides[0][:, column]), nan=-1.0)
        rows: list[int] = np.argsort(-sizes, kind="stable")[:count].tolist()
        return rows

    def strongest_cell(self, row: int | None, column: int | None) -> tuple[int, int]:
        """The cell with most in it among those of a row, a column, or the whole map if None."""
        if row is not None and column is not None:
            return row, column
        sizes = np.nan_to_num(np.abs(self.sides[0]), nan=-1.0)
        if row is not None:
            return row, int(sizes[row].argmax())
        if column is not None:
            column_sizes = sizes[:, column] if column < self.fold.rows else self.sides[1][:, 0]
            return int(column_sizes.argmax()), column
        found = np.unravel_index(int(sizes.argmax()), sizes.shape)
        return int(found[0]), int(found[1])

    @cached_property
    def _split(self) -> tuple[Array, ...]:
        return self.fold.split(self.weights)

    @cached_property
    def _kept(self) -> NDArray[np.bool_] | None:
        return self.fold.keeps(self._split[0], signed=self.signed) if self.fold.filters else None

    def _row(self, numbers: Array, row: int) -> Array:
        """A drawn row over all units, folded ones too."""
        queries = self.fold.units[self.fold.drawn[row]]
        found: Array = self.fold.merged_keys(numbers[list(queries)]).mean(axis=0)
        return found

    def _of(self, numbers: Array, row: int, column: int) -> float:
        units = self._row(numbers, row)
        if column < self.fold.rows:
            return float(units[self.fold.drawn[column]])
        drawn = units[list(self.fold.drawn)]
        if self._kept is not None:
            drawn = drawn[self._kept[row]]
        return float(units.sum(dtype=np.float64) - drawn.sum(dtype=np.float64))

    def _named(self, letters: int | None) -> tuple[str, ...]:
        tokens, fold = self.encoding.tokens, self.fold
        whole = numbered(tuple(word(tokens, unit) for unit in fold.units), letters)
        return tuple(whole[number] for number in fold.drawn)


def existing(head: Head, spec: ModelSpec) -> Head:
    """A head, or the nearest one that a model of this shape has."""
    return min(head[0], spec.layers - 1), min(head[1], spec.heads - 1)


def strongest_key(row: Array, among: Sequence[int]) -> int:
    """The position with the largest number of a row (T,), one of `among`."""
    return among[int(np.nan_to_num(row[list(among)], nan=-np.inf).argmax())]


def mean_largest(weights: Array) -> float:
    """The mean over the query rows of a map (T, T) of the largest weight."""
    return float(weights.max(axis=-1).mean(dtype=np.float64))


def rank(row: Array, key: int) -> int:
    """1 + the number of strictly larger weights in a row (T,)."""
    return 1 + int((row > row[key]).sum())


def on_ends(rows: Array, tokens: Sequence[str]) -> float:
    """How much of the weight of rows (..., T) is on [CLS] and [SEP], the mean over the rows."""
    return float(rows[..., list(ends(tokens))].sum(axis=-1, dtype=np.float64).mean())
