"""Tests of the text field: plain text in code points, nothing lost, nothing it should not hold."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage, QInputMethodEvent, QTextOption
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from bertviz_app.core.text import FIELD_LIMIT
from bertviz_app.ui import look
from bertviz_app.ui.text_field import LINES, LONG_WORD, TextField


@pytest.fixture
def field(qtbot: QtBot) -> TextField:
    made = TextField("textA", "Type a sentence")
    qtbot.addWidget(made)
    made.resize(600, 40)
    made.show()
    return made


def paste(field: TextField, text: str) -> None:
    data = QMimeData()
    data.setText(text)
    field.insertFromMimeData(data)


def test_each_key_says_text_and_cursor(field: TextField, qtbot: QtBot) -> None:
    said = []
    field.edited.connect(lambda text, cursor: said.append((text, cursor)))
    qtbot.keyClicks(field, "cat")
    assert said == [("c", 1), ("ca", 2), ("cat", 3)]


def test_cursor_counts_an_emoji_as_one(field: TextField) -> None:
    said = []
    field.edited.connect(lambda text, cursor: said.append((text, cursor)))
    paste(field, "a😀b")
    assert said == [("a😀b", 3)]
    field.select((1, 2))
    assert field.textCursor().selectedText() == "😀"


def test_the_cursor_is_told_when_it_moves_and_the_text_does_not(
    field: TextField, qtbot: QtBot
) -> None:
    moves: list[int] = []
    field.moved.connect(moves.append)
    field.show_text("a😀b")
    assert moves == []
    qtbot.keyClick(field, Qt.Key.Key_Left)
    qtbot.keyClick(field, Qt.Key.Key_Left)
    assert moves == [2, 1]
    field.edited.connect(lambda text, cursor: moves.clear())
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert set(moves) <= {0}


def test_enter_does_nothing_and_tab_leaves(field: TextField, qtbot: QtBot) -> None:
    qtbot.keyClicks(field, "cat")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.text == "cat"
    assert field.tabChangesFocus()


def test_text_from_the_session_is_shown_silently_and_leaves_the_cursor_alone(
    field: TextField, qtbot: QtBot
) -> None:
    qtbot.keyClicks(field, "The woman washed")
    cursor = field.textCursor()
    cursor.setPosition(4)
    field.setTextCursor(cursor)
    with qtbot.assertNotEmitted(field.edited):
        field.show_text("The woman washed 😀 hands")
    assert field.toPlainText() == "The woman washed 😀 hands"
    assert field.cursor_position == 4


def test_long_paste_is_cut_before_it_is_inserted(field: TextField, qtbot: QtBot) -> None:
    with qtbot.waitSignal(field.overflowed):
        paste(field, "word " * 2_000_000)
    assert len(field.text) == FIELD_LIMIT
    qtbot.keyClick(field, "x")
    assert len(field.text) == FIELD_LIMIT


def test_rich_text_is_taken_as_plain_text(field: TextField) -> None:
    data = QMimeData()
    data.setHtml("<b>bold</b>")
    data.setText("<b>bold</b>")
    field.insertFromMimeData(data)
    assert field.text == "<b>bold</b>"


def test_files_and_pictures_are_not_taken_for_text(field: TextField) -> None:
    file, picture, link = QMimeData(), QMimeData(), QMimeData()
    file.setUrls([QUrl.fromLocalFile("/models/bert")])
    picture.setImageData(QImage(2, 2, QImage.Format.Format_RGB32))
    link.setUrls([QUrl("https://example.org/a sentence")])
    assert not field.canInsertFromMimeData(file)
    assert not field.canInsertFromMimeData(picture)
    assert field.canInsertFromMimeData(link)


def test_what_an_input_method_composes_is_told_once_it_is_done(
    field: TextField, qtbot: QtBot
) -> None:
    told = []
    field.edited.connect(lambda text, cursor: told.append((text, cursor)))
    for composed in ("k", "か", "かn", "かな"):
        QCoreApplication.sendEvent(field, QInputMethodEvent(composed, []))
    assert told == []
    done = QInputMethodEvent()
    done.setCommitString("仮名")
    QCoreApplication.sendEvent(field, done)
    assert told == [("仮名", 2)]


def test_undo_keys_are_left_to_the_window(field: TextField, qtbot: QtBot) -> None:
    qtbot.keyClicks(field, "cat")
    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text == "cat"


def test_field_grows_to_three_lines_and_then_scrolls(field: TextField) -> None:
    heights = []
    for words in (1, 18, 60, 300):
        field.show_text("word " * words)
        heights.append(field.height())
    assert heights[0] < heights[1] < heights[2] == heights[3]


def test_after_a_long_paste_the_field_is_three_lines_high_and_shows_where_it_ends(
    qtbot: QtBot,
) -> None:
    window, field = QWidget(), TextField("textA", "Type a sentence")
    QVBoxLayout(window).addWidget(field)
    qtbot.addWidget(window)
    window.resize(600, 400)
    window.show()
    field.show_text("word " * 300)
    high = field.height()
    field.show_text("word")
    QGuiApplication.clipboard().setText("word " * 300)
    field.selectAll()
    field.paste()
    qtbot.waitUntil(lambda: field.verticalScrollBar().maximum() > 0)
    assert (field.minimumHeight(), field.height(), field.maximumHeight()) == (high, high, high)
    assert field.viewport().rect().contains(field.cursorRect().center())


def test_unread_rest_is_struck_out(field: TextField) -> None:
    field.show_text("a😀 bc")
    field.mark(3, None)
    selections = field.extraSelections()
    assert [one.cursor.selectedText() for one in selections] == ["bc"]
    assert selections[0].format.fontStrikeOut()


def test_a_word_that_fills_lines_and_lines_is_wrapped_anywhere_and_shorter_ones_are_kept_whole(
    field: TextField, qtbot: QtBot
) -> None:
    modes, word = QTextOption.WrapMode, "a" * LONG_WORD
    wrapped: list[QTextOption.WrapMode] = []
    field.document().contentsChange.connect(lambda *_: wrapped.append(field.wordWrapMode()))
    paste(field, f"{word} {word}")
    qtbot.keyClick(field, "a")
    assert field.wordWrapMode() == modes.WrapAnywhere
    field.show_text("a word")
    assert field.wordWrapMode() == modes.WrapAtWordBoundaryOrAnywhere
    paste(field, word * 2)
    assert wrapped[-1] == modes.WrapAnywhere  # before Qt lays it out
    field.show_text("")
    field.show_text(word * 3)
    assert wrapped[-1] == modes.WrapAnywhere


@pytest.mark.parametrize("size", [1.0, 1.25, 2.0])
@pytest.mark.parametrize("word", ["woman ", "\u4e2d\u6587 ", "\U0001f600 "])
def test_lines_that_all_fit_have_no_scroll_bar(
    qtbot: QtBot, request: pytest.FixtureRequest, word: str, size: float
) -> None:
    request.addfinalizer(lambda: look.apply(look.Look()))
    look.apply(look.Look(text_size=size))
    field = TextField("textA", "Type a sentence")
    qtbot.addWidget(field)
    for count in (1, 20, 30, 40, 50, 60, 200):
        field.show_text(word * count)  # the first time before it is on screen
        field.resize(600, field.height())
        field.show()
        many = field.document().size().height() > LINES
        assert (field.verticalScrollBar().maximum() > 0) == many
