"""What is painted around the tiles of the mosaic: numbers, frames, marks of silenced heads."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from bertviz_app.core.request import Head
from bertviz_app.ui import look
from bertviz_app.ui.colours import hatch
from bertviz_app.ui.parts.frames import HOVERED, PINNED, framed
from bertviz_app.ui.parts.mosaic_layout import MosaicLayout
from bertviz_app.ui.parts.painting import CENTRE, RIGHT, outline, plain_text


@dataclass(frozen=True, slots=True)
class TileMarks:
    """What is marked.

    Attributes:
        pinned: the head that was kept; `also`, the ones kept beside it.
        silenced: heads that are off.
        hovered: the head that is tried.
        first_number: what layers and heads are counted from.
    """

    pinned: Head = (0, 0)
    also: tuple[Head, ...] = ()
    silenced: tuple[Head, ...] = ()
    hovered: Head | None = None
    first_number: int = 1


def margins() -> tuple[int, int]:
    """Width of the column of layer numbers, and height of the two lines of head numbers."""
    style = look.current()
    return round(look.text_width(style.sans(), "layer")) + style.px(7), style.px(30)


def paint_marks(painter: QPainter, layout: MosaicLayout, offset: QPointF, marks: TileMarks) -> None:
    """Frame the kept and the tried heads, and hatch the silenced ones."""
    ink = look.current().colour("text")
    for head in marks.silenced:
        _silenced(painter, layout.area(head, offset))
    for head in marks.also:
        framed(painter, layout.area(head, offset), ink, HOVERED)
    if marks.hovered is not None and marks.hovered != marks.pinned:
        framed(painter, layout.area(marks.hovered, offset), ink, HOVERED)
    framed(painter, layout.area(marks.pinned, offset), ink, PINNED)


def paint_numbers(
    painter: QPainter, layout: MosaicLayout, offset: QPointF, marks: TileMarks
) -> None:
    """Write the numbers of layers and heads; those of the shown head stand out."""
    style = look.current()
    line, shown = layout.top / 2, marks.hovered or marks.pinned
    painter.setPen(style.colour("muted"))
    plain_text(painter, QRectF(layout.left, 0, style.px(60), line), "head", style.sans())
    numbers = layout.left - style.px(5)
    plain_text(painter, QRectF(0, line, numbers, line), "layer", style.sans(), RIGHT)
    side = layout.tile / layout.ratio
    for number in range(max(layout.layers, layout.heads)):
        text = str(number + marks.first_number)
        for axis, count in ((0, layout.layers), (1, layout.heads)):
            if number >= count:
                continue
            chosen = shown[axis] == number
            painter.setPen(style.colour("text" if chosen else "muted"))
            font = style.mono(bold=chosen)
            tile = layout.area((number, 0) if axis == 0 else (0, number), offset)
            if axis == 0 and tile.bottom() > layout.top:
                area = QRectF(0, tile.top(), numbers, side)
                painter.setClipRect(QRectF(0, layout.top, layout.left, tile.bottom()))
                plain_text(painter, area, text, font, RIGHT)
            elif axis == 1 and tile.right() > layout.left:
                painter.setClipRect(QRectF(layout.left, line, tile.right(), line))
                plain_text(painter, QRectF(tile.left(), line, side, line), text, font, CENTRE)
    painter.setClipping(False)


def _silenced(painter: QPainter, tile: QRectF) -> None:
    size = tile.width() * 0.45
    corner = QPolygonF(
        [tile.topRight() - QPointF(size, 0), tile.topRight(), tile.topRight() + QPointF(0, size)]
    )
    style = look.current()
    painter.save()
    painter.setBrush(style.colour("paper"))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPolygon(corner)
    painter.setBrush(hatch())
    painter.setPen(style.colour("change"))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawPolygon(corner)
    painter.restore()
    outline(painter, tile, style.colour("change"), 1)
