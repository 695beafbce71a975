"""Arcs: which lines of a map are drawn between two columns of tokens, and how strong each is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bertviz_app.analysis.heads import HeadMap
from bertviz_app.analysis.scales import curve, full_ink
from bertviz_app.core.trace import Array

FAINTEST = 1 / 64
"""A line with less ink than this cannot be told from the paper."""


class Pairs(Enum):
    """Between which sentences lines are drawn; the name is what the control shows."""

    ALL = "all"
    A_TO_A = "A → A"
    A_TO_B = "A → B"
    B_TO_A = "B → A"
    B_TO_B = "B → B"

    def allowed(self, segments: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which of n queries and keys may be joined (n, n); segments 0 and 1 are A and B."""
        if self is Pairs.ALL:
            return np.ones((len(segments), len(segments)), np.bool_)
        query, key = (letter == "B" for letter in (self.value[0], self.value[-1]))
        found: NDArray[np.bool_] = np.outer(segments == query, segments == key)
        return found


@dataclass(frozen=True, eq=False)
class ArcLines:
    """Lines from rows to columns, the faintest first.

    Attributes:
        rows: where they start (n,); `columns` is where they end.
        inks: how strong they are (n,), from 0 to 1 or, of differences, from -1.
        left_out: how many more there are, fainter than these.
    """

    rows: NDArray[np.intp] = field(repr=False)
    columns: NDArray[np.intp] = field(repr=False)
    inks: Array = field(repr=False)
    left_out: int = 0

    def __len__(self) -> int:
        return len(self.inks)


@dataclass(frozen=True, eq=False)
class Arcs:
    """The lines of one map.

    Attributes:
        shown: the map, with what is folded and not kept at its edge.
        pairs: between which sentences lines are drawn.
    """

    shown: HeadMap
    pairs: Pairs = Pairs.ALL

    @cached_property
    def allowed(self) -> NDArray[np.bool_]:
        """Which cells the pair filter leaves (rows, rows)."""
        segments = np.array(self.shown.encoding.segments, np.intp)
        return self.pairs.allowed(segments[list(self.shown.fold.kept)])

    @cached_property
    def inks(self) -> Array:
        """The ink of every line (rows, rows); 0 where none may be, or where there is no number."""
        found = curve(self.shown.relatives[0], self.shown.scale, signed=self.shown.signed)
        inks: Array = np.clip(np.nan_to_num(found, nan=0.0), -1, 1)
        return inks if self.pairs is Pairs.ALL else inks * self.allowed

    @cached_property
    def not_numbers(self) -> int:
        """How many of the drawn cells hold no number."""
        return int(np.isnan(self.shown.sides[0]).sum())

    def has_line(self, row: int, column: int) -> bool:
        """Whether a cell is kept and its pair drawn, however faint its line is."""
        return bool(self.allowed[row, column]) and self.shown.is_kept(row, column)

    @property
    def has_beside(self) -> bool:
        """Whether there are weights that no line stands for: folded, not kept, of other pairs."""
        return len(self.shown.sides) > 1 or self.pairs is not Pairs.ALL

    def lines(self, row: int | None, column: int | None, most: int) -> ArcLines:
        """The strongest lines from a row or, without one, to a column; without either, of all."""
        rows = slice(None) if row is None else slice(row, row + 1)
        columns = slice(None) if column is None or row is not None else slice(column, column + 1)
        inks = self.inks[rows, columns]
        sizes = np.abs(inks)
        at_rows, at_columns = np.nonzero(sizes >= FAINTEST)
        order = np.argsort(sizes[at_rows, at_columns], kind="stable")[-most:]
        at_rows, at_columns, left_out = at_rows[order], at_columns[order], len(at_rows) - len(order)
        strengths: Array = inks[at_rows, at_columns]
        return ArcLines(
            at_rows + (rows.start or 0), at_columns + (columns.start or 0), strengths, left_out
        )

    def beside(self, row: int) -> float:
        """The part of a row that no line stands for: its edge, and the pairs that are left out."""
        body, *edge = self.shown.sides
        left_out = body[row][~self.allowed[row]].sum(dtype=np.float64)
        return float(left_out + sum(float(side[row, 0]) for side in edge))

    def ink_of(self, value: float, row: int) -> float:
        """The ink of a number that stands beside a row, on the scale of the map."""
        shown = self.shown
        full = full_ink(shown.scale, *shown.sides, signed=shown.signed, full=shown.full)
        part = value
        if full is not None:
            part /= float(np.broadcast_to(full, (shown.fold.rows, 1))[row, 0])
        found = curve(np.array([part], np.float32), shown.scale, signed=shown.signed)
        return float(np.clip(found[0], -1, 1))
