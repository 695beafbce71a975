"""Answers end to end: the real window, a real worker and the shipped model."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from bertviz_app.core.request import Request
from bertviz_app.core.state import Pick
from bertviz_app.inference.load import load_engine
from bertviz_app.ui.answer.asked import AskedRow
from bertviz_app.ui.examples import EXAMPLES
from tests.fixtures.desk import Desk

CONTROL = Qt.KeyboardModifier.ControlModifier


def asked(desk: Desk) -> dict[str, AskedRow]:
    rows = desk.frame.answer.what_about.rows.rows
    return {row.word: row for row in rows if isinstance(row, AskedRow)}


def test_how_likely_a_word_is_takes_a_key_and_the_word(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.key(Qt.Key.Key_J, CONTROL)
    field = desk.frame.answer.what_about.field
    assert field.hasFocus()
    desk.qtbot.keyClicks(field, "our")
    our = asked(desk)["our"]
    assert our.said == "9th"
    assert our.probability == pytest.approx(0.0003, abs=0.0001)
    QGuiApplication.clipboard().setText(", unhappiness Her 😀")
    field.paste()
    desk.wait(lambda: asked(desk)["unhappiness"].said == "4 pieces")
    typed = Request("The woman washed " + "[MASK]" * 4 + " hands.")
    trace = load_engine()(typed)
    assert trace.mask_logits is not None
    exact = trace.mask_logits.astype(np.float64)
    logs = exact - np.log(np.exp(exact).sum(-1, keepdims=True))
    ids = [4895, 3270, 9397, 9961]
    assert asked(desk)["unhappiness"].probability == pytest.approx(
        math.exp(logs[range(4), ids].sum()), rel=1e-3
    )
    assert asked(desk)["😀"].said == "[UNK]"
    assert asked(desk)["Her"].said == "1st"
    assert desk.session.state.asked == ("our", "unhappiness", "Her", "😀")


def test_asked_words_are_undone_survive_typing_and_are_clicked_away(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk()
    desk.frame.answer.picked.emit(Pick(word="his", also=True))
    assert desk.frame.answer.what_about.field.text() == "his"
    desk.frame.text_row.fields[0].select((4, 9))
    desk.type("man")
    assert asked(desk)["his"].said == "1st"
    field = desk.frame.answer.what_about.field
    field.setFocus()
    desk.qtbot.keyClicks(field, " our")
    desk.key(Qt.Key.Key_Z, CONTROL)
    assert desk.session.state.asked == ("his",)
    assert field.text() == "his"
    desk.frame.answer.picked.emit(Pick(word="his", also=True))
    assert asked(desk) == {}


def test_blanks_are_filled_one_by_one_and_one_undo_brings_them_back(
    open_desk: Callable[..., Desk],
) -> None:
    text = "The [MASK] barked at the [MASK] in the garden."
    desk = open_desk("--text", text)
    expected, engine = text, load_engine()
    for _ in range(2):
        best = max(
            ((mask.candidates[0], mask.position) for mask in engine(Request(expected)).predictions),
            key=lambda one: one[0].probability,
        )
        start, end = engine(Request(expected)).encoding.spans[best[1]]
        expected = expected[:start] + best[0].token + expected[end:]
    desk.press("Fill one by one")
    desk.wait(lambda: "[MASK]" not in desk.session.state.text)
    desk.settle()
    assert desk.session.state.text == expected
    desk.key(Qt.Key.Key_Z, CONTROL)
    desk.settle()
    assert desk.session.state.text == text


def test_the_way_to_the_word_ends_in_the_answer(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.key(Qt.Key.Key_5, CONTROL)
    view = desk.view("to_word")
    desk.wait(lambda: view.readout.startswith("her: sum "))
    assert view.readout.endswith("= logit +12.67; softmax over 30,522: 0.90")
    desk.frame.answer.picked.emit(Pick(word="his"))
    desk.wait(lambda: view.readout.startswith("his: sum "))
    desk.window.actions_by_name["change.silence"].trigger()
    desk.wait(lambda: view.readout.endswith("softmax over 30,522: 0.35 (as is 0.09)"))


def test_example_of_two_sentences_opens_the_head_that_judges_them(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk()
    desk.window.show_example(next(one for one in EXAMPLES if one.title == "Two sentences"))
    desk.settle()
    view = desk.view("nsp")
    assert view.isVisible()
    assert view.readout.startswith("B follows A: 0.995 (logit ")
    desk.press("Swap the sentences")
    desk.settle()
    assert desk.session.state.texts == ("He likes playing.", "My dog is cute.")
    desk.window.actions_by_name["text.pair"].trigger()
    desk.settle()
    desk.press("Add one")
    assert desk.frame.text_row.fields[1].hasFocus()
