"""The names of the columns of a row list, over its rows, which scroll."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from bertviz_app.ui import look
from bertviz_app.ui.parts.row_list import RowList, RowPainter

HEIGHT = 20


class ColumnPainter(RowPainter):
    """Paints rows that have columns, and the names of these."""

    def paint_head(self, painter: QPainter, box: QRectF) -> None:
        """Paint the names of the columns into `box`, which is as wide as a row."""
        raise NotImplementedError


class RowHead(QWidget):
    """The names of the columns."""

    def __init__(
        self, painter: ColumnPainter, table: RowList, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._painter = painter
        self._table = table
        # A scroll bar that comes or goes moves the columns under their names.
        table.verticalScrollBar().rangeChanged.connect(self._on_ranged)

    def sizeHint(self) -> QSize:
        return QSize(0, look.current().px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        width = self._table.viewport().width()  # without its scroll bar
        self._painter.paint_head(painter, QRectF(0, 0, width, self.height()))
        painter.end()

    @Slot()
    def _on_ranged(self) -> None:
        self.update()
