"""Tests of the list of sentences: a click opens one, the arrows only go to it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bertviz_app.ui import look
from bertviz_app.ui.parts.sentence_rows import SentenceLines, SentenceList, SentenceRow

ROWS = (SentenceRow("0.93", "one"), SentenceRow("0.5", "two \u202e"), SentenceRow("0.1", "three"))


@pytest.fixture
def sentences(qtbot: QtBot) -> SentenceLines:
    look.load_fonts()
    look.apply(look.Look())
    made = SentenceLines()
    qtbot.addWidget(made)
    made.resize(300, 120)
    made.show()
    made.show_sentences("most of it", ROWS)
    return made


def rows(sentences: SentenceLines) -> SentenceList:
    found = sentences.findChild(SentenceList)
    assert found is not None
    return found


def test_a_click_opens_a_sentence(qtbot: QtBot, sentences: SentenceLines) -> None:
    where = rows(sentences).visualRect(rows(sentences).model().index(1, 0)).center()
    with qtbot.waitSignal(sentences.opened) as opened:
        qtbot.mouseClick(rows(sentences).viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert opened.args == ["two \u202e"]


def test_arrows_go_to_a_sentence_and_enter_opens_it(qtbot: QtBot, sentences: SentenceLines) -> None:
    with qtbot.assertNotEmitted(sentences.opened):
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
            qtbot.keyClick(rows(sentences), key)
    with qtbot.waitSignal(sentences.opened) as opened:
        qtbot.keyClick(rows(sentences), Qt.Key.Key_Return)
    assert opened.args == ["two \u202e"]


def test_the_same_sentences_again_leave_the_keys_where_they_are(
    qtbot: QtBot, sentences: SentenceLines
) -> None:
    qtbot.keyClick(rows(sentences), Qt.Key.Key_Down)
    sentences.show_sentences("most of it", ROWS)
    assert rows(sentences).chosen == 1
    sentences.show_sentences("most of it", ROWS[:1])
    assert rows(sentences).chosen == 0


def test_a_row_is_spoken_in_plain_sight(sentences: SentenceLines) -> None:
    assert sentences.rows[1].spoken == "0.5: two ‹202E›"
