"""Where the tiles of the mosaic stand: square, as large as there is room, 24 to 96 pixels."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from bertviz_app.analysis.head_order import HeadOrder
from bertviz_app.core.request import Head

LEAST, MOST = 24, 96
"""Pixels of a tile; below the least the mosaic scrolls."""

FRAME = 4
"""Pixels kept free for the frame of the last tile."""


@dataclass(frozen=True, slots=True)
class MosaicLayout:
    """L rows of H tiles, in device pixels; rectangles are in device-independent ones.

    Attributes:
        layers: rows of tiles; `heads`, tiles in each.
        tile: side of a tile; `gap`, what is left free after it.
        left: width of the column of layer numbers, in device-independent pixels.
        top: height of the row of head numbers, the same.
        ratio: device pixels in a device-independent one.
        order: which head has which tile; None is as in the model.
    """

    layers: int
    heads: int
    tile: int
    gap: int
    left: int
    top: int
    ratio: float = 1.0
    order: HeadOrder | None = None

    @classmethod
    def fitted(
        cls,
        shape: tuple[int, int],
        room: tuple[float, float],
        margins: tuple[int, int],
        ratio: float = 1.0,
        order: HeadOrder | None = None,
        least: int = LEAST,
    ) -> MosaicLayout:
        """The layout of `shape` (L, H) in `room` (width, height) with `margins` (left, top)."""
        layers, heads = shape
        side = min((room[0] - margins[0] - FRAME) / heads, (room[1] - margins[1] - FRAME) / layers)
        pitch = int(side * ratio)
        gap = max(round(ratio), min(round(4 * ratio), pitch // 18))
        tile = min(max(pitch - gap, round(least * ratio)), round(MOST * ratio))
        return cls(layers, heads, tile, gap, *margins, ratio, order)

    @property
    def pitch(self) -> int:
        """Device pixels from one tile to the next."""
        return self.tile + self.gap

    @property
    def width(self) -> float:
        """How wide all tiles are, without the margin."""
        return self.heads * self.pitch / self.ratio + FRAME

    @property
    def height(self) -> float:
        """How high all tiles are, without the margin."""
        return self.layers * self.pitch / self.ratio + FRAME

    def area(self, head: Head, offset: QPointF) -> QRectF:
        """The rectangle of a head's tile while the mosaic is scrolled by `offset`."""
        return self.area_at(self.place(head), offset)

    def area_at(self, place: Head, offset: QPointF) -> QRectF:
        """The rectangle of the tile at a place (row, column)."""
        side = self.tile / self.ratio
        x = self.left + place[1] * self.pitch / self.ratio - offset.x()
        y = self.top + place[0] * self.pitch / self.ratio - offset.y()
        return QRectF(x, y, side, side)

    def place(self, head: Head) -> Head:
        """The place (row, column) of a head's tile."""
        return head if self.order is None else self.order.place(head)

    def head(self, place: Head) -> Head:
        """The head whose tile is at a place (row, column)."""
        return place if self.order is None else self.order.head(place)

    def head_at(self, point: QPointF, offset: QPointF) -> Head | None:
        """The head at a point of the viewport; the gap after a tile belongs to it."""
        if point.x() < self.left or point.y() < self.top:
            return None
        across = (point.x() - self.left + offset.x()) * self.ratio
        down = (point.y() - self.top + offset.y()) * self.ratio
        place = int(down // self.pitch), int(across // self.pitch)
        there = place[0] < self.layers and place[1] < self.heads
        return self.head(place) if there else None
