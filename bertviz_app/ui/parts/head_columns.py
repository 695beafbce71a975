"""The columns of the table of heads: which measures there is room for, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

from bertviz_app.analysis.head_table import HeadTable
from bertviz_app.analysis.measures import Measure
from bertviz_app.ui import look

LABEL, SPREAD = 44, 64
"""Widths of the name of a head, and of a spread beside a number."""

COLUMN, SIGNED, WIDEST = 48, 54, 64
"""Widths of a number at the least, of one with a sign, and of any at the most."""

FIRST_TO_GO = (
    *("entropy ÷ log₂ T", "largest weight", "punctuation", "distance", "entropy"),
    *("B to A", "A to B", "same word", "[SEP]", "[CLS]", "next", "self", "previous"),
)
"""Which columns give way where there is no room for all."""


@dataclass(frozen=True, slots=True)
class HeadColumns:
    """Columns from left to right.

    Attributes:
        measures: one column each.
        chosen: the one that the heads are sorted by; it is always there.
        width: pixels of each column; `spread`, how much wider the chosen one is.
    """

    measures: tuple[Measure, ...]
    chosen: Measure
    width: float
    spread: float

    @classmethod
    def of(cls, table: HeadTable, chosen: Measure, width: int) -> HeadColumns:
        """As many columns of a table as `width` has room for."""
        px = look.current().px
        least = px(SIGNED if table.signed else COLUMN)
        spread = px(SPREAD) if table.spread is not None else 0
        room, kept = width - px(LABEL) - spread, list(table.offered)
        for name in FIRST_TO_GO:
            if len(kept) * least > room and name != chosen.name:
                kept = [measure for measure in kept if measure.name != name]
        each = min(max(room / max(len(kept), 1), least), px(WIDEST))
        return cls(tuple(kept), chosen, each, spread)

    def area(self, measure: Measure, box: QRectF) -> QRectF:
        """Where a measure stands in a row; empty if there is no room for it."""
        if measure not in self.measures:
            return QRectF()
        number = self.measures.index(measure)
        left = box.left() + look.current().px(LABEL) + number * self.width
        left += self.spread if self.chosen in self.measures[:number] else 0
        width = self.width + (self.spread if measure == self.chosen else 0)
        return QRectF(left, box.top(), width, box.height())

    def at(self, x: float, box: QRectF) -> Measure | None:
        """The measure whose column is at x."""
        for measure in self.measures:
            area = self.area(measure, box)
            if area.left() <= x < area.right():
                return measure
        return None
