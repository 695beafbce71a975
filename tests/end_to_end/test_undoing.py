"""Undo and redo show where they changed the text, in the real window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QTextCursor

from bertviz_app.session import gestures
from bertviz_app.ui.text_field import TextField
from tests.fixtures.desk import Desk

LONG = " ".join(f"The farmer number {number} watched his horse." for number in range(60))


def is_in_sight(field: TextField) -> bool:
    """Whether the text cursor is."""
    return field.viewport().rect().contains(field.cursorRect().center())


def put(field: TextField, where: QTextCursor.MoveOperation) -> None:
    cursor = field.textCursor()
    cursor.movePosition(where)
    field.setTextCursor(cursor)


def test_undo_and_redo_go_to_where_the_text_is_changed(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk("--text", LONG)
    field, end = desk.frame.text_row.fields[0], QTextCursor.MoveOperation.End
    put(field, QTextCursor.MoveOperation.Start)
    desk.qtbot.keyClicks(field, "Look ")
    middle = LONG.index("number 30") + len("Look ")
    desk.settle()
    desk.session.do(gestures.hidden_at(desk.snapshot, 0, middle))
    put(field, end)
    for action, where in (
        ("edit.undo", middle + len("number")),
        ("edit.undo", 0),
        ("edit.redo", len("Look ")),
        ("edit.redo", middle + len("[MASK]")),
    ):
        put(field, end)
        desk.window.act(action)
        desk.settle()
        assert field.cursor_position == where
        assert is_in_sight(field)
    assert desk.session.state.cursor == (0, field.cursor_position)


def test_the_cursor_stays_where_no_text_is_changed_and_where_another_hand_changes_it(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk("--text", "The woman washed [MASK] hands.")
    field = desk.frame.text_row.fields[0]
    put(field, QTextCursor.MoveOperation.End)
    end = field.cursor_position
    desk.window.act("change.left_only")
    desk.settle()
    desk.window.act("edit.undo")
    desk.settle()
    assert field.cursor_position == end
    desk.frame.strip.hidden.emit(2, False)
    desk.settle()
    assert field.text == "The [MASK] washed [MASK] hands."
    assert field.cursor_position == len(field.text)


def test_the_sentence_that_is_changed_shows_where(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk("--text", "My dog is [MASK].", "--pair", LONG)
    first, second = desk.frame.text_row.fields
    put(second, QTextCursor.MoveOperation.Start)
    desk.qtbot.keyClicks(second, "Yes ")
    put(second, QTextCursor.MoveOperation.End)
    put(first, QTextCursor.MoveOperation.Start)
    desk.window.act("edit.undo")
    desk.settle()
    assert (first.cursor_position, second.cursor_position) == (0, 0)
    assert is_in_sight(second)


def test_writing_goes_on_where_redo_wrote(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk("--text", "The woman washed [MASK] hands.")
    field = desk.frame.text_row.fields[0]
    desk.retype("any of the unbelievably heavy luggage.")
    for action in ("edit.undo", "edit.undo", "edit.redo"):
        desk.window.act(action)
        desk.settle()
    assert field.text == "any of the unbelievably heavy "
    desk.type("X")
    assert field.text == "any of the unbelievably heavy X"
