"""Where everything stands in the picture of the lens."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF

from bertviz_app.ui import look

GUTTER, HEAD = 44, 22
"""Width of the names of the layers, height of the heads of the columns."""

NARROWEST, WIDEST = 56, 132
LOWEST, TWO_LINES, HIGHEST = 20, 34, 44
"""Limits of a cell; from `TWO_LINES` on its number stands under its word."""

Spot = tuple[int, int]
"""A column, and a row counted from the embedding, which is at the bottom."""


@dataclass(frozen=True, slots=True)
class LensLayout:
    """Columns and rows in a room of pixels, scrolled by `offset`."""

    columns: int
    rows: int
    room: QSizeF
    offset: QPointF

    @property
    def width(self) -> float:
        """How wide a cell is."""
        px = look.current().px
        free = (self.room.width() - px(GUTTER)) / max(self.columns, 1)
        return min(max(free, px(NARROWEST)), px(WIDEST))

    @property
    def height(self) -> float:
        """How high a cell is."""
        px = look.current().px
        free = (self.room.height() - px(HEAD)) // max(self.rows, 1)
        return min(max(free, px(LOWEST)), px(HIGHEST))

    @property
    def two_lines(self) -> bool:
        """Whether a cell has room for a number under its word."""
        return self.height >= look.current().px(TWO_LINES)

    @property
    def size(self) -> QSizeF:
        """The size of the whole picture."""
        px = look.current().px
        return QSizeF(px(GUTTER) + self.columns * self.width, px(HEAD) + self.rows * self.height)

    @property
    def seen(self) -> range:
        """The columns in sight."""
        first = int(self.offset.x() // self.width)
        beyond = self.offset.x() + self.room.width() - look.current().px(GUTTER)
        return range(max(first, 0), min(int(beyond // self.width) + 1, self.columns))

    def cell(self, spot: Spot) -> QRectF:
        """Where a cell is; a line at its right and its lower edge stays free."""
        px, (column, row) = look.current().px, spot
        left = px(GUTTER) + column * self.width - self.offset.x()
        top = px(HEAD) + (self.rows - 1 - row) * self.height - self.offset.y()
        return QRectF(left, top, self.width - 1, self.height - 1)

    def column(self, column: int) -> QRectF:
        """Where all cells of a column are."""
        return self.cell((column, self.rows - 1)).united(self.cell((column, 0)))

    def spot(self, point: QPointF) -> Spot | None:
        """The cell at a point."""
        px = look.current().px
        x, y = point.x() - px(GUTTER), point.y() - px(HEAD)
        if x < 0 or y < 0:
            return None
        column = int((x + self.offset.x()) // self.width)
        row = self.rows - 1 - int((y + self.offset.y()) // self.height)
        return (column, row) if column < self.columns and row >= 0 else None
