"""Tests of Every position: when it asks, what it says while the job runs, and its table."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.every_position import EveryPosition, EveryPositionAnswer, Guess
from bertviz_app.core.request import Capture
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick, Show
from bertviz_app.core.trace import Answer, Candidate, Trace
from bertviz_app.ui import look
from bertviz_app.ui.parts.row_list import RowList
from bertviz_app.ui.parts.surprise import question_about
from bertviz_app.ui.parts.surprise_rows import SurpriseColumns
from bertviz_app.ui.views.prediction.every_position import EveryPositionView
from tests.synthetic import model_facts, snapshot
from tests.ui.looking import shows
from tests.ui.menus import menu, opens_a_menu

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot: QtBot) -> EveryPositionView:
    look.load_fonts()
    look.apply(look.Look())
    made = EveryPositionView()
    qtbot.addWidget(made)
    made.resize(460, 500)
    made.show()
    return made


def run(made: Snapshot) -> Trace:
    assert made.trace is not None
    return made.trace


def guess(position: int, surprise: float, word: str = "tea", probability: float = 0.23) -> Guess:
    best = (Candidate(word, 9, probability, 1.0, 1),)
    return Guess(position, surprise, 0.1, best, best)


def reported(
    made: Snapshot, *found: Guess, seconds: float = 0.0, total: int | None = None
) -> Snapshot:
    """`made` with a report of these guesses, of which `total` are wanted (all there are)."""
    answer = EveryPositionAnswer(run(made).encoding.tokens, found)
    wanted = len(found) if total is None else total
    question = question_about(made)
    assert question is not None
    return replace(
        made, reports={EveryPosition: JobReport(question, len(found), wanted, answer, seconds)}
    )


def questions(view: EveryPositionView) -> list[EveryPosition]:
    asked: list[EveryPosition] = []
    view.asked.connect(asked.append)
    return asked


def button(view: EveryPositionView, text: str) -> QPushButton:
    return next(one for one in view.findChildren(QPushButton) if one.text() == text)


def table(view: EveryPositionView) -> RowList:
    found = view.findChild(RowList)
    assert isinstance(found, RowList)
    return found


def row_area(view: EveryPositionView, row: int) -> QRect:
    rows = table(view)
    return rows.visualRect(rows.model().index(row, 0))


# Asking


def test_a_short_text_is_asked_about_once(view: EveryPositionView) -> None:
    asked = questions(view)
    made = snapshot(16, masks=())
    view.show_snapshot(made)
    view.show_snapshot(replace(made, running=frozenset({EveryPosition})))
    view.show_snapshot(replace(made, preview=Pick(token=3)))
    assert asked == [question_about(made)]


def test_what_is_captured_beside_makes_no_new_question() -> None:
    made = snapshot(16, masks=())
    trace = run(made)
    request = replace(trace.request, capture=Capture(logits_at=(2,), qkv=True))
    other = replace(made, answer=Answer(replace(trace, request=request)))
    assert question_about(made) == question_about(other)


def test_a_new_text_is_asked_about(view: EveryPositionView) -> None:
    asked = questions(view)
    first, second = snapshot(16, masks=()), snapshot(12, masks=())
    for made in (first, second, first):
        view.show_snapshot(made)
    assert asked == [question_about(made) for made in (first, second, first)]


def test_a_changed_run_is_asked_about(view: EveryPositionView) -> None:
    asked = questions(view)
    view.show_snapshot(snapshot(16, masks=()))
    view.show_snapshot(snapshot(16, masks=(), changed=True))
    assert [bool(question.request.interventions) for question in asked] == [False, True]


def test_another_model_is_asked_again(view: EveryPositionView) -> None:
    asked = questions(view)
    made = snapshot(16, masks=())
    view.show_snapshot(made)
    view.show_snapshot(replace(made, facts=model_facts()))
    assert len(asked) == 2


def test_it_asks_for_nothing_it_need_not(view: EveryPositionView) -> None:
    asked = questions(view)
    made = snapshot(16, masks=())
    view.show_snapshot(reported(made, guess(1, 2.0)))
    view.show_snapshot(replace(made, running=frozenset({EveryPosition})))
    view.show_snapshot(replace(made, state=replace(made.state, text="typed since")))
    assert asked == []


def test_hidden_it_does_not_ask(view: EveryPositionView) -> None:
    asked = questions(view)
    view.hide()
    made = snapshot(16, masks=())
    view.show_snapshot(made)
    assert asked == []
    view.show()
    assert asked == [question_about(made)]


def test_a_text_that_comes_back_is_new_again(view: EveryPositionView) -> None:
    asked = questions(view)
    made = snapshot(16, masks=())
    view.show_snapshot(made)
    view.hide()
    view.show_snapshot(snapshot(12, masks=()))
    view.show_snapshot(replace(made))
    view.show()
    assert len(asked) == 2


@pytest.mark.parametrize(("T", "by_itself"), [(32, True), (33, False), (512, False)])
def test_a_long_text_is_offered(
    view: EveryPositionView, qtbot: QtBot, T: int, by_itself: bool
) -> None:
    asked = questions(view)
    made = snapshot(T, masks=())
    view.show_snapshot(made)
    assert bool(asked) == by_itself
    compute = button(view, "Compute")
    assert compute.isVisible() != by_itself
    if not by_itself:
        assert view.line == f"Hide each of the {T - 2} tokens in turn?"
        qtbot.mouseClick(compute, LEFT)
        assert asked == [question_about(made)]


def test_with_nothing_left_to_hide_it_says_so(view: EveryPositionView) -> None:
    asked = questions(view)
    view.show_snapshot(snapshot(4, masks=(0, 1)))
    assert asked == []
    assert view.line == "Every piece is a [MASK]: nothing is left to hide."
    assert not button(view, "Compute").isVisible()


# While the job runs, and after


def test_progress_is_said_from_300_ms_on(view: EveryPositionView, qtbot: QtBot) -> None:
    made = replace(snapshot(16, masks=()), running=frozenset({EveryPosition}))
    early = reported(made, guess(1, 2.0), total=14, seconds=0.29)
    view.show_snapshot(early)
    assert view.line == "mean so far 2.0 bits a piece"
    view.show_snapshot(reported(made, total=14))
    assert view.line == ""
    view.show_snapshot(early)
    assert "left" not in view.line
    assert not button(view, "Cancel").isVisible()
    view.show_snapshot(reported(made, guess(1, 2.0), guess(2, 3.0), total=14, seconds=0.5))
    assert view.line == "Every position: 2 of 14, about 3 s left"
    view.show_snapshot(reported(made, total=14, seconds=0.5))
    assert view.line == "Every position: 0 of 14"
    with qtbot.waitSignal(view.cancelled, timeout=1000):
        qtbot.mouseClick(button(view, "Cancel"), LEFT)


def test_a_job_that_has_reported_nothing_yet_says_so(view: EveryPositionView, qtbot: QtBot) -> None:
    made = replace(snapshot(80, masks=()), running=frozenset({EveryPosition}))
    for early in (made, reported(made, total=78)):
        view.show_snapshot(early)
        assert view.line == ""
        qtbot.waitUntil(lambda: view.line == "Every position: 0 of 78")
        assert button(view, "Cancel").isVisible()
        view.show_snapshot(reported(made, *(guess(at, 2.0) for at in range(1, 79))))
        assert view.line.startswith("mean 2.0 bits")
        assert not button(view, "Cancel").isVisible()


def test_the_table_scrolls_along_with_the_job(view: EveryPositionView) -> None:
    made = replace(snapshot(80, masks=()), running=frozenset({EveryPosition}))
    view.resize(460, 300)
    view.show_snapshot(made)
    bar = table(view).verticalScrollBar()
    for known in (2, 30, 60):
        found = [guess(at, 1.0) for at in range(1, known)]
        view.show_snapshot(reported(made, *found, total=78))
    assert row_area(view, 58).bottom() <= table(view).viewport().height()
    bar.setValue(0)
    view.show_snapshot(reported(made, *(guess(at, 1.0) for at in range(1, 70)), total=78))
    assert bar.value() == 0


def test_a_stopped_job_says_what_part_is_there(view: EveryPositionView, qtbot: QtBot) -> None:
    asked = questions(view)
    made = reported(snapshot(16, masks=()), guess(1, 2.0), guess(2, 3.0), total=14, seconds=9)
    view.show_snapshot(made)
    assert view.line == "Every position stopped at 2 of 14; what you see is that part."
    assert not button(view, "Cancel").isVisible()
    assert asked == []
    qtbot.mouseClick(button(view, "Compute"), LEFT)
    assert asked == [question_about(made)]


def test_a_job_that_failed_is_not_asked_again_unasked(view: EveryPositionView) -> None:
    asked = questions(view)
    made = snapshot(16, masks=())
    view.show_snapshot(made)
    view.show_snapshot(replace(made, running=frozenset({EveryPosition})))
    view.show_snapshot(replace(made, running=frozenset()))
    assert len(asked) == 1
    assert button(view, "Compute").isVisible()


def test_the_mean_and_its_perplexity_are_said(view: EveryPositionView) -> None:
    made = snapshot(5, masks=())
    view.show_snapshot(reported(made, guess(1, 2.0), guess(2, 3.0), guess(3, 6.1)))
    assert view.line == "mean 3.7 bits a piece, pseudo-perplexity 13"
    view.show_snapshot(reported(made, guess(1, 1.0), guess(2, 1.0), guess(3, 1.0)))
    assert view.line == "mean 1.0 bits a piece, pseudo-perplexity 2.0"


@pytest.mark.parametrize("surprise", [math.nan, math.inf, 5000.0])
def test_strange_numbers_are_said_and_drawn(view: EveryPositionView, surprise: float) -> None:
    made = snapshot(5, masks=(), token=1)
    view.show_snapshot(reported(made, guess(1, surprise), guess(2, 3.0), guess(3, 1.0)))
    view.grab()
    said = {math.inf: "∞", 5000.0: "5000.0"}.get(surprise, "not a number")
    assert f"surprises by {said} bits" in view.readout


def test_a_report_about_another_text_is_not_shown(view: EveryPositionView) -> None:
    old = reported(snapshot(16, masks=()), guess(1, 2.0))
    view.show_snapshot(replace(snapshot(12, masks=()), reports=old.reports))
    assert all(row.guess is None for row in view.rows)


# The table


def test_a_row_for_each_typed_token_and_the_most_surprising_stands_out(
    view: EveryPositionView,
) -> None:
    made = snapshot(6, masks=(1,))
    view.show_snapshot(reported(made, guess(1, 2.0), guess(3, 14.7), guess(4, 0.0)))
    assert [row.position for row in view.rows] == [1, 2, 3, 4]
    assert [row.most for row in view.rows] == [False, False, True, False]
    assert view.rows[1].blank
    rows = table(view)
    bars = SurpriseColumns.of(rows.viewport().width(), 60).bar
    inked = [
        shows(rows.viewport(), "text", QRect(bars[0], row_area(view, row).top() + 3, 60, 14))
        for row in (0, 2)
    ]
    assert inked[0] == 0
    assert inked[1] > 100


def test_readout_speaks_of_the_pin_and_of_what_is_hovered(view: EveryPositionView) -> None:
    made = reported(snapshot(6, masks=(), token=2), guess(2, 3.6, "had"), guess(4, 14.7))
    view.show_snapshot(made)
    tokens = run(made).encoding.tokens
    assert view.readout == (f"{tokens[2]} surprises by 3.6 bits; hidden, BERT would say had 0.23")
    view.show_snapshot(replace(made, preview=Pick(token=4)))
    assert view.readout.startswith(f"{tokens[4]} surprises by 14.7 bits")
    view.show_snapshot(reported(snapshot(6, masks=()), guess(2, 3.6), guess(4, 14.7)))
    assert view.readout.startswith(f"{tokens[4]} surprises by 14.7 bits")


def test_hover_and_click_are_about_the_token(view: EveryPositionView, qtbot: QtBot) -> None:
    view.show_snapshot(reported(snapshot(6, masks=()), guess(1, 2.0)))
    previews: list[Pick | None] = []
    picks: list[Pick] = []
    hides: list[tuple[int, bool]] = []
    view.previewed.connect(previews.append)
    view.picked.connect(picks.append)
    view.hidden.connect(lambda token, each: hides.append((token, each)))
    viewport = table(view).viewport()
    qtbot.mouseMove(viewport, row_area(view, 2).center())
    qtbot.mouseMove(viewport, QPoint(20, viewport.height() - 2))
    assert previews == [Pick(token=3), None]
    qtbot.mouseClick(viewport, LEFT, pos=row_area(view, 1).center())
    qtbot.mouseClick(
        viewport, LEFT, Qt.KeyboardModifier.ControlModifier, row_area(view, 3).center()
    )
    assert picks == [Pick(token=2), Pick(second=4)]
    qtbot.mouseDClick(viewport, LEFT, Qt.KeyboardModifier.ShiftModifier, row_area(view, 3).center())
    assert hides == [(4, True)]


@opens_a_menu
def test_a_row_has_the_menu_of_its_token(view: EveryPositionView) -> None:
    made = reported(snapshot(6, masks=()), guess(1, 2.0))
    view.show_snapshot(made)
    hides: list[tuple[int, bool]] = []
    view.hidden.connect(lambda token, each: hides.append((token, each)))
    with menu(table(view).viewport(), row_area(view, 1).center()) as entries:
        assert f"Follow what {run(made).encoding.tokens[2]} looks at" in entries
        entries["Hide its word"].trigger()
    assert hides == [(2, False)]


def test_keys_go_from_row_to_row(view: EveryPositionView, qtbot: QtBot) -> None:
    view.show_snapshot(reported(snapshot(6, masks=(), token=2), guess(1, 2.0)))
    picks: list[Pick] = []
    view.picked.connect(picks.append)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_End, Qt.Key.Key_Home):
        qtbot.keyClick(table(view), key)
    assert [pick.token for pick in picks] == [3, 1, 4, 1]


def test_marks_stand_on_their_rows(view: EveryPositionView) -> None:
    made = reported(snapshot(6, masks=(), token=2, second=4), guess(1, 2.0))
    view.show_snapshot(made)
    viewport = table(view).viewport()
    assert shows(viewport, "query", row_area(view, 1)) > 100
    assert shows(viewport, "key", row_area(view, 3)) > 100
    assert not shows(viewport, "query", row_area(view, 2))


def test_a_model_without_a_mask_token_says_so(view: EveryPositionView) -> None:
    asked = questions(view)
    view.show_snapshot(replace(snapshot(8), facts=replace(model_facts(), mask_token="")))
    said = [label.text() for label in view.findChildren(QLabel) if label.isVisible()]
    assert any(text.startswith("This model cannot hide a word") for text in said)
    assert asked == []


def test_a_model_without_the_head_says_so_and_offers_nothing(view: EveryPositionView) -> None:
    asked = questions(view)
    facts = replace(model_facts(), has_mlm=False)
    view.show_snapshot(replace(snapshot(8), facts=facts))
    said = [label.text() for label in view.findChildren(QLabel) if label.isVisible()]
    assert (
        "This model cannot fill a blank: it has no word-prediction head. "
        "Attention and embeddings work." in said
    )
    assert asked == []
    assert not any(one.isVisible() for one in view.findChildren(QPushButton))
    view.show_snapshot(reported(snapshot(8, masks=()), guess(1, 2.0)))
    assert table(view).isVisible()


@pytest.mark.parametrize("T", [3, 16, 512])
def test_every_length_is_drawn(view: EveryPositionView, T: int) -> None:
    made = snapshot(T, masks=(), token=T - 2)
    view.show_snapshot(reported(made, *(guess(at, at / T) for at in range(1, T - 1))))
    assert len(view.rows) == T - 2
    pinned = row_area(view, T - 3)
    assert table(view).viewport().rect().intersects(pinned)
    assert shows(table(view).viewport(), "text") > 10


def test_hostile_pieces_are_painted_and_copied_as_they_are(view: EveryPositionView) -> None:
    hostile = ("<img src=x>", "x" * 300, "אבגד", "=cmd()")
    made = reported(snapshot(tokens=hostile), *(guess(at, 1.0, hostile[0]) for at in range(1, 5)))
    view.show_snapshot(made)
    view.grab()
    assert [row.spoken.split(" surprises")[0] for row in view.rows] == [
        "<img src=x>",
        "x" * 31 + "…",
        "\u2068אבגד\u2069",
        "=cmd()",
    ]
    copied = [line.split("\t") for line in view.numbers().split("\n")]
    assert copied[4][0] == "'=cmd()"
    assert copied[1] == ["<img src=x>", "1", "<img src=x>", "0.23", "0.1", "<img src=x>", "0.23"]


def test_a_difference_is_asked_for_and_drawn_as_one(view: EveryPositionView) -> None:
    asked = questions(view)
    made = snapshot(6, changed=True)
    made = replace(made, options=replace(made.options, show=Show.DIFFERENCE))
    view.show_snapshot(made)
    assert made.other is not None
    assert asked[-1].against == made.other.request.interventions
    less, more = replace(guess(1, 2.0), without=5.0), replace(guess(2, 4.0), without=3.0)
    view.show_snapshot(reported(made, less, more))
    assert view.line == "mean change −1.00 bits a piece"
    told = {row.position: row for row in view.rows}
    assert "surprises by 2.0 bits (as is 5.0)" in told[1].spoken
    assert told[1].most
    assert view.numbers().startswith("piece\tchange of surprise in bits")
    assert "\t-3\t" in view.numbers()
    tints = view.tints(view.snapshot)
    assert tints[1] != tints[2]
    view.show_snapshot(replace(made, options=replace(made.options, show=Show.CHANGED)))
    assert asked[-1].against is None
