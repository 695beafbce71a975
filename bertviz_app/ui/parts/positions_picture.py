"""The picture of the positions: two tables, and below each how alike its rows are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from bertviz_app.analysis.raster import Colouring, coloured
from bertviz_app.core.questions.positions import PositionTables
from bertviz_app.core.state import Scale
from bertviz_app.core.trace import Array
from bertviz_app.ui import look
from bertviz_app.ui.colours import image_of, signed_table
from bertviz_app.ui.parts.painting import (
    focus_ring,
    looked_at_mark,
    looks_mark,
    outline,
    plain_text,
)

HEAD, GUTTER, GAP, LINE, SIGN = 18, 12, 8, 18, 8
"""Pixels: words over a picture, room for marks left of it, between two, a line of words, and room
for the mark of a column, which only the cosines have."""

SHARE = 0.42
"""The part of the height that the tables have; the cosines are square and have the rest."""

HEADINGS = ("learned", "sinusoidal, −1 to +1", *("cosines, −1 to +1",) * 2)

PATIENCE = 0.008
"""Seconds after which no further image is made for this paint."""

STEPS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PositionCell:
    """A number: of two positions, or of a position and a dimension if it is in a table."""

    row: int
    column: int
    in_table: bool


@dataclass(frozen=True, eq=False)
class PositionMarks:
    """What is marked: two positions, some dimensions, and how many positions the text has."""

    pair: Pair = (0, 0)
    dimensions: tuple[int, ...] = ()
    tokens: int = 0


class PositionsPicture(QWidget):
    """Learned at the left, sinusoidal at the right; the tables above, their cosines below.

    Signals:
        tried(PositionCell | None): the mouse is over another number.
        paired(int, int): these two positions were chosen.
        toggled(int): this dimension was chosen, or let go.
    """

    tried = Signal(object)
    paired = Signal(int, int)
    toggled = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Positions, learned and sinusoidal")
        self._arrays: tuple[Array, ...] = ()
        self._full = 1.0
        self._marks = PositionMarks()
        self._lines: tuple[str, ...] = ()
        self._spot: PositionCell | None = None
        self._images: list[QImage] = []
        self._made_of: tuple[object, ...] = ()

    def show_tables(
        self, tables: PositionTables, full: float, marks: PositionMarks, lines: Sequence[str]
    ) -> None:
        """Show the tables, the learned one with full colour at `full`, with `lines` below them."""
        self._arrays = (
            tables.learned,
            tables.sinusoidal,
            tables.learned_cosines,
            tables.sinusoidal_cosines,
        )
        self._full, self._marks, self._lines = full, marks, tuple(lines)
        self.update()

    def forget(self) -> None:
        """Draw nothing."""
        self._arrays, self._images, self._made_of = (), [], ()
        self._spot = None

    def area(self, number: int) -> QRectF:
        """Where a picture is: 0 and 1 the tables, 2 and 3 the cosines.

        Those of a table stand under it, or all in a row where the pane is wide and low.
        """
        px = look.current().px
        wide, high, column = self.width(), self._high, number % 2
        in_row = high - px(HEAD)
        tables = (wide - 2 * in_row - 3 * px(GAP)) / 2 - 2 * px(GUTTER)
        if tables > in_row > 0:
            left, width = column * (tables + px(GUTTER + GAP)), tables
            if number >= 2:
                left = 2 * (tables + px(GUTTER + GAP)) + column * (in_row + px(GUTTER + GAP))
                return self._below_mark(QRectF(left + px(GUTTER), px(HEAD), in_row, in_row))
            return QRectF(left + px(GUTTER), px(HEAD), width, in_row)
        half, free = (wide - px(GAP)) / 2, high - 2 * px(HEAD) - px(GAP)
        left, above = column * (half + px(GAP)) + px(GUTTER), max(free * SHARE, 1)
        if number < 2:
            return QRectF(left, px(HEAD), max(half - px(GUTTER), 1), above)
        side = max(min(free - above, half - px(GUTTER)), 1)
        return self._below_mark(QRectF(left, 2 * px(HEAD) + above + px(GAP), side, side))

    @staticmethod
    def _below_mark(area: QRectF) -> QRectF:
        """What of a square is left where the mark of a column stands over it."""
        mark = min(look.current().px(SIGN), area.height() - 1)
        return area.adjusted(0, mark, -mark, 0)

    @property
    def _high(self) -> float:
        """The height that the lines below leave."""
        px = look.current().px
        return self.height() - px(LINE) * len(self._lines) - px(GAP)

    def spot_at(self, point: QPointF) -> PositionCell | None:
        """The number at a point."""
        for number, array in enumerate(self._arrays):
            area = self.area(number)
            if area.contains(point):
                rows, columns = array.shape
                row = int((point.y() - area.top()) / area.height() * rows)
                column = int((point.x() - area.left()) / area.width() * columns)
                return PositionCell(min(row, rows - 1), min(column, columns - 1), number < 2)
        return None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._try(self.spot_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._try(None)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._try(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        spot = self.spot_at(event.position())
        if spot is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        if spot.in_table:
            self.toggled.emit(spot.column)
        else:
            self.paired.emit(spot.row, spot.column)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step, (row, column) = STEPS.get(Qt.Key(event.key())), self._marks.pair
        last = len(self._arrays[0]) - 1 if self._arrays else 0
        if step is not None:
            row, column = row + step[0], column + step[1]
            self.paired.emit(min(max(row, 0), last), min(max(column, 0), last))
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.paired.emit(0 if event.key() == Qt.Key.Key_Home else last, column)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._make_images()
        style, painter = look.current(), QPainter(self)
        for number in range(len(self._arrays)):
            area = self.area(number)
            top = area.top() - style.px(HEAD if number < 2 else HEAD + SIGN)
            above = QRectF(area.left(), top, area.width(), style.px(HEAD))
            painter.setPen(style.colour("text" if number < 2 else "muted"))
            plain_text(painter, above, HEADINGS[number], style.sans(bold=number < 2))
            if number < len(self._images):
                painter.drawImage(area, self._images[number])
            self._paint_marks(painter, number, area)
        self._paint_lines(painter)
        painter.end()
        if self.hasFocus():
            focus_ring(self)

    def _make_images(self) -> None:
        """Make the images that are missing; those that would take too long, for the next paint."""
        arrays = tuple(map(id, self._arrays))
        made_of = (look.current(), self.size(), self._full, len(self._lines), arrays)
        if made_of != self._made_of:
            self._made_of, self._images = made_of, []
        start = perf_counter()
        while len(self._images) < len(self._arrays):
            if perf_counter() - start > PATIENCE:
                self.update()
                return
            self._images.append(self._image(len(self._images)))

    def _image(self, number: int) -> QImage:
        values, ratio, area = self._arrays[number], self.devicePixelRatioF(), self.area(number)
        full = np.full((1, 1), self._full if number == 0 else 1, np.float32)
        colouring = Colouring(Scale.LINEAR, signed_table(look.current().theme), signed=True)
        height, width = (max(round(side * ratio), 1) for side in (area.height(), area.width()))
        return image_of(coloured(values, height, width, colouring, full))

    def _paint_marks(self, painter: QPainter, number: int, area: QRectF) -> None:
        style, marks = look.current(), self._marks
        rows, columns = self._arrays[number].shape
        outline(painter, area.adjusted(-1, -1, 1, 1), style.colour("hairline"), 1)
        used = QRectF(area.left() - style.px(3), area.top(), style.px(2), 0)
        used.setHeight(area.height() * min(marks.tokens, rows) / rows)
        painter.fillRect(used, style.colour("muted"))
        query, key = style.colour("query"), style.colour("key")
        row, other = (area.top() + area.height() * (at + 0.5) / rows for at in marks.pair)
        left = area.left() - style.px(8)
        looks_mark(painter, QPointF(left, row), style.px(7), query)
        if number < 2:
            looked_at_mark(painter, QPointF(left, other), style.px(7), key)
            self._paint_dimensions(painter, area, columns)
            return
        across = area.left() + area.width() * (marks.pair[1] + 0.5) / columns
        top = QPointF(across, area.top() - style.px(4))
        looked_at_mark(painter, top, style.px(7), key)
        box = QRectF(across - style.px(4), row - style.px(4), style.px(8), style.px(8))
        outline(painter, box.adjusted(-1, -1, 1, 1), style.colour("paper"), 1)
        outline(painter, box, style.colour("text"), 2)

    def _paint_dimensions(self, painter: QPainter, area: QRectF, columns: int) -> None:
        """A tick in the colour of its curve under each chosen dimension."""
        style = look.current()
        for number, dimension in enumerate(self._marks.dimensions):
            x = area.left() + area.width() * (dimension + 0.5) / columns
            tick = QRectF(x - style.px(1), area.bottom() + 1, style.px(2), style.px(6))
            painter.fillRect(tick, curve_colour(number))

    def _paint_lines(self, painter: QPainter) -> None:
        style = look.current()
        painter.setPen(style.colour("muted"))
        line = QRectF(0, self.height(), self.width(), style.px(LINE))
        line.moveTop(self.height() - style.px(LINE) * len(self._lines))
        for words in self._lines:
            plain_text(painter, line, words, style.sans())
            line.translate(0, line.height())

    def _try(self, spot: PositionCell | None) -> None:
        if spot != self._spot:
            self._spot = spot
            self.tried.emit(spot)


def curve_colour(number: int) -> QColor:
    """The colour of the first, second … curve; from the fifth on they come again."""
    colours = look.current().theme.arcs
    return QColor(colours[number % len(colours)])
