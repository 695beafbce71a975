"""Tests of the menu Examples: plain entries that say which sentence they bring."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bertviz_app.core.state import State
from bertviz_app.storage.sentences import Sentence, Sentences
from bertviz_app.ui.examples import EXAMPLES
from bertviz_app.ui.sentence_menu import SentenceMenu, entry_text
from bertviz_app.ui.session_door import name_for


def test_an_entry_is_plain_and_short_whatever_the_sentence_holds() -> None:
    assert entry_text(Sentence("Cats & dogs")) == "Cats && dogs"
    assert entry_text(Sentence("a\nb\tc", "d")) == "a b c / d"
    assert entry_text(Sentence("a\u202eb")) == "a‹202E›b"
    assert len(entry_text(Sentence("word " * 1000, "word " * 1000))) <= 130
    assert entry_text(Sentence("\u05d0\u05d1")) == "\u2068\u05d0\u05d1\u2069"


def test_long_sentences_that_end_differently_are_told_apart() -> None:
    start = "The old river bank was covered with wet grass, and the farmer watched as "
    entries = [entry_text(Sentence(start + end)) for end in ("his dog ran.", "the cow drank.")]
    assert len(set(entries)) == 2
    assert all(entry.startswith("The old river") and len(entry) == 60 for entry in entries)


def test_entries_bring_what_they_say(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    menu = SentenceMenu(QAction("Save this sentence", parent), parent)
    menu.sentences = Sentences((Sentence("left"),), (Sentence("saved", "pair"),))
    menu.aboutToShow.emit()
    brought: list[object] = []
    menu.chosen.connect(brought.append)
    menu.recalled.connect(brought.append)
    title, text = EXAMPLES[0].title, EXAMPLES[0].text
    assert menu.actions()[0].text() == f"{title}  “{text}”"
    for action in menu.actions():
        action.trigger()
    assert brought == [*EXAMPLES, Sentence("left"), Sentence("saved", "pair")]
    disabled = [action.text() for action in menu.actions() if not action.isEnabled()]
    assert [text for text in disabled if text] == ["Recent", "Saved"]


def test_the_file_of_a_session_is_offered_by_its_first_words() -> None:
    assert name_for(State("The woman washed [MASK] hands.")) == (
        "the-woman-washed-mask-hands.bertviz.json"
    )
    assert name_for(State("../../etc/passwd")) == "etc-passwd.bertviz.json"
    assert name_for(State("😀")) == "session.bertviz.json"
    assert len(name_for(State("x" * 1000))) < 80
