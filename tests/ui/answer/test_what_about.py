"""Tests of What about …: its words, what each row says, what is asked of the worker, gestures."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.what_about import Scored, WhatAbout, WhatAboutAnswer
from bertviz_app.core.request import Capture, Interventions
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick, Show, ViewOptions
from bertviz_app.core.trace import Answer
from bertviz_app.ui import look
from bertviz_app.ui.answer.answer import AnswerPane
from bertviz_app.ui.answer.asked import AskedRow, question_about
from tests.synthetic import snapshot
from tests.ui.menus import menu, opens_a_menu

CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
UN_HA = (math.log(0.5), math.log(0.25))


@pytest.fixture
def answer(qtbot: QtBot) -> AnswerPane:
    look.load_fonts()
    look.apply(look.Look())
    made = AnswerPane()
    qtbot.addWidget(made)
    made.resize(280, 600)
    made.show()
    return made


def asking(*words: str, made: Snapshot | None = None) -> Snapshot:
    made = made or snapshot()
    return replace(made, state=replace(made.state, asked=words))


def reported(made: Snapshot, *scores: Scored, whole: bool = True) -> Snapshot:
    question = question_about(made)
    assert question is not None
    report = JobReport(question, 1 + whole, 2, WhatAboutAnswer(scores))
    return replace(made, reports={WhatAbout: report})


def rows(answer: AnswerPane) -> dict[str, AskedRow]:
    found = answer.what_about.rows.rows
    return {row.word: row for row in found if isinstance(row, AskedRow)}


def heard(answer: AnswerPane) -> list[object]:
    said: list[object] = []
    answer.asked.connect(said.append)
    answer.worded.connect(said.append)
    answer.picked.connect(said.append)
    answer.filled.connect(lambda at, word: said.append((at, word)))
    return said


# What the rows say


def test_a_piece_has_its_probability_logit_and_rank_at_once(answer: AnswerPane) -> None:
    made = asking("her", "##ha")
    said = heard(answer)
    answer.show_snapshot(made)
    assert made.trace is not None
    assert made.facts is not None
    assert made.trace.mask_logits is not None
    logits = made.trace.mask_logits[0].astype(np.float64)
    for word, row in rows(answer).items():
        number = made.facts.ids[word]
        assert row.probability == pytest.approx(np.exp(logits[number]) / np.exp(logits).sum())
        assert row.logit == pytest.approx(logits[number])
        assert row.said.startswith(str(1 + (logits > logits[number]).sum()))
    assert said == []


def test_a_word_of_pieces_is_asked_about_once_and_says_its_sum(answer: AnswerPane) -> None:
    made = asking("her", "unha")
    said = heard(answer)
    answer.show_snapshot(made)
    answer.show_snapshot(replace(made))
    assert said == [question_about(made)]
    question = said[0]
    assert isinstance(question, WhatAbout)
    assert question.words == ("unha",)
    assert question.position == 3
    assert rows(answer)["unha"].said == "…"
    unscored = Scored("unha", (17, 18))
    answer.show_snapshot(reported(made, unscored, whole=False))
    assert rows(answer)["unha"].said == "…"
    answer.show_snapshot(reported(made, replace(unscored, logs=(UN_HA,))))
    row = rows(answer)["unha"]
    assert row.said == "2 pieces"
    assert row.probability == pytest.approx(0.125)
    assert row.logit is None
    assert row.spoken == (
        "unha: 2 pieces (un ##ha), log probability −2.08, −1.04 a piece, "
        "each with the others hidden; no rank"
    )
    answer.show_snapshot(made)  # the report went with a key; the run is still the one shown
    assert rows(answer)["unha"] == row


def test_the_tokenizers_word_for_it_counts(answer: AnswerPane) -> None:
    made = asking("Her", "😀", "long")
    her, unknown = Scored("Her", (9,)), Scored("😀", (1,), unknown=True)
    answer.show_snapshot(reported(made, her, unknown, Scored("long", (5, 6))))
    found = rows(answer)
    assert found["Her"].piece == "her"
    assert found["Her"].said.endswith(("st", "nd", "rd", "th"))
    assert found["😀"].said == "[UNK]"
    assert found["😀"].spoken == "No piece of the vocabulary fits “😀”, so BERT reads [UNK]."
    assert "no room" in found["long"].spoken


def test_beside_a_changed_run_each_word_says_what_it_was(answer: AnswerPane) -> None:
    made = asking("her", "unha", made=snapshot(changed=True))
    scored = Scored("unha", (17, 18), logs=(UN_HA, (math.log(0.5), math.log(0.5))))
    answer.show_snapshot(reported(made, scored))
    found = rows(answer)
    assert found["unha"].probability == pytest.approx(0.25)
    assert found["unha"].difference == pytest.approx(0.125)
    assert "(as is " in found["her"].spoken
    as_is = replace(made, options=ViewOptions(show=Show.AS_IS))
    answer.show_snapshot(reported(as_is, scored))
    assert rows(answer)["unha"].probability == pytest.approx(0.125)
    assert rows(answer)["unha"].difference is None


def test_changes_that_cannot_hold_in_a_longer_text_are_said(answer: AnswerPane) -> None:
    made = asking("unha", made=snapshot(changed=True))
    assert made.answer is not None
    assert made.answer.changed is not None
    row = Interventions(attention={(0, 0, 1): [1 / 8] * 8})
    changed = replace(
        made.answer.changed, request=replace(made.answer.changed.request, interventions=row)
    )
    made = replace(
        made,
        answer=Answer(made.answer.as_is, changed),
        state=replace(made.state, interventions=row),
    )
    answer.show_snapshot(reported(made, Scored("unha", (17, 18), logs=(UN_HA, UN_HA))))
    assert rows(answer)["unha"].spoken.endswith("without the changes that name tokens of this text")


def test_without_a_blank_pieces_are_asked_at_the_pin_and_nothing_of_the_worker(
    answer: AnswerPane,
) -> None:
    made = asking("her", "unha", made=snapshot(masks=(), token=2))
    assert made.trace is not None
    logits = np.linspace(0, 1, 64, dtype=np.float32)[None]
    request = replace(made.trace.request, capture=Capture(logits_at=(2,)))
    seen = replace(made.trace, logits_at=logits, request=request)
    said = heard(answer)
    answer.show_snapshot(replace(made, answer=Answer(seen)))
    assert rows(answer)["her"].probability is not None
    assert rows(answer)["unha"].said == "–"
    answer.show_snapshot(asking("her", made=snapshot(masks=())))
    assert rows(answer)["her"].said == "–"
    assert said == []


def test_an_older_run_is_not_asked_about(answer: AnswerPane) -> None:
    made = asking("unha")
    said = heard(answer)
    answer.show_snapshot(replace(made, state=replace(made.state, text="something else")))
    assert said == []
    answer.show_snapshot(made)
    assert len(said) == 1
    answer.show_snapshot(replace(made, state=replace(made.state, text="something else")))
    answer.show_snapshot(made)  # the job died with the text: it is asked again
    assert len(said) == 2


# The field and the gestures


def test_the_field_follows_the_words_and_keeps_what_means_them(
    answer: AnswerPane, qtbot: QtBot
) -> None:
    field = answer.what_about.field
    answer.show_snapshot(snapshot())
    said = heard(answer)
    qtbot.keyClicks(field, "h,")
    assert said == [("h",), ("h",)]
    answer.show_snapshot(asking("h"))
    assert field.text() == "h,"
    answer.show_snapshot(asking("h", "his"))
    assert field.text() == "h his"


def test_rows_are_followed_filled_and_taken_away(answer: AnswerPane, qtbot: QtBot) -> None:
    answer.show_snapshot(asking("her", "unha"))
    said = heard(answer)
    view = answer.what_about.rows.viewport()
    her, unha = QPoint(30, 10), QPoint(30, 30)
    qtbot.mouseClick(view, LEFT, pos=her)
    qtbot.mouseClick(view, LEFT, pos=unha)
    qtbot.mouseClick(view, LEFT, CONTROL, unha)
    qtbot.mouseDClick(view, LEFT, pos=unha)
    assert said == [Pick(word="her"), Pick(word="unha", also=True), (3, "unha")]


def test_keys_go_through_the_rows(answer: AnswerPane, qtbot: QtBot) -> None:
    answer.show_snapshot(asking("unha", "her", "his"))
    said = heard(answer)
    listed = answer.what_about.rows
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Home):
        qtbot.keyClick(listed, key)
    qtbot.keyClick(listed, Qt.Key.Key_Return, CONTROL)
    assert said == [
        Pick(word="her"),
        Pick(word="his"),
        (3, "his"),
        Pick(word="unha", also=True),
    ]


def test_a_row_under_the_mouse_is_read_out(answer: AnswerPane, qtbot: QtBot) -> None:
    answer.show_snapshot(asking("unha"))
    qtbot.mouseMove(answer.what_about.rows.viewport(), QPoint(30, 10))
    assert answer.readout == "unha: not computed yet"


def test_a_word_of_pieces_is_followed_once_it_is_scored(answer: AnswerPane, qtbot: QtBot) -> None:
    made = asking("unha", "long")
    scores = Scored("unha", (17, 18), logs=(UN_HA,)), Scored("long", (5, 6))
    said = heard(answer)
    answer.show_snapshot(reported(made, *scores))
    said.clear()
    for y in (10, 30):  # the text has no room for the second
        qtbot.mouseClick(answer.what_about.rows.viewport(), LEFT, pos=QPoint(30, y))
    assert said == [Pick(word="unha")]
    selection = replace(made.state.selection, word="unha")
    followed = replace(made, state=replace(made.state, selection=selection))
    answer.show_snapshot(reported(followed, *scores))
    qtbot.mouseMove(answer.what_about.rows.viewport(), QPoint(30, 300))
    assert [word for word, row in rows(answer).items() if row.followed] == ["unha"]
    assert not any(row.followed for row in answer.content.rows)
    assert answer.readout.startswith("unha: 2 pieces (un ##ha), ")


def test_a_followed_word_that_the_vocabulary_lacks_has_a_row_though_nobody_asked(
    answer: AnswerPane,
) -> None:
    made = asking("his")
    selection = replace(made.state.selection, word="unha")
    made = replace(made, state=replace(made.state, selection=selection))
    said = heard(answer)
    answer.show_snapshot(made)
    assert list(rows(answer)) == ["his", "unha"]
    assert [question.words for question in said if isinstance(question, WhatAbout)] == [("unha",)]
    assert answer.what_about.field.text() == "his"


@opens_a_menu
def test_menu_of_a_word(answer: AnswerPane) -> None:
    answer.show_snapshot(asking("her", "unha"))
    with menu(answer.what_about.rows.viewport(), QPoint(30, 30)) as entries:
        assert list(entries) == ["Put unha into the blank", "Take unha away"]
    with menu(answer.what_about.rows.viewport(), QPoint(30, 10)) as entries:
        assert list(entries) == ["Follow her", "Put her into the blank", "Take her away"]


def test_hostile_words_are_painted_as_they_are(answer: AnswerPane) -> None:
    answer.show_snapshot(asking("<b>x</b>", "a\u202eb", "x" * 300, "שלום"))
    assert not answer.what_about.rows.viewport().grab().isNull()
    assert "\u202e" not in " ".join(row.spoken for row in rows(answer).values())
