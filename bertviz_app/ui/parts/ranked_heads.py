"""The table of heads: sorted by the measure whose name is clicked."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bertviz_app.analysis.head_table import HeadTable
from bertviz_app.analysis.measures import NAMES, Measure
from bertviz_app.core.request import Head
from bertviz_app.ui import look
from bertviz_app.ui.parts.head_columns import LABEL, HeadColumns
from bertviz_app.ui.parts.head_grid import HeadValues
from bertviz_app.ui.parts.head_rows import HeadList, HeadRow, HeadRowPainter
from bertviz_app.ui.parts.mosaic_marks import TileMarks
from bertviz_app.ui.parts.painting import plain_text


class Order(Enum):
    """How the heads are sorted; the value is the sign beside the measure."""

    MOST = "▾"
    LEAST = "▴"
    MODEL = ""


class RankedHeads(QWidget):
    """The rows under the names of their columns.

    Attributes:
        measure: what the heads are sorted and tinted by.
        order: most first, least first, or as in the model.

    Signals:
        turned(): another measure or order was chosen.
        kept(Head, bool): a head was clicked; True with Ctrl.
        tried(Head | None): the mouse is over another row, or over none.
        read(Measure | None): the mouse is over the name of a measure, or over none.
        menu_wanted(Head, QPoint): the menu of a head was asked for, at a point of the screen.
    """

    turned = Signal()
    kept = Signal(object, bool)
    tried = Signal(object)
    read = Signal(object)
    menu_wanted = Signal(object, QPoint)

    def __init__(self, measure: Measure, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.measure = measure
        self.order = Order.MOST
        self._table: HeadTable | None = None
        self._source: tuple[object, ...] = ()
        self._rows: tuple[HeadRow, ...] = ()
        self._painter = HeadRowPainter()
        self._list = HeadList(self._painter, self)
        self._list.setUniformItemSizes(True)
        self._list.setAccessibleName("Heads and their measures")
        self._list.kept.connect(self._on_kept)
        self._list.tried.connect(self._on_tried)
        self._list.menu_wanted.connect(self._on_menu_wanted)
        self._list.stepped.connect(self._on_stepped)
        self._names = MeasureNames(self._list, self)
        self._names.chosen.connect(self.choose)
        self._names.tried.connect(self.read)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._names)
        column.addWidget(self._list, 1)
        self.setFocusProxy(self._list)

    @property
    def rows(self) -> tuple[HeadRow, ...]:
        """The rows in their order."""
        return self._rows

    def show_table(self, table: HeadTable, tints: HeadValues, marks: TileMarks) -> None:
        """Show a table, its chosen measure as it is tinted, and which heads are marked."""
        self._table = table
        source = (table, self.measure, self.order, marks.first_number)
        resorted = source[1:] != self._source[1:]
        if source != self._source:
            self._source = source
            self._rows = tuple(
                HeadRow(table, head, self.measure, marks.first_number)
                for head in self._heads(table)
            )
        painter, bar = self._painter, self._list.verticalScrollBar()
        moved, scrolled = marks.pinned != painter.pinned, bar.value()
        painter.pinned, painter.lit, painter.tints = marks.pinned, marks.hovered, tints
        at = next((at for at, row in enumerate(self._rows) if row.head == marks.pinned), -1)
        self._list.show_rows(self._rows, at)  # which scrolls to the pinned row
        if resorted or not moved:
            bar.setValue(0 if resorted else scrolled)
        self._names.show_names(table, self.measure, self.order.value)

    def forget(self) -> None:
        """Show nothing, and try nothing."""
        if self._list.hovered >= 0:
            self.tried.emit(None)
        self._table, self._source, self._rows = None, (), ()
        self._list.show_rows(())
        self._names.forget()

    @Slot(object)
    def choose(self, measure: Measure | None) -> None:
        """Sort by a measure, most first, the second time least first; None is as in the model."""
        if measure is None:
            self.order = Order.MODEL
        else:
            again = measure == self.measure and self.order is Order.MOST
            self.measure, self.order = measure, Order.LEAST if again else Order.MOST
        self.turned.emit()

    def name_area(self, measure: Measure) -> QRectF:
        """Where the name of a measure stands in this widget; empty if there is no room for it."""
        return self._names.area(measure).translated(QPointF(self._names.pos()))

    def _heads(self, table: HeadTable) -> tuple[Head, ...]:
        if self.order is Order.MODEL:
            layers, heads = table.shape
            return tuple((layer, head) for layer in range(layers) for head in range(heads))
        most_first = table.order(self.measure)
        return most_first if self.order is Order.MOST else most_first[::-1]

    @Slot(object, bool)
    def _on_kept(self, row: object, also: bool) -> None:
        if isinstance(row, HeadRow):
            self.kept.emit(row.head, also)

    @Slot(object)
    def _on_tried(self, row: object) -> None:
        self.tried.emit(row.head if isinstance(row, HeadRow) else None)

    @Slot(object, QPoint)
    def _on_menu_wanted(self, row: object, where: QPoint) -> None:
        if isinstance(row, HeadRow):
            self.menu_wanted.emit(row.head, where)

    @Slot(int)
    def _on_stepped(self, by: int) -> None:
        offered = self._table.offered if self._table is not None else ()
        at = offered.index(self.measure) + by if self.measure in offered else 0
        if 0 <= at < len(offered):
            self.choose(offered[at])


class MeasureNames(QWidget):
    """The names of the measures, turned by 90°, over the rows of a list.

    Signals:
        chosen(Measure | None): a name was clicked; None is the one of the heads.
        tried(Measure | None): the mouse is over a name, or over none.
    """

    chosen = Signal(object)
    tried = Signal(object)

    def __init__(self, rows: HeadList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self._rows = rows
        self._shown: tuple[HeadTable, Measure, str] | None = None
        self._tried: Measure | None = None

    def show_names(self, table: HeadTable, measure: Measure, sign: str) -> None:
        """Name the columns of a table; `sign` stands by the chosen measure."""
        self._shown = table, measure, sign
        self.updateGeometry()
        self.update()

    def forget(self) -> None:
        """Name nothing."""
        self._shown = None

    def area(self, measure: Measure) -> QRectF:
        """Where the name of a measure stands; empty if there is no room for it."""
        columns = self._columns()
        return columns.area(measure, QRectF(self.rect())) if columns is not None else QRectF()

    def sizeHint(self) -> QSize:
        style, columns = look.current(), self._columns()
        names = [measure.name for measure in columns.measures] if columns is not None else NAMES
        longest = max(look.text_width(style.sans(bold=True), f"{name} ▾") for name in names)
        return QSize(0, round(longest) + style.px(8))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()  # there may be room for longer names

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._try(self._at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._try(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        measure = self._at(event.position())
        over_heads = event.position().x() < look.current().px(LABEL)
        if event.button() is Qt.MouseButton.LeftButton and (measure is not None or over_heads):
            self.chosen.emit(measure)

    def paintEvent(self, event: QPaintEvent) -> None:
        columns, style, painter = self._columns(), look.current(), QPainter(self)
        if columns is not None:
            painter.setPen(style.colour("muted"))
            line = style.px(16)
            box = QRectF(style.px(6), self.height() - line - style.px(2), style.px(LABEL), line)
            plain_text(painter, box, "head", style.sans())
            for measure in columns.measures:
                self._paint_name(painter, columns.area(measure, QRectF(self.rect())), measure)
        painter.end()

    def _paint_name(self, painter: QPainter, area: QRectF, measure: Measure) -> None:
        assert self._shown is not None
        _, chosen, sign = self._shown
        style, line = look.current(), look.current().px(16)
        painter.save()
        painter.setPen(style.colour("text" if measure == chosen else "muted"))
        painter.translate(area.right() - line - style.px(2), area.bottom() - style.px(2))
        painter.rotate(-90)
        words = f"{measure.name} {sign}" if measure == chosen else measure.name
        box = QRectF(0, 0, area.height() - style.px(4), line)
        plain_text(painter, box, words, style.sans(bold=measure == chosen))
        painter.restore()

    def _columns(self) -> HeadColumns | None:
        if self._shown is None:
            return None
        table, measure, _ = self._shown
        return HeadColumns.of(table, measure, self._rows.viewport().width())

    def _at(self, point: QPointF) -> Measure | None:
        columns = self._columns()
        return columns.at(point.x(), QRectF(self.rect())) if columns is not None else None

    def _try(self, measure: Measure | None) -> None:
        if measure != self._tried:
            self._tried = measure
            self.setToolTip(measure.means if measure is not None else "")
            self.tried.emit(measure)
