"""What is painted around the tiles of the mosaic: numbers, frames, marks of silenced heads."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from bertviz_app.analysis.heads import existing
from bertviz_app.core.request import Head
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.trace import Trace
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


def marks_of(snapshot: Snapshot, trace: Trace) -> TileMarks:
    """What of the heads of a run is kept, tried and silenced."""
    state, preview = snapshot.state, snapshot.preview
    there = {
        (layer, head) for layer in range(trace.spec.layers) for head in range(trace.spec.heads)
    }
    hovered = None
    if preview is not None and preview.layer is not None:
        hovered = existing(snapshot.head, trace.spec)
    return TileMarks(
        pinned=existing(replace(snapshot, preview=None).head, trace.spec),
        also=tuple(head for head in state.selection.also if head in there),
        silenced=tuple(head for head in state.interventions.heads_off if head in there),
        hovered=hovered,
        first_number=snapshot.options.first_number,
    )


def margins() -> tuple[int, int]:
    """Width of the column of layer numbers, and height of the two lines of head numbers."""
    style = look.current()
    return round(look.text_width(style.sans(), "layer")) + style.px(7), style.px(30)


def paint_marks(painter: QPainter, layout: MosaicLayout, offset: QPointF, marks: TileMarks) -> None:
    """Frame the kept and the tried heads, and hatch the silenced ones."""
    for head in marks.silenced:
        _silenced(painter, layout.area(head, offset))
    paint_frames(painter, layout, offset, marks)


def paint_frames(
    painter: QPainter, layout: MosaicLayout, offset: QPointF, marks: TileMarks
) -> None:
    """Frame the kept and the tried heads."""
    ink = look.current().colour("text")
    for head in marks.also:
        framed(painter, layout.area(head, offset), ink, HOVERED)
    if marks.hovered is not None and marks.hovered != marks.pinned:
        framed(painter, layout.area(marks.hovered, offset), ink, HOVERED)
    framed(painter, layout.area(marks.pinned, offset), ink, PINNED)


def paint_numbers(
    painter: QPainter, layout: MosaicLayout, offset: QPointF, marks: TileMarks
) -> None:
    """Write the numbers of layers and heads, or ranks; those of the shown head stand out.

    Where there is no room for all of them, every second, third ... is written.
    """
    style, line = look.current(), layout.top / 2
    row, column = layout.place(marks.hovered or marks.pinned)
    over, beside = _headings(layout)
    numbers = layout.left - style.px(5)
    painter.setPen(style.colour("muted"))
    plain_text(painter, QRectF(layout.left, 0, style.px(160), line), over, style.sans())
    plain_text(painter, QRectF(0, line, numbers, line), beside, style.sans(), RIGHT)
    rows = [layout.area_at((number, 0), offset) for number in range(layout.layers)]
    columns = [layout.area_at((0, number), offset) for number in range(layout.heads)]
    painter.setClipRect(QRectF(0, layout.top, layout.left, rows[-1].bottom()))
    places = [QRectF(0, tile.top(), numbers, tile.height()) for tile in rows]
    _write_numbers(painter, places, _row_numbers(layout, marks.first_number), row, RIGHT)
    painter.setClipRect(QRectF(layout.left, line, columns[-1].right(), line))
    places = [QRectF(tile.left(), line, tile.width(), line) for tile in columns]
    _write_numbers(painter, places, _column_numbers(layout, marks.first_number), column, CENTRE)
    painter.setClipping(False)


def _headings(layout: MosaicLayout) -> tuple[str, str]:
    """What the numbers over the columns and beside the rows count."""
    if layout.order is None:
        return "head", "layer"
    return ("rank in its layer", "layer") if layout.order.within_layers else ("most first", "rank")


def _row_numbers(layout: MosaicLayout, first: int) -> list[int]:
    ranked = layout.order is not None and not layout.order.within_layers
    return [row * layout.heads + 1 if ranked else row + first for row in range(layout.layers)]


def _column_numbers(layout: MosaicLayout, first: int) -> list[int]:
    """Nothing where all heads stand in one order: their ranks go on from row to row."""
    if layout.order is not None and not layout.order.within_layers:
        return []
    return [column + (first if layout.order is None else 1) for column in range(layout.heads)]


def _write_numbers(
    painter: QPainter,
    places: list[QRectF],
    numbers: list[int],
    shown: int,
    align: Qt.AlignmentFlag,
) -> None:
    if not numbers:
        return
    style, flags = look.current(), int(align)
    pitch = places[0].width() + 1 if align == CENTRE else places[0].height() + 1
    widest = look.text_width(style.mono(bold=True), str(numbers[-1])) + style.px(2)
    step = math.ceil((widest if align == CENTRE else style.px(13)) / pitch)
    for at in with_room(len(numbers), shown, step):
        painter.setFont(style.mono(bold=at == shown))
        painter.setPen(style.colour("text" if at == shown else "muted"))
        painter.drawText(places[at], flags, str(numbers[at]))


def with_room(count: int, shown: int, step: int) -> list[int]:
    """Which of so many numbers are written where only every `step`th has room: the shown one too.

    None stands nearer to the shown one than `step`.
    """
    return [
        at for at in range(count) if at == shown or (at % step == 0 and abs(at - shown) >= step)
    ]


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
