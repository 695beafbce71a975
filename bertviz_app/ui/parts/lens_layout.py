"""Where everything stands in the picture of the lens."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF

from bertviz_app.ui import look

GUTTER, HEAD = 44, 22
"""Width of the names of the layers, height of the heads of the columns."""

NARROWEST, WIDEST = 64, 132
LOWEST, TWO_LINES, HIGHEST = 20, 34, 44
"""Limits of a cell; from `TWO_LINES` on its number stands under its word."""

Spot = tuple[int, int]
"""A column, and a row counted from the embedding, which is at the bottom."""


@dataclass(frozen=True, slots=True)
class LensLayout:
    """Cells of `width` × `height` in a room of pixels, scrolled by `offset`.

    Left of them is a `gutter` with the names of the layers, above them the `head`s of columns.
    """

    columns: int
    rows: int
    room: QSizeF
    offset: QPointF
    width: float
    height: float
    gutter: int
    head: int

    @classmethod
    def fitted(cls, columns: int, rows: int, room: QSizeF, offset: QPointF) -> LensLayout:
        """The cells that fill a room, as far as their limits allow."""
        px = look.current().px
        wide = (room.width() - px(GUTTER)) / max(columns, 1)
        high = (room.height() - px(HEAD)) // max(rows, 1)
        width = min(max(wide, px(NARROWEST)), px(WIDEST))
        height = min(max(high, px(LOWEST)), px(HIGHEST))
        return cls(columns, rows, room, offset, width, height, px(GUTTER), px(HEAD))

    @property
    def two_lines(self) -> bool:
        """Whether a cell has room for a number under its word."""
        return self.height >= look.current().px(TWO_LINES)

    @property
    def size(self) -> QSizeF:
        """The size of the whole picture."""
        width = self.gutter + self.columns * self.width
        return QSizeF(width, self.head + self.rows * self.height)

    @property
    def seen(self) -> range:
        """The columns in sight."""
        first = int(self.offset.x() // self.width)
        beyond = self.offset.x() + self.room.width() - self.gutter
        return range(max(first, 0), min(int(beyond // self.width) + 1, self.columns))

    def cell(self, spot: Spot) -> QRectF:
        """Where a cell is; a line at its right and its lower edge stays free."""
        column, row = spot
        left = self.gutter + column * self.width - self.offset.x()
        top = self.head + (self.rows - 1 - row) * self.height - self.offset.y()
        return QRectF(left, top, self.width - 1, self.height - 1)

    def column(self, column: int) -> QRectF:
        """Where all cells of a column are."""
        return self.cell((column, self.rows - 1)).united(self.cell((column, 0)))

    def spot(self, point: QPointF) -> Spot | None:
        """The cell at a point."""
        x, y = point.x() - self.gutter, point.y() - self.head
        if x < 0 or y < 0:
            return None
        column = int((x + self.offset.x()) // self.width)
        row = self.rows - 1 - int((y + self.offset.y()) // self.height)
        return (column, row) if column < self.columns and row >= 0 else None
