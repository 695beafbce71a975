"""Where everything stands in the picture of Sizes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF

from bertviz_app.ui import look

SUM = 3
"""Panels side by side that make a sum; where there is no room for three rows, one more."""

HEAD, NUMBER, CURVE, FOOT, GAP, ROW = 18, 16, 52, 16, 8, 20
"""Heights: name; number, and curve with it; names of the layers; between two pictures; most of a
token."""

LABELS, GUTTER, LINE, LABELLED, LOW = 88, 12, 14, 400, 420
"""Width left of the pictures with names of tokens and without; height of a name; the width of the
whole from which there are names, and the height up to which there are two rows."""


@dataclass(frozen=True, slots=True)
class SizeCell:
    """A token and a layer, 0 being the embedding."""

    token: int
    layer: int


@dataclass(frozen=True, slots=True)
class SizesLayout:
    """So many panels of `layers` columns and `tokens` rows in a room of pixels.

    Two rows of sums; what follows them stands below, or at their ends where the room is low.
    """

    panels: int
    layers: int
    tokens: int
    room: QSizeF

    @property
    def labelled(self) -> bool:
        """Whether there is room for names of tokens."""
        return self.room.width() >= look.current().px(LABELLED)

    @property
    def low(self) -> bool:
        """Whether there is no room for three rows."""
        return self.room.height() < look.current().px(LOW)

    def slot(self, number: int) -> tuple[int, int]:
        """The row and the column of a panel."""
        row, column = divmod(number, SUM)
        return (number - 2 * SUM, SUM) if self.low and row >= 2 else (row, column)

    def map_area(self, number: int) -> QRectF:
        """Where the picture of a panel is; its curve and its name stand over it."""
        px = look.current().px
        left = px(LABELS if self.labelled else GUTTER)
        columns = SUM + self.low
        width = (self.room.width() - left - px(4) - (columns - 1) * px(GAP)) / columns
        row, column = self.slot(number)
        rows = 2 if self.low else -(-self.panels // SUM)
        around = px(HEAD) + px(CURVE) + px(FOOT) + px(GAP)
        free = self.room.height() / rows - around
        height = max(min(free, self.tokens * px(ROW)), 1.0)
        top = row * (around + height) + px(HEAD) + px(CURVE)
        return QRectF(left + column * (width + px(GAP)), top, max(width, 1.0), height)

    def row_area(self, number: int, token: int) -> QRectF:
        """Where the numbers of one token are in a panel."""
        area = self.map_area(number)
        height = area.height() / self.tokens
        return QRectF(area.left(), area.top() + token * height, area.width(), height)

    def cell_at(self, point: QPointF, token: int) -> SizeCell | None:
        """What is at a point of a picture, or of the curve over it, which is that of `token`."""
        for number in range(self.panels):
            area = self.map_area(number)
            if not area.adjusted(0, -look.current().px(CURVE), 0, 0).contains(point):
                continue
            across = (point.x() - area.left()) / area.width()
            down = (point.y() - area.top()) / area.height()
            at = token if down < 0 else min(int(down * self.tokens), self.tokens - 1)
            return SizeCell(at, min(int(across * self.layers), self.layers - 1))
        return None
