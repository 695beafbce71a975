"""One head at work: its map as it is drawn, and what a row of it says in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from bertviz_app.analysis.fold import Fold, ends
from bertviz_app.analysis.labels import LETTERS, numbered
from bertviz_app.analysis.scales import relative
from bertviz_app.core.encoding import Encoding
from bertviz_app.core.request import Head
from bertviz_app.core.spec import ModelSpec
from bertviz_app.core.state import Scale
from bertviz_app.core.trace import Array


@dataclass(frozen=True, eq=False)
class HeadMap:
    """The map of one head.

    Attributes:
        weights: what is drawn (T, T): weights, or differences if `signed`.
        encoding: the tokens.
        scale: how a weight becomes ink.
        folds: [CLS] and [SEP] are folded.
        signed: changed minus as is.
    """

    weights: Array = field(repr=False)
    encoding: Encoding = field(repr=False)
    scale: Scale = Scale.ROOT
    folds: bool = False
    signed: bool = False

    @cached_property
    def fold(self) -> Fold:
        """Which tokens have a row and a column."""
        return Fold.of(self.encoding.tokens, folds=self.folds)

    @cached_property
    def sides(self) -> tuple[Array, ...]:
        """The kept rows and columns (rows, rows) and, if anything is folded, the edge (rows, 1)."""
        return self.fold.parts(self.weights)

    @cached_property
    def relatives(self) -> tuple[Array, ...]:
        """The same as parts of what full ink means."""
        return relative(self.scale, *self.sides, signed=self.signed)

    @property
    def columns(self) -> int:
        """How many columns are drawn, the edge column among them."""
        return self.fold.rows + len(self.sides) - 1

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The token of each row and column, twins told apart."""
        whole = numbered(self.encoding.tokens)
        return tuple(whole[at] for at in self.fold.kept)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """A short label for each row and column."""
        short = numbered(self.encoding.tokens, LETTERS)
        return tuple(short[at] for at in self.fold.kept)

    @cached_property
    def edge_labels(self) -> tuple[str, ...]:
        """What is folded at the edge, each once."""
        return tuple(dict.fromkeys(self.encoding.tokens[at] for at in self.fold.folded))

    def value(self, row: int, column: int) -> float:
        """The number in a drawn cell; the edge column comes after the others."""
        at_edge = column == self.fold.rows
        return float(self.sides[1][row, 0] if at_edge else self.sides[0][row, column])

    def strongest(self, row: int, count: int = 1) -> list[int]:
        """The kept columns that a row has most on, in size, the most first."""
        sizes = np.nan_to_num(np.abs(self.sides[0][row]), nan=-1.0)
        columns: list[int] = np.argsort(-sizes, kind="stable")[:count].tolist()
        return columns

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
