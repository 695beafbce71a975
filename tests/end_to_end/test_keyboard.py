"""Where F6 and Tab lead, in the real window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from bertviz_app.core.request import Interventions
from bertviz_app.core.state import Show
from tests.fixtures.desk import Desk


def reach(desk: Desk, part: QWidget) -> QWidget:
    """Where F6 leads in a part of the window."""
    desk.frame.text_row.fields[0].setFocus()
    for _ in range(12):
        desk.key(Qt.Key.Key_F6)
        focused = desk.window.focusWidget()
        if focused is not None and part.isAncestorOf(focused):
            return focused
    raise AssertionError


def tabbed(desk: Desk, presses: int) -> list[str]:
    """What the buttons say that Tab reaches from here, here included."""
    found = []
    for _ in range(presses):
        focused = desk.window.focusWidget()
        found.append(focused.text() if isinstance(focused, QPushButton) else "")
        desk.key(Qt.Key.Key_Tab)
    return found


def test_chips_are_reached_in_their_place(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk("--text", "The woman washed [MASK] hands.")
    desk.window.resize(1600, 900)
    bar = desk.frame.change_bar
    expected = ["head 6.9 off ×", "left only ×", "changed", "Restore"]
    for _ in range(2):
        desk.session.intervene(Interventions(heads_off={(5, 8)}))
        desk.settle()
        desk.session.intervene(Interventions(heads_off={(5, 8)}, causal=True))
        desk.settle()
        reach(desk, bar)
        assert tabbed(desk, 4) == expected
        desk.window.open_view("switchboard")  # a view is built, and the order made anew
        reach(desk, bar)
        assert tabbed(desk, 4) == expected
        desk.session.intervene(Interventions())
        desk.settle()


def test_f6_reaches_what_is_chosen(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk("--text", "The woman washed [MASK] hands.")
    places = desk.frame.places
    buttons = {number: places.findChild(QWidget, f"place.{number}") for number in places.present}
    desk.qtbot.mouseClick(buttons[2], Qt.MouseButton.LeftButton)
    for number in (5, 1):
        desk.window.open_place(number)
        assert reach(desk, places) is buttons[number]
    desk.session.intervene(Interventions(causal=True))
    desk.frame.change_bar.shown.emit(Show.AS_IS)
    desk.settle()
    reach(desk, desk.frame.change_bar)
    assert tabbed(desk, 3) == ["left only ×", "as is", "Restore"]


def test_where_the_keyboard_is_is_drawn_after_f6(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    shown = Qt.WidgetAttribute.WA_KeyboardFocusChange
    desk.window.setAttribute(shown, False)
    desk.key(Qt.Key.Key_F6)
    assert desk.window.testAttribute(shown)
