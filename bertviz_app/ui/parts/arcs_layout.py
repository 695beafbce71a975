"""Where everything of the arcs stands: two columns of labels, the lines, values, the edge row."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF, QSizeF

from bertviz_app.analysis.heads import HeadMap
from bertviz_app.ui import look
from bertviz_app.ui.parts.map_labels import Margin
from bertviz_app.ui.parts.map_layout import (
    GUTTER,
    LONGEST,
    PAD,
    CellLine,
    Cross,
    far_end,
    widest,
)

TALLEST, LEAST = 40, 3
"""Pixels from one token to the next, at most and at least; beyond that, the picture scrolls."""

VALUE = 54
"""Pixels of the column of values at the right."""

ROW = 20
"""Pixels of a line of words above and below the tokens."""

NARROWEST = 24
"""Pixels the lines have in any case."""


@dataclass(frozen=True, slots=True)
class ArcsLayout:
    """The layout of one picture.

    Attributes:
        rows: the tokens from top to bottom, the same on both sides.
        left: where lines start; `right` is where they end.
        names: pixels of the labels, on each side.
        brackets: pixels of the brackets A and B, on each side.
        legend: there is a line that names the heads.
        edged: there is a row of what no line stands for.
        width: pixels of the whole picture.
    """

    rows: CellLine
    left: int
    right: int
    names: int
    brackets: int
    legend: bool
    edged: bool
    width: int

    @classmethod
    def fitted(
        cls,
        shown: HeadMap,
        room: QSizeF,
        zoom: float | None,
        offset: int,
        *,
        legend: bool,
        edged: bool,
    ) -> ArcsLayout:
        """The layout in `room`; `zoom` is the pixels of a row enlarged by hand, or None."""
        style = look.current()
        names = min(widest(shown.labels), style.px(LONGEST))
        brackets = far_end(shown) - style.px(PAD)
        side = style.px(PAD) + brackets + names + style.px(GUTTER)
        right = int(room.width()) - side - style.px(VALUE)
        top = style.px(PAD) + style.px(ROW) * (1 + legend)
        below = style.px(PAD) + style.px(ROW) * (1 + edged)
        down = max(int(room.height()) - top - below, 1)
        count = shown.fold.rows
        fitting = min(max(down / count, style.px(LEAST)), style.px(TALLEST))
        length = max(int(count * max(zoom or 0, fitting)), 1)
        rows = CellLine(count, length, top, down, offset)
        right = max(right, side + style.px(NARROWEST))
        return cls(rows, side, right, names, brackets, legend, edged, int(room.width()))

    @property
    def lines(self) -> QRectF:
        """The window in which lines are seen."""
        rows = self.rows
        return QRectF(self.left, rows.start, self.right - self.left, rows.end - rows.start)

    @property
    def usual_length(self) -> float:
        """Pixels of a line between two tokens that were drawn by lot, about."""
        return self.right - self.left + self.rows.length / 3

    @property
    def headings(self) -> float:
        """The top of the line that says which side looks."""
        return self.rows.start - look.current().px(ROW)

    @property
    def edge(self) -> float:
        """The top of the row of what no line stands for."""
        return self.rows.end + look.current().px(2)

    @property
    def note(self) -> float:
        """The top of the row of words about lines that are not drawn."""
        return self.edge + self.edged * look.current().px(ROW)

    @property
    def value_right(self) -> int:
        """Where values end."""
        return self.width - look.current().px(PAD) - self.brackets

    def margins(self, shown: HeadMap) -> tuple[Margin, Margin]:
        """The labels at the left, of those that look, and at the right."""
        gutter = look.current().px(GUTTER)
        near_left, near_right = self.left - gutter, self.right + gutter
        return (
            Margin(shown, self.rows, True, False, near_left - self.names, near_left),
            Margin(
                shown, self.rows, True, False, near_right + self.names, near_right, mirrored=True
            ),
        )

    def strip_of(self, margin: Margin) -> QRectF:
        """All that a margin's labels, leads and marks stand in."""
        inner = self.right if margin.mirrored else self.left
        left, right = sorted((margin.far, inner))
        return QRectF(left, self.rows.start, right - left, self.rows.end - self.rows.start)

    def bracketed(self, margin: Margin) -> Margin:
        """A margin whose far end is where the brackets A and B begin."""
        ends = look.current().px(PAD) + self.brackets, self.value_right
        return replace(margin, far=ends[margin.mirrored])

    def label_at(self, x: float, y: float) -> Cross:
        """The label at a point: a row at the left, a column at the right."""
        token = self.rows.at(y)
        if x < self.left:
            return Cross(row=token)
        return Cross(column=token) if x >= self.right else Cross()
