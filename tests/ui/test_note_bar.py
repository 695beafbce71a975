"""Tests of the note bar: one note, its pages, its button."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from bertviz_app.core.state import Note, NoteKind
from bertviz_app.ui.note_bar import NoteBar


@pytest.fixture
def bar(qtbot: QtBot) -> NoteBar:
    made = NoteBar()
    qtbot.addWidget(made)
    made.resize(800, 28)
    made.show()
    return made


def words(bar: NoteBar) -> str:
    return bar.findChild(QLabel).text()


def button(bar: NoteBar, text: str) -> QPushButton:
    return next(one for one in bar.findChildren(QPushButton) if one.text() == text)


def test_nothing_to_say_takes_no_room(bar: NoteBar) -> None:
    bar.show_note(None)
    assert not bar.isVisible()


def test_next_leads_through_the_captions(bar: NoteBar, qtbot: QtBot) -> None:
    bar.show_note(Note("first", NoteKind.EXAMPLE, more=("second", "third")))
    following = button(bar, "Next ›")
    for said in ("first", "second"):
        assert words(bar) == said
        qtbot.mouseClick(following, Qt.MouseButton.LeftButton)
    assert words(bar) == "third"
    assert not following.isVisible()


def test_same_note_stays_on_its_page_and_a_new_one_begins_anew(bar: NoteBar, qtbot: QtBot) -> None:
    note = Note("first", NoteKind.EXAMPLE, more=("second",))
    bar.show_note(note)
    qtbot.mouseClick(button(bar, "Next ›"), Qt.MouseButton.LeftButton)
    bar.show_note(note)
    assert words(bar) == "second"
    bar.show_note(Note("other", NoteKind.RECOVERY))
    assert words(bar) == "other"


def test_button_names_the_action(bar: NoteBar, qtbot: QtBot) -> None:
    bar.show_note(Note("“[mask]” is read as letters.", NoteKind.RECOVERY, "text.fix_mask"))
    with qtbot.waitSignal(bar.asked) as asked:
        qtbot.mouseClick(button(bar, "Make it [MASK]"), Qt.MouseButton.LeftButton)
    assert asked.args == ["text.fix_mask"]


def test_details_of_a_fault_can_be_copied(bar: NoteBar, qtbot: QtBot) -> None:
    bar.show_note(Note("<b>It</b> broke.", NoteKind.FAULT, detail="where and how"))
    assert words(bar) == "<b>It</b> broke."
    assert bar.findChild(QLabel).textFormat() is Qt.TextFormat.PlainText
    qtbot.mouseClick(button(bar, "Copy details"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "<b>It</b> broke.\n\nwhere and how"
    assert button(bar, "Copied").isVisible()
    bar.show_note(Note("Something else broke.", NoteKind.FAULT, detail="elsewhere"))
    assert button(bar, "Copy details").isVisible()


def test_cross_dismisses(bar: NoteBar, qtbot: QtBot) -> None:
    bar.show_note(Note("words", NoteKind.RECOVERY))
    with qtbot.waitSignal(bar.dismissed):
        qtbot.mouseClick(button(bar, "×"), Qt.MouseButton.LeftButton)


def test_captions_that_were_covered_go_on_where_they_were(bar: NoteBar, qtbot: QtBot) -> None:
    guide = Note("first", NoteKind.EXAMPLE, more=("second", "third"))
    bar.show_note(guide)
    qtbot.mouseClick(button(bar, "Next ›"), Qt.MouseButton.LeftButton)
    for said in ("Copied this.", "Copied that."):
        bar.show_note(Note(said, NoteKind.RECOVERY, passes=True, covers=guide))
        assert words(bar) == said
    bar.show_note(guide)
    assert words(bar) == "second"
