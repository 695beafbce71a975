"""The labels of a head's map: which tokens are named, where, and in which look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from bertviz_app.analysis.fold import FOLDED
from bertviz_app.analysis.heads import HeadMap
from bertviz_app.analysis.labels import placed
from bertviz_app.ui import look
from bertviz_app.ui.parts.map_layout import (
    BRACKET,
    GUTTER,
    LANE_GAP,
    LINE,
    CellLine,
    MapLayout,
    far_end,
    label_room,
    lane_of,
)
from bertviz_app.ui.parts.painting import (
    CENTRE,
    LEFT,
    RIGHT,
    looked_at_mark,
    looks_mark,
    outline,
    plain_text,
)

AROUND = 3
"""Labels on each side of the hovered one, where not all are shown."""

STRONGEST = 5
"""Columns the pinned row has most on, which are named too."""


@dataclass(frozen=True, slots=True)
class Margin:
    """The strip of labels beside the rows, or above the columns.

    Attributes:
        shown: the map.
        line: the cells the labels stand at.
        rows: these are the rows, so labels stand to the left and what is pinned is the query.
        turned: labels are read from below.
        mirrored: the cells stand as rows, but they are looked at: labels stand to their right.
        lanes: labels stand in turn in so many lanes, the first of them nearest to the cells.
        far: where the longest label may begin.
        near: where labels end and the gutter begins.
    """

    shown: HeadMap
    line: CellLine
    rows: bool
    turned: bool
    far: int
    near: int
    mirrored: bool = False
    lanes: int = 1

    @classmethod
    def both(cls, shown: HeadMap, layout: MapLayout) -> tuple[Margin, Margin]:
        """The margin of the rows and that of the columns."""
        gutter, far = look.current().px(GUTTER), far_end(shown)
        left, top = layout.columns.start - gutter, layout.rows.start - gutter
        return (
            cls(shown, layout.rows, True, False, far, left, lanes=layout.lanes),
            cls(shown, layout.columns, False, layout.turned, far, top, lanes=layout.lanes),
        )

    @property
    def role(self) -> str:
        """The colour of what is pinned here."""
        return "query" if self.rows and not self.mirrored else "key"

    @property
    def align(self) -> Qt.AlignmentFlag:
        """Where a label leans: towards the gutter, or over its column."""
        if self.rows:
            return LEFT if self.mirrored else RIGHT
        return LEFT if self.turned else CENTRE

    @property
    def outwards(self) -> int:
        """The direction in which the labels stand from the cells, 1 or -1."""
        return 1 if self.mirrored else -1

    @contextmanager
    def slot(
        self, painter: QPainter, middle: float, lines: int = 1, lane: int = 0
    ) -> Iterator[QRectF]:
        """The room for labels around a pixel of the line; the painter is turned to write there."""
        line = look.current().px(LINE)
        high, depth = lines * line + 2, abs(self.near - self.far)
        near = self.near + self.outwards * lane * lane_of(self.shown)
        if self.lanes > 1:
            depth = label_room(self.shown)
        if self.rows:
            yield QRectF(min(near + self.outwards * depth, near), middle - high / 2, depth, high)
        elif self.turned:
            painter.save()
            painter.translate(middle, near)
            painter.rotate(-90)
            yield QRectF(0, -high / 2, depth, high)
            painter.restore()
        else:
            cell = self.line.cell
            yield QRectF(middle - lines * cell / 2, self.near - line - 2, lines * cell, line + 2)


def label_places(margin: Margin, first: Iterable[int]) -> dict[int, float]:
    """Which cells are named, those in `first` before others, and at which pixel of the line."""
    line = margin.line
    shift = line.start - line.offset
    places = placed(line.cells, line.length, look.current().px(LINE) / margin.lanes, first)
    return {
        cell: middle + shift
        for cell, middle in places.items()
        if line.start <= middle + shift <= line.end
    }


def paint_labels(
    painter: QPainter, margin: Margin, places: dict[int, float], pinned: int | None
) -> None:
    """Write the labels; the pinned one and its cell are marked."""
    line = margin.line
    for cell, place in places.items():
        lane = cell % margin.lanes
        if abs(place - line.middle(cell)) > 1 or lane:
            _lead(painter, margin, place, line.middle(cell), lane)
        with margin.slot(painter, place, lane=lane) as area:
            _write(painter, margin, area, cell, bold=cell == pinned)
    if pinned is not None and line.start <= line.middle(pinned) <= line.end:
        _mark(painter, margin, line.middle(pinned))


def paint_lens(painter: QPainter, margin: Margin, places: dict[int, float], cell: int) -> None:
    """Name the cell under the mouse, and its neighbours where not all have a label.

    The labels that would show half from under it are wiped out.
    """
    style, line = look.current(), margin.line
    high = style.px(LINE)
    around, lane = 0 if line.cell * margin.lanes >= high else AROUND, cell % margin.lanes
    cells = range(max(cell - around, 0), min(cell + around + 1, line.cells))
    middle = line.middle(cell) + (cells.start + cells.stop - 1 - 2 * cell) / 2 * high
    for other, place in places.items():
        covered = abs(place - middle) < (len(cells) + 1) / 2 * high
        if covered and other % margin.lanes == lane:
            with margin.slot(painter, place, lane=lane) as area:
                painter.fillRect(area.adjusted(-3, -1, 3, 1), style.colour("chrome"))
    with margin.slot(painter, middle, len(cells), lane) as area:
        for number, other in enumerate(cells):
            row = QRectF(area.left(), area.top() + number * high, area.width(), high + 2)
            _write(painter, margin, row, other, bold=other == cell)


def paint_brackets(painter: QPainter, margin: Margin) -> None:
    """Say which cells belong to sentence A (a single line) and which to B (a double one)."""
    style, line, shown = look.current(), margin.line, margin.shown
    sentences = shown.encoding.sentences
    for number, (letter, role) in enumerate((("A", "sentence_a"), ("B", "sentence_b"))):
        cells = [at for at, token in enumerate(shown.fold.kept) if sentences[token] == number]
        if not cells or 1 not in sentences:
            continue
        first = max(line.span(cells[0])[0], line.start)
        last = min(line.span(cells[-1])[1], line.end) - 1
        if last - first < style.px(LINE):
            continue
        painter.setPen(style.colour(role))
        for inset in (5, 6) if number == 0 else (4, 7):
            place = margin.far + margin.outwards * inset
            ends = QPointF(place, first), QPointF(place, last)
            painter.drawLine(*(end if margin.rows else end.transposed() for end in ends))
        high = style.px(BRACKET)
        wide = high - 6
        left = margin.far + 8 if margin.mirrored else margin.far - 8 - wide
        area = QRectF(left, (first + last - high) / 2, wide, high)
        painter.setPen(style.colour("muted"))
        box = area if margin.rows else QRectF(area.top(), area.left(), area.height(), area.width())
        plain_text(painter, box, letter, style.sans(), CENTRE)


def paint_edge_label(painter: QPainter, margin: Margin, layout: MapLayout) -> None:
    """Say what is folded, above the edge column."""
    style, names = look.current(), margin.shown.edge_labels
    if not names:
        return
    painter.setPen(style.colour("muted"))
    middle = layout.edge_area.center().x()
    if margin.turned:
        with replace(margin, lanes=1).slot(painter, middle) as area:
            plain_text(painter, area, "+".join(names), style.mono(), LEFT)
        return
    high, wide = style.px(LINE), layout.edge[1] + style.px(12)
    for number, name in enumerate(reversed(names)):
        text = name if number == 0 else f"{name}+"
        top = margin.near - (number + 1) * high - 2
        area = QRectF(middle - wide / 2, top, wide, high + 2)
        plain_text(painter, area, text, style.mono(), CENTRE)


def _write(painter: QPainter, margin: Margin, area: QRectF, cell: int, *, bold: bool) -> None:
    style, shown = look.current(), margin.shown
    token, text = shown.fold.kept[cell], shown.labels[cell]
    font = style.mono(bold=bold)
    if token in shown.encoding.masks:
        wide = min(look.text_width(font, text) + 1, area.width())
        left = {RIGHT: area.right() - wide, LEFT: area.left()}.get(
            margin.align, area.center().x() - wide / 2
        )
        chip = QRectF(left - 2, area.top() + 1, wide + 4, area.height() - 2)  # off its neighbours
        painter.fillRect(chip, style.colour("mask_fill"))
        outline(painter, chip, style.colour("mask_edge"), 1, Qt.PenStyle.DashLine)
        painter.setPen(style.colour("mask_text"))
    elif bold:
        painter.setPen(style.colour(margin.role))
    else:
        ends = shown.encoding.tokens[token] in FOLDED
        painter.setPen(style.colour("muted" if ends else "text"))
    plain_text(painter, area, text, font, margin.align)


def _lead(painter: QPainter, margin: Margin, label: float, cell: float, lane: int) -> None:
    """A line to its cell from a label that was moved aside, or stands behind other labels."""
    style = look.current()
    near, inwards = margin.near, -margin.outwards
    ends = [QPointF(near + inwards, label), QPointF(near + inwards * (style.px(GUTTER) - 2), cell)]
    if lane:
        behind = lane * lane_of(margin.shown) - style.px(LANE_GAP) / 2
        ends.insert(0, QPointF(near - inwards * behind, label))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(style.colour("hairline" if lane else "muted"))
    painter.drawPolyline([end if margin.rows else end.transposed() for end in ends])
    painter.restore()


def _mark(painter: QPainter, margin: Margin, middle: float) -> None:
    style = look.current()
    across = margin.near - margin.outwards * (style.px(GUTTER) - style.px(6))
    if margin.mirrored:
        looked_at_mark(painter, QPointF(across, middle), style.px(7), style.colour("key"))
    elif margin.rows:
        looks_mark(painter, QPointF(across, middle), style.px(7), style.colour("query"))
    else:
        looked_at_mark(painter, QPointF(middle, across), style.px(7), style.colour("key"))
