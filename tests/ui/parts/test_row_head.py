"""Tests of the names over a list: they stand over their columns when a scroll bar comes or goes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from bertviz_app.ui.parts.row_head import ColumnPainter, RowHead
from bertviz_app.ui.parts.row_list import Row, RowList


@dataclass(frozen=True)
class Line:
    spoken: str = "a line"
    choosable: bool = True


class Columns(ColumnPainter):
    """Notes how wide the names were painted."""

    width = 0.0

    def row_height(self, row: Row) -> int:
        return 20

    def paint_row(self, painter: QPainter, area: QRect, row: Row, *, hovered: bool) -> None:
        pass

    def paint_head(self, painter: QPainter, box: QRectF) -> None:
        self.width = box.width()


def test_the_names_are_painted_anew_when_the_scroll_bar_comes_and_goes(qtbot: QtBot) -> None:
    owner, columns = QWidget(), Columns()
    qtbot.addWidget(owner)
    table = RowList(columns, owner)
    table.setUniformItemSizes(True)
    rows = QVBoxLayout(owner)
    rows.addWidget(RowHead(columns, table, owner))
    rows.addWidget(table)
    owner.resize(400, 300)
    owner.show()
    widths = []
    for count in (1, 100, 1):
        table.show_rows([Line()] * count)
        bar = table.verticalScrollBar()
        qtbot.waitUntil(lambda bar=bar, count=count: bar.isVisible() == (count > 1))
        qtbot.waitUntil(lambda: columns.width == table.viewport().width())
        widths.append(columns.width)
    assert widths[1] < widths[0] == widths[2]
