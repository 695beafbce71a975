"""A table of facts shows untrusted text as plain signs, and copies what was chosen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from bertviz_app.ui.parts.fact_table import FactTable

ROWS = [("a\x00b", "1"), ("=cmd()", "22"), ("x" * 500, "3")]


def table(qtbot: QtBot) -> FactTable:
    made = FactTable("Facts", ("name", "many"), ROWS, frozenset({1}))
    qtbot.addWidget(made)
    made.resize(300, 200)
    made.show()
    return made


def test_cells_are_visible_signs_and_numbers_stand_right(qtbot: QtBot) -> None:
    made = table(qtbot)
    model = made.model()
    assert model.index(0, 0).data() == "a␀b"
    assert model.headerData(1, Qt.Orientation.Horizontal) == "many"
    side = Qt.ItemDataRole.TextAlignmentRole
    assert model.index(0, 1).data(side) & Qt.AlignmentFlag.AlignRight
    assert not model.index(0, 0).data(side) & Qt.AlignmentFlag.AlignRight


def test_what_does_not_fit_stands_in_the_tool_tip(qtbot: QtBot) -> None:
    made = table(qtbot)
    assert made.columnWidth(0) < 500
    tip = Qt.ItemDataRole.ToolTipRole
    assert made.model().index(2, 0).data(tip) == "x" * 500
    assert made.model().index(1, 0).data(tip) is None


def test_the_chosen_rows_are_copied_without_formulas(qtbot: QtBot) -> None:
    made = table(qtbot)
    made.selectRow(1)
    qtbot.keyClick(made, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(made, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "a␀b\t1\n'=cmd()\t22"
    assert made.text.splitlines()[0] == "name\tmany"
    QGuiApplication.clipboard().clear()
