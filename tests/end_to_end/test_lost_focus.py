"""The keyboard stays where it was when the button that had it is gone, in the real window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget

from bertviz_app.core.request import Interventions
from bertviz_app.core.state import Note, NoteKind
from bertviz_app.ui.panes import Spot
from tests.fixtures.desk import Desk

THREE = Interventions(heads_off={(0, 1), (5, 8)}, causal=True)


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:
    made = open_desk("--text", "The woman washed [MASK] hands.")
    made.window.activateWindow()
    made.qtbot.waitUntil(made.window.isActiveWindow)
    return made


def button(within: QWidget, words: str) -> QAbstractButton:
    return next(
        one
        for one in within.findChildren(QAbstractButton)
        if words in (one.text(), one.accessibleName()) and one.isVisible()
    )


def press(desk: Desk, within: QWidget, words: str) -> None:
    """Press a button as the keyboard does, and let the window come to rest."""
    found = button(within, words)
    found.setFocus()
    desk.key(Qt.Key.Key_Space)
    desk.settle()


def focused(desk: Desk) -> QWidget:
    found = desk.window.focusWidget()
    assert found is not None
    return found


def said(desk: Desk) -> str:
    found = focused(desk)
    assert isinstance(found, QAbstractButton)
    return found.text()


def test_the_next_chip_takes_over_and_after_the_last_the_one_before(desk: Desk) -> None:
    desk.session.intervene(THREE)
    desk.settle()
    bar = desk.frame.change_bar
    press(desk, bar, "head 1.2 off ×")
    assert said(desk) == "head 6.9 off ×"
    press(desk, bar, "left only ×")
    desk.wait(lambda: said(desk) == "head 6.9 off ×")
    press(desk, bar, "head 6.9 off ×")
    desk.wait(lambda: desk.frame.places.isAncestorOf(focused(desk)))


def test_restore_hands_on_to_the_part_that_follows(desk: Desk) -> None:
    desk.session.intervene(THREE)
    desk.settle()
    press(desk, desk.frame.change_bar, "Restore")
    desk.wait(lambda: desk.frame.places.isAncestorOf(focused(desk)))


def test_a_note_hands_on_within_itself_and_then_to_what_follows(desk: Desk) -> None:
    desk.session.note(Note("One.", NoteKind.EXAMPLE, more=("Two.",)))
    press(desk, desk.frame.note_bar, "Next ›")
    desk.wait(lambda: said(desk) == "×")
    desk.key(Qt.Key.Key_Space)
    desk.wait(lambda: desk.frame.places.isAncestorOf(focused(desk)))


def test_another_place_has_the_keyboard_in_the_same_pane(desk: Desk) -> None:
    desk.window.open_view("attention")
    desk.settle()
    desk.view("attention").picture.setFocus()
    one = desk.frame.panes.panes[Spot.ONE]
    for place in (5, 3, 2):
        desk.window.act(f"place.{place}")
        desk.wait(lambda: one.isAncestorOf(focused(desk)))


def test_what_is_computed_has_the_keyboard_after_the_button_that_asked(desk: Desk) -> None:
    desk.window.open_view("switchboard")
    desk.settle()
    view = desk.view("switchboard")
    press(desk, view, "Which heads matter here?")
    desk.wait(lambda: focused(desk).objectName() == "picture.switchboard")


def test_who_says_where_the_keyboard_goes_is_heard(desk: Desk) -> None:
    desk.window.act("text.pair")
    desk.settle()
    field = desk.frame.text_row.fields[1]
    assert focused(desk) is field
    desk.window.act("text.pair")  # the field that has the keyboard goes, and says where to
    desk.settle()
    assert focused(desk) is desk.frame.text_row.fields[0]
