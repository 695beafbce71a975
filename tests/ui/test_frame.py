"""Tests of the frame around the pictures: bar of changes, places, status, finding, sheets."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from bertviz_app.core.changes import chips
from bertviz_app.core.encoding import Reading
from bertviz_app.core.errors import Fault
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.what_about import Scored, WhatAbout, WhatAboutAnswer
from bertviz_app.core.request import Interventions
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Show, State
from bertviz_app.ui.answer.asked import question_about
from bertviz_app.ui.change_bar import ChangeBar, effect_words
from bertviz_app.ui.places import Places, live_fact
from bertviz_app.ui.sheet import Sheet
from bertviz_app.ui.sheets.text_page import TextPage
from bertviz_app.ui.status_line import StatusLine, freshness, status_words
from bertviz_app.ui.text_row import FindBar
from tests.synthetic import snapshot


def with_changes(made: Snapshot, **changes: object) -> Snapshot:
    interventions = Interventions(**changes)
    return replace(made, state=replace(made.state, interventions=interventions))


def shown_buttons(widget: QWidget) -> list[str]:
    return [one.text() for one in widget.findChildren(QPushButton) if one.isVisible()]


def press(qtbot: QtBot, widget: QWidget, text: str) -> None:
    found = next(one for one in widget.findChildren(QPushButton) if one.text() == text)
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


@pytest.fixture
def bar(qtbot: QtBot) -> ChangeBar:
    made = ChangeBar()
    qtbot.addWidget(made)
    made.resize(1280, 40)
    return made


def test_bar_stands_only_while_something_is_changed(bar: ChangeBar) -> None:
    made = snapshot(changed=True)
    bar.show_snapshot(with_changes(made, causal=True))
    assert bar.isVisible()
    bar.show_snapshot(with_changes(made))
    assert not bar.isVisible()


def test_every_kind_of_change_has_its_chip() -> None:
    changes = Interventions(
        heads_off={(5, 8)},
        causal=True,
        parts=(1, 1, 0),
        attention={(0, 1, 2): [1.0, 0.0]},
        position_ids="reversed",
        segment_ids="all A",
        position_table="sinusoidal raw",
        anticausal=True,
        hidden_keys={4, 2},
    )
    labels = [chip.label for chip in chips(changes)]
    assert labels == [
        "head 6.9 off",
        "left only",
        "right only",
        "no one looks at token 2",
        "no one looks at token 4",
        "position 0 %",
        "order reversed",
        "all in segment A",
        "sinusoidal positions, raw",
        "row 2 of head 1.2 edited",
    ]
    by_hand = Interventions(position_ids=[0, 2, 1], segment_ids=[0, 1, 1])
    assert [chip.label for chip in chips(by_hand)] == ["positions by hand", "segments by hand"]
    assert chips(changes, first_number=0)[0].label == "head 5.8 off"
    left = changes
    while found := chips(left):
        left = found[0].without
    assert left == Interventions()


def test_cross_of_a_chip_takes_that_change_away(bar: ChangeBar, qtbot: QtBot) -> None:
    bar.show_snapshot(with_changes(snapshot(changed=True), heads_off={(0, 1)}, causal=True))
    with qtbot.waitSignal(bar.intervened) as asked:
        press(qtbot, bar, "head 1.2 off ×")
    assert asked.args == [Interventions(causal=True)]


def test_chips_that_do_not_fit_are_behind_a_number(bar: ChangeBar, qtbot: QtBot) -> None:
    made = snapshot(L=4, H=8, changed=True)
    many = [(layer, head) for layer in range(4) for head in range(8)]
    bar.show_snapshot(with_changes(made, heads_off=many))
    more = bar.findChild(QToolButton)
    chips_shown = [text for text in shown_buttons(bar) if text.startswith("head")]
    assert more.isVisible()
    assert more.text() == f"+{32 - len(chips_shown)}"
    assert 0 < len(chips_shown) < 32
    entry = next(one for one in more.menu().actions() if one.isVisible())
    with qtbot.waitSignal(bar.intervened) as asked:
        entry.trigger()
    assert len(asked.args[0].heads_off) == 31


def test_effect_compares_the_followed_word_as_is_and_changed(bar: ChangeBar) -> None:
    made = with_changes(snapshot(changed=True), heads_off={(0, 0)})
    words = effect_words(made)
    assert made.word is not None
    assert words.startswith(f"{made.word} as is ")
    assert "→ changed" in words


def test_effect_on_a_word_of_several_pieces_is_that_of_their_product(bar: ChangeBar) -> None:
    made = with_changes(snapshot(changed=True), heads_off={(0, 0)})
    selection = replace(made.state.selection, word="unha")
    made = replace(made, state=replace(made.state, selection=selection, asked=("unha",)))
    question = question_about(made)
    assert question is not None
    logs = tuple((math.log(0.5), math.log(second)) for second in (0.5, 0.25))
    answer = WhatAboutAnswer((Scored("unha", (17, 18), logs=logs),))
    bar.show_snapshot(made)
    assert "unha" not in bar.accessibleName()
    bar.show_snapshot(replace(made, reports={WhatAbout: JobReport(question, 2, 2, answer)}))
    effect = "unha (2 pieces), log p as is −1.39 → changed −2.08"
    assert bar.accessibleName().endswith(effect)
    bar.show_snapshot(replace(made))  # the report goes with a key, the run is still shown
    assert bar.accessibleName().endswith(effect)


def test_modes_and_restore_are_asked_for(bar: ChangeBar, qtbot: QtBot) -> None:
    bar.show_snapshot(with_changes(snapshot(changed=True), causal=True))
    with qtbot.waitSignal(bar.shown) as asked:
        press(qtbot, bar, "difference")
    assert asked.args == [Show.DIFFERENCE]
    with qtbot.waitSignal(bar.restored):
        press(qtbot, bar, "Restore")


def test_places_open_and_carry_live_facts(qtbot: QtBot) -> None:
    places = Places({5, 2, 3})
    qtbot.addWidget(places)
    places.resize(800, 40)
    places.show()
    made = snapshot(head=(1, 2))
    places.show_snapshot(made)
    assert places.present == (2, 3, 5)
    assert live_fact(1, made).words == "8 pieces"
    assert live_fact(3, made).words == "head 2.3"
    assert live_fact(2, made).words == "3 × 12"
    assert live_fact(5, made).words.startswith(f"{made.word} 0.")
    button = places.findChild(QWidget, "place.5")
    with qtbot.waitSignal(places.opened) as opened:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert opened.args == [5]


def test_change_marks_the_place_it_was_made_in() -> None:
    made = snapshot()
    assert live_fact(3, with_changes(made, causal=True)).changed
    assert not live_fact(2, with_changes(made, causal=True)).changed
    of_embeddings = (
        {"parts": (1, 1, 0.5)},
        {"position_ids": "shuffled"},
        {"segment_ids": "swapped"},
        {"position_table": "sinusoidal"},
    )
    for change in of_embeddings:
        assert live_fact(2, with_changes(made, **change)).changed
        assert not live_fact(3, with_changes(made, **change)).changed
    for change in ({"anticausal": True}, {"hidden_keys": {1}}):
        assert live_fact(3, with_changes(made, **change)).changed


def test_status_names_the_model_the_pieces_and_the_time() -> None:
    words = status_words(snapshot(T=8))
    assert words == " · 2 layers × 3 heads × 12 · no device · 8 pieces · 4 ms"


def test_the_models_name_and_its_warnings_open_what_was_loaded(qtbot: QtBot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.show()
    asked: list[str] = []
    line.asked.connect(asked.append)
    sound = snapshot(T=8)
    assert sound.facts is not None
    line.show_snapshot(replace(sound, facts=replace(sound.facts, name="A & B")))
    assert line.text.startswith("A & B · 2 layers × 3 heads × 12 · no device")
    assert shown_buttons(line) == ["A && B"]  # as Qt wants an ampersand that is no key
    press(qtbot, line, "A && B")
    line.show_snapshot(replace(sound, changed_files=(Path("config.json"),)))
    assert line.text.startswith("synthetic · 1 warning · 2 layers")
    press(qtbot, line, " · 1 warning")
    assert asked == ["model.trust"] * 2


def test_status_counts_what_was_not_read() -> None:
    made = snapshot(T=8)
    assert made.answer is not None
    trace = made.answer.as_is
    cut = replace(trace.encoding, first=Reading(6, 1613, 30))
    answer = replace(made.answer, as_is=replace(trace, encoding=cut))
    assert "BERT reads 512 pieces: 6 of 1,613 read from A." in status_words(
        replace(made, answer=answer)
    )


def test_status_says_which_head_the_model_lacks() -> None:
    made = snapshot()
    assert made.facts is not None
    bare = replace(made, facts=replace(made.facts, has_mlm=False, has_nsp=False))
    assert "no word-prediction and no next-sentence head" in status_words(bare)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "● up to date"),
        ({"catching_up": True}, "◌ catching up"),
        ({"fault": Fault("no")}, "○ not computed"),
        ({"answer": None}, ""),
    ],
)
def test_status_says_how_fresh_the_picture_is(changes: dict[str, object], words: str) -> None:
    assert freshness(replace(snapshot(), **changes)) == words


def test_loading_is_said_before_there_is_a_model() -> None:
    waiting = Snapshot(state=State(), loading="the bundled model")
    assert status_words(waiting) == "Reading the bundled model … you can type already."


def test_finding_goes_through_both_sentences_and_round(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    bar = FindBar(owner)
    owner.show()
    bar.texts = ("The İcat and the 😀 cat", "no cat")
    bar.begin()
    found = []
    bar.found.connect(lambda sentence, span: found.append((sentence, span)))
    qtbot.keyClicks(bar.findChild(QLineEdit), "CAT")
    for _ in range(4):
        bar.go(1)
    assert found == [(0, (5, 8)), (0, (19, 22)), (1, (3, 6)), (0, (5, 8))]
    bar.go(-1)
    assert found[-1] == (1, (3, 6))
    qtbot.keyClick(bar.findChild(QLineEdit), Qt.Key.Key_Escape)
    assert not bar.isVisible()


def test_sheet_covers_its_pane_shows_plain_text_and_closes_with_escape(qtbot: QtBot) -> None:
    owner, pane = QWidget(), None
    qtbot.addWidget(owner)
    pane = QWidget(owner)
    pane.setGeometry(100, 20, 300, 200)
    owner.resize(500, 300)
    sheet = Sheet(owner)
    owner.show()
    sheet.open_over(pane, TextPage("All keys", [("Ctrl+Z", "<b>Undo</b>")]))
    assert sheet.geometry() == pane.geometry()
    assert all(
        label.textFormat() is Qt.TextFormat.PlainText for label in sheet.findChildren(QLabel)
    )
    pane.resize(350, 220)
    assert sheet.geometry() == pane.geometry()
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
