"""Tests of the list of own-painted rows: its gestures, its keys, and what it says aloud."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QColor, QContextMenuEvent, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bertviz_app.ui.parts.row_list import Row, RowList, RowPainter

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@dataclass(frozen=True)
class Line:
    spoken: str
    choosable: bool = True


class Stripes(RowPainter):
    """Paints the row under the mouse red."""

    def paint_row(self, painter: QPainter, area: QRect, row: Row, *, hovered: bool) -> None:
        painter.fillRect(area, QColor("#ff0000" if hovered else "#ffffff"))

    def row_height(self, row: Row) -> int:
        return 20


ROWS = (Line("head", choosable=False), Line("a"), Line("b"), Line("c"))


@pytest.fixture
def rows(qtbot: QtBot) -> RowList:
    made = RowList(Stripes())
    qtbot.addWidget(made)
    made.resize(200, 100)
    made.show()
    made.show_rows(ROWS, 2)
    return made


def told(rows: RowList) -> list[tuple[str, str, bool]]:
    said: list[tuple[str, str, bool]] = []
    rows.kept.connect(lambda row, also: said.append(("kept", row.spoken, also)))
    rows.edited.connect(lambda row, each: said.append(("edited", row.spoken, each)))
    return said


def at(row: int) -> QPoint:
    return QPoint(50, 20 * row + 10)


def test_each_row_is_spoken(rows: RowList) -> None:
    model = rows.model()
    assert [model.index(row, 0).data() for row in range(4)] == ["head", "a", "b", "c"]
    role = Qt.ItemDataRole.AccessibleTextRole
    assert model.index(1, 0).data(role) == "a"
    heard = QAccessible.queryAccessibleInterface(rows)
    names = [heard.child(row).text(QAccessible.Text.Name) for row in range(4)]
    assert names == ["head", "a", "b", "c"]


def test_hover_tries_rows_that_mean_something(rows: RowList, qtbot: QtBot) -> None:
    tried: list[object] = []
    rows.tried.connect(tried.append)
    for row in (1, 1, 2, 0):
        qtbot.mouseMove(rows.viewport(), at(row) + QPoint(len(tried), 0))
    assert tried == [ROWS[1], ROWS[2], None]


def test_the_row_under_the_mouse_is_painted_so(rows: RowList, qtbot: QtBot) -> None:
    qtbot.mouseMove(rows.viewport(), at(1))
    image = rows.viewport().grab().toImage()
    assert [image.pixelColor(at(row)).name() for row in (1, 2)] == ["#ff0000", "#ffffff"]


def test_click_keeps(rows: RowList, qtbot: QtBot) -> None:
    said = told(rows)
    for row, modifier in ((1, Qt.KeyboardModifier.NoModifier), (2, CONTROL), (0, CONTROL)):
        qtbot.mouseClick(rows.viewport(), LEFT, modifier, at(row))
    assert said == [("kept", "a", False), ("kept", "b", True)]


def test_double_click_edits_the_row_of_its_first_click(rows: RowList, qtbot: QtBot) -> None:
    said = told(rows)
    qtbot.mouseClick(rows.viewport(), LEFT, pos=at(1))
    rows.show_rows(ROWS[::-1], 1)
    qtbot.mouseDClick(rows.viewport(), LEFT, SHIFT, at(1))
    assert said[-1] == ("edited", "a", True)


def test_the_right_end_edits_at_one_click(rows: RowList, qtbot: QtBot) -> None:
    rows.edit_width = 20
    said = told(rows)
    end = QPoint(rows.viewport().width() - 5, at(1).y())
    qtbot.mouseClick(rows.viewport(), LEFT, pos=end)
    qtbot.mouseDClick(rows.viewport(), LEFT, pos=end)
    assert said == [("edited", "a", False)]


def test_keys_go_on_from_the_chosen_row(rows: RowList, qtbot: QtBot) -> None:
    said = told(rows)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_PageDown):
        qtbot.keyClick(rows, key)
    assert [word for _, word, _ in said] == ["a", "c", "a", "c"]


def test_enter_edits_and_control_enter_keeps(rows: RowList, qtbot: QtBot) -> None:
    said = told(rows)
    qtbot.keyClick(rows, Qt.Key.Key_Return)
    qtbot.keyClick(rows, Qt.Key.Key_Return, SHIFT)
    qtbot.keyClick(rows, Qt.Key.Key_Return, CONTROL)
    assert said == [("edited", "b", False), ("edited", "b", True), ("kept", "b", True)]


def test_without_a_chosen_row_enter_does_nothing(rows: RowList, qtbot: QtBot) -> None:
    rows.show_rows(ROWS, -1)
    said = told(rows)
    rows.setFocus()
    qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert said == []
    qtbot.keyClick(rows, Qt.Key.Key_Down)
    assert said == [("kept", "a", False)]


def test_menus_open_on_the_row_meant(rows: RowList) -> None:
    wanted: list[object] = []
    rows.menu_wanted.connect(lambda row, where: wanted.append(row))
    for reason, row in (
        (QContextMenuEvent.Reason.Mouse, 1),
        (QContextMenuEvent.Reason.Mouse, 0),
        (QContextMenuEvent.Reason.Keyboard, 0),
    ):
        event = QContextMenuEvent(reason, at(row), rows.viewport().mapToGlobal(at(row)))
        QApplication.sendEvent(rows.viewport(), event)
    assert wanted == [ROWS[1], ROWS[2]]


def test_hiding_it_ends_the_hover(rows: RowList, qtbot: QtBot) -> None:
    qtbot.mouseMove(rows.viewport(), at(1))
    tried: list[object] = []
    rows.tried.connect(tried.append)
    rows.hide()
    assert tried == [None]


def test_fewer_rows_forget_the_one_under_the_mouse(rows: RowList, qtbot: QtBot) -> None:
    qtbot.mouseMove(rows.viewport(), at(3))
    rows.show_rows(ROWS[:2], 1)
    assert rows.hovered == -1
    rows.show_rows((), -1)
    rows.grab()


def test_it_scrolls_along_until_the_person_scrolls_away(rows: RowList) -> None:
    rows.show_rows([Line(str(number)) for number in range(40)])
    bar = rows.verticalScrollBar()

    def goes_to(number: int) -> bool:
        rows.keep_in_sight(number)
        return rows.viewport().rect().intersects(rows.visualRect(rows.model().index(number, 0)))

    assert goes_to(0)
    assert bar.value() == 0
    assert goes_to(9)
    assert goes_to(30)
    bar.setValue(0)
    assert not goes_to(35)
    assert bar.value() == 0


class Late(Sequence[Line]):
    """Many rows, every second of which means something, each made when it is asked for."""

    def __init__(self) -> None:
        self.made = 0

    def __len__(self) -> int:
        return 100_000

    def __getitem__(self, at: int) -> Line:  # type: ignore[override]
        self.made += 1
        return Line(str(at), choosable=at % 2 == 1)


def test_keys_look_only_at_the_rows_they_pass(rows: RowList, qtbot: QtBot) -> None:
    said, late = told(rows), Late()
    rows.setUniformItemSizes(True)
    for chosen, key in ((-1, "Down"), (5, "Down"), (5, "Up"), (1, "Up"), (1, "Home"), (1, "End")):
        rows.show_rows(late, chosen)
        qtbot.keyClick(rows, Qt.Key[f"Key_{key}"])
    assert [word for _, word, _ in said] == ["1", "7", "3", "1", "1", "99999"]
    assert late.made < 1000


def test_of_many_rows_only_those_that_are_seen_are_asked_for(rows: RowList, qtbot: QtBot) -> None:
    rows.setUniformItemSizes(True)
    late, bar = Late(), rows.verticalScrollBar()
    rows.show_rows(late)
    rows.grab()
    assert bar.maximum() == 20 * len(late) - rows.viewport().height()
    qtbot.keyClick(rows, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    bar.setValue(20 * 50_001 + 5)
    rows.grab()
    assert rows.row_at(QPoint(50, 3)) == 50_001
    assert rows.visualRect(rows.model().index(50_002, 0)) == QRect(
        0, 15, rows.viewport().width(), 20
    )
    rows.resize(200, 400)
    rows.grab()
    assert late.made < 1000


def test_equal_rows_stand_where_unequal_ones_do(rows: RowList, qtbot: QtBot) -> None:
    def places() -> list[QRect]:
        rows.show_rows([Line(str(number)) for number in range(40)])
        bar, seen = rows.verticalScrollBar(), []
        for row in (0, 9, 39, 20, 3):
            rows.scrollTo(rows.model().index(row, 0))
            seen.append(rows.visualRect(rows.model().index(row, 0)))
            assert rows.indexAt(seen[-1].center()).row() == row
        assert not rows.indexAt(QPoint(50, -21 - bar.value())).isValid()
        return [*seen, QRect(bar.maximum(), bar.pageStep(), 0, 0)]

    unequal = places()
    rows.setUniformItemSizes(True)
    rows.show_rows(())
    assert places() == unequal


def test_rows_as_high_as_before_are_painted_once(qtbot: QtBot, rows: RowList) -> None:
    painted: list[str] = []

    class Noted(Stripes):
        def paint_row(self, painter: QPainter, area: QRect, row: Row, *, hovered: bool) -> None:
            painted.append(row.spoken)

        def row_height(self, row: Row) -> int:
            return 40 if row.spoken == "high" else 20

    rows.setItemDelegate(Noted(rows))
    QApplication.processEvents()
    for last in ("d", "high"):
        painted.clear()
        rows.show_rows((*ROWS[:3], Line(last)), 2)
        for _ in range(3):
            QApplication.processEvents()
        assert painted.count("a") == 1 or last == "high"
        assert last in painted
    assert rows.visualRect(rows.model().index(3, 0)).height() == 40
