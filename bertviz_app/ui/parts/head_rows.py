"""The rows of the table of heads: a row a head, a number a measure, the chosen one tinted."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter

from bertviz_app.analysis.head_table import HeadTable
from bertviz_app.analysis.measures import NAMES, Measure
from bertviz_app.core.changes import head_name
from bertviz_app.core.request import Head
from bertviz_app.ui import look
from bertviz_app.ui.colours import readable_on
from bertviz_app.ui.parts.canvas import is_plain
from bertviz_app.ui.parts.head_columns import LABEL, HeadColumns
from bertviz_app.ui.parts.head_grid import HeadValues
from bertviz_app.ui.parts.measure_words import NONE, head_in_words, written
from bertviz_app.ui.parts.painting import RIGHT, hover_tint, outline, plain_text
from bertviz_app.ui.parts.row_list import Row, RowList, RowPainter

HEIGHT = 20


@dataclass(frozen=True, slots=True)
class HeadRow:
    """One head of a table; `measure` is the one that is spoken of."""

    table: HeadTable
    head: Head
    measure: Measure
    first_number: int

    choosable = True

    @property
    def spoken(self) -> str:
        """The readout of this head."""
        return head_in_words(self.table, self.head, self.measure, self.first_number)

    def number(self, measure: Measure) -> str:
        """What stands in the column of a measure."""
        value = float(self.table.of(measure)[self.head])
        if measure.name in self.table.nothing:
            return NONE
        if value != value:
            return "NaN"
        words = written(measure, value, signed=self.table.signed)
        if measure == self.measure and self.table.spread is not None:
            spread = float(self.table.spread[NAMES.index(measure.name)][self.head])
            words += f" ± {written(measure, spread)}"
        return words


def values_of(table: HeadTable, measure: Measure) -> HeadValues:
    """One measure of all heads, as it is tinted; without numbers if there is nothing of it."""
    values: dict[Head, float] = {}
    if measure.name not in table.nothing:
        for layer, row in enumerate(table.of(measure).tolist()):
            values |= {(layer, head): value for head, value in enumerate(row)}
    return HeadValues(table.shape, values, table.full(measure), table.signed)


class HeadRowPainter(RowPainter):
    """Paints the name of a head and its numbers.

    Attributes:
        pinned: the head that is kept; `lit`, the one that is tried somewhere.
        tints: the chosen measure of all heads.
    """

    def __init__(self) -> None:
        super().__init__()
        self.pinned: Head | None = None
        self.lit: Head | None = None
        self.tints = HeadValues()

    def row_height(self, row: Row) -> int:
        return look.current().px(HEIGHT)

    def paint_row(self, painter: QPainter, area: QRect, row: Row, *, hovered: bool) -> None:
        if not isinstance(row, HeadRow):
            return
        style, box = look.current(), QRectF(area)
        columns = HeadColumns.of(row.table, row.measure, area.width())
        if hovered or row.head == self.lit:
            painter.fillRect(box, hover_tint())
        pinned = row.head == self.pinned
        name = QRectF(box.left() + style.px(6), box.top(), style.px(LABEL - 6), box.height())
        painter.setPen(style.colour("text"))
        words = head_name(*row.head, row.first_number)
        plain_text(painter, name, words, style.mono(bold=pinned))
        painter.setFont(style.mono())
        for measure in columns.measures:
            self._paint_number(painter, columns.area(measure, box), row, measure)
        if pinned:
            outline(painter, box, style.colour("text"), 2)

    def _paint_number(
        self, painter: QPainter, area: QRectF, row: HeadRow, measure: Measure
    ) -> None:
        style, words = look.current(), row.number(measure)
        painter.setPen(style.colour("muted"))
        if measure == row.measure and words != NONE:
            ground = self.tints.colour(row.head)
            painter.fillRect(area, ground)
            painter.setPen(readable_on(ground))
        # Columns are as wide as the widest number: there is nothing to shorten.
        painter.drawText(area.adjusted(0, 0, -style.px(2), 0), int(RIGHT), words)


class HeadList(RowList):
    """The rows; ← and → go to the measure beside.

    Signals:
        stepped(int): the measure so many columns on is wanted.
    """

    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if is_plain(event) and Qt.Key(event.key()) in steps:
            self.stepped.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)
