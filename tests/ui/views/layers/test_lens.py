"""Tests of the lens: what stands in the cells, what it asks for, gestures, differences, numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCheckBox, QLabel
from pytestqt.qtbot import QtBot

from bertviz_app.core.lens import Depth
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick, Selection, Show, ViewOptions
from bertviz_app.core.trace import Trace
from bertviz_app.ui import look
from bertviz_app.ui.parts.lens_grid import LensCell
from bertviz_app.ui.parts.words import NO_MLM_HEAD, READING_LAYERS
from bertviz_app.ui.views.layers.lens import LensView
from tests.synthetic import snapshot

MASK = 3
"""The token of the blank in `known`."""


@pytest.fixture
def view(qtbot: QtBot) -> LensView:
    look.load_fonts()
    look.apply(look.Look())
    made = LensView()
    qtbot.addWidget(made)
    made.resize(900, 560)
    made.show()
    return made


def known(word: str | None = "her", **options: object) -> Snapshot:
    made = snapshot(T=8, **options)
    selection = replace(made.state.selection, word=word)
    return replace(made, state=replace(made.state, selection=selection))


def trace_of(made: Snapshot) -> Trace:
    assert made.trace is not None
    return made.trace


def check(view: LensView, text: str) -> None:
    next(box for box in view.findChildren(QCheckBox) if box.text() == text).click()


def cells(view: LensView, column: int) -> tuple[LensCell, ...]:
    return view.lens_picture.grid.columns[column].cells


def point_on(view: LensView, column: int, row: int) -> QPoint:
    return view.lens_picture.layout_now.cell((column, row)).center().toPoint()


def test_the_blank_shows_its_best_words_and_the_rank_of_the_word(view: LensView) -> None:
    made = known()
    view.show_snapshot(made)
    lens, facts = trace_of(made).lens, made.facts
    assert lens is not None
    assert facts is not None
    grid = view.lens_picture.grid
    assert [depth.layer for depth in grid.depths] == [0, 1, 2]
    assert [column.head for column in grid.columns] == ["1st", "2nd", "3rd", "4th", "5th", "her"]
    for row, depth in enumerate(grid.depths):
        at = lens.depths.index(depth)
        assert cells(view, 1)[row].word == facts.vocabulary[lens.ids[MASK, at, 1]]
        assert cells(view, 1)[row].value == lens.probabilities[MASK, at, 1]
        standing = lens.standings(MASK, facts.ids["her"])[at]
        assert cells(view, 5)[row].text.rstrip("stndrh") == str(standing.rank)
    assert all(cell.followed for cell in cells(view, 5))


def test_every_token_has_a_column_when_all_are_asked_for(view: LensView) -> None:
    made = known()
    view.show_snapshot(made)
    check(view, "all tokens")
    check(view, "between")
    grid = view.lens_picture.grid
    assert [column.token for column in grid.columns] == list(range(8))
    assert grid.depths == (Depth(0), Depth(1, True), Depth(1), Depth(2, True), Depth(2))
    lens, facts = trace_of(made).lens, made.facts
    assert lens is not None
    assert facts is not None
    assert [cell.word for cell in cells(view, 6)] == [
        facts.vocabulary[word] for word in lens.ids[6, :, 0]
    ]


def test_with_nothing_hidden_or_pinned_every_token_has_a_column(view: LensView) -> None:
    view.show_snapshot(known(None, masks=()))
    assert view.lens_picture.grid.of_tokens
    view.show_snapshot(known(None, masks=(), token=5))
    assert not view.lens_picture.grid.of_tokens
    assert {cell.token for cell in cells(view, 0)} == {5}


def test_it_asks_for_what_is_in_sight_and_for_the_words_in_question(
    qtbot: QtBot, view: LensView
) -> None:
    made = known()
    view.show_snapshot(made)
    lens = view.needs(made.state).lens
    assert lens is not None
    assert made.facts is not None
    assert (lens.positions, lens.between) == ((MASK,), False)
    assert lens.words == (made.facts.ids["her"],)
    with qtbot.waitSignal(view.needed, timeout=1000):
        check(view, "all tokens")
    wider = view.needs(made.state).lens
    assert wider is not None
    assert wider.positions == tuple(range(64))
    with qtbot.waitSignal(view.needed, timeout=1000):
        view.show_snapshot(snapshot(T=300))
    view.lens_picture.horizontalScrollBar().setValue(100 * 64)
    in_sight = view.needs(made.state).lens
    assert in_sight is not None
    seen = view.lens_picture.layout_now.seen
    assert 90 < in_sight.positions[0] <= seen.start < seen.stop <= in_sight.positions[-1] + 1
    assert len(in_sight.positions) <= 48


def test_a_click_keeps_the_word_and_among_all_tokens_the_token_too(
    qtbot: QtBot, view: LensView
) -> None:
    view.show_snapshot(known())
    picks: list[Pick] = []
    view.picked.connect(picks.append)
    target = view.lens_picture.viewport()
    qtbot.mouseClick(target, Qt.MouseButton.LeftButton, pos=point_on(view, 1, 2))
    assert picks == [Pick(word=cells(view, 1)[2].word)]
    check(view, "all tokens")
    qtbot.mouseClick(target, Qt.MouseButton.LeftButton, pos=point_on(view, 6, 1))
    assert picks[1:] == [Pick(token=6, word=cells(view, 6)[1].word)]


def test_a_double_click_fills_the_blank_and_hides_another_word(
    qtbot: QtBot, view: LensView
) -> None:
    view.show_snapshot(known())
    check(view, "all tokens")
    target = view.lens_picture.viewport()
    fills: list[tuple[int, str]] = []
    view.filled.connect(lambda at, word: fills.append((at, word)))
    for column in (MASK, 6):
        at = point_on(view, column, 2)
        qtbot.mouseClick(target, Qt.MouseButton.LeftButton, pos=at)
        with qtbot.waitSignal(view.hidden if column == 6 else view.filled, timeout=1000):
            qtbot.mouseDClick(target, Qt.MouseButton.LeftButton, pos=at)
    assert fills == [(MASK, cells(view, MASK)[2].word)]


def test_the_keys_walk_through_the_cells(qtbot: QtBot, view: LensView) -> None:
    view.show_snapshot(known())
    picks: list[Pick] = []
    view.picked.connect(picks.append)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Home):
        qtbot.keyClick(view.lens_picture, key)
    words = [cells(view, column)[1].word for column in (0, 1, 5, 0)]
    assert [pick.word for pick in picks] == words
    with qtbot.waitSignal(view.filled, timeout=1000) as filled:
        qtbot.keyClick(view.lens_picture, Qt.Key.Key_Return)
    assert filled.args == [MASK, words[-1]]


def test_the_readout_says_two_words_and_the_rank(qtbot: QtBot, view: LensView) -> None:
    made = known()
    view.show_snapshot(made)
    assert view.readout.startswith("[MASK] after layer 2: ")
    for row in (1, 0):  # no event comes of a mouse that stays where it was
        qtbot.mouseMove(view.lens_picture.viewport(), point_on(view, 2, row))
    best = [cells(view, column)[0] for column in (0, 1)]
    words = ", ".join(f"{cell.text} {cell.number}" for cell in best)
    rank = cells(view, 5)[0].text
    assert view.readout == f"[MASK] at the embedding: {words}; her is {rank}"
    view.show_snapshot(known("unhappiness"))
    assert view.readout.endswith("; unhappiness is not one piece and has no rank")
    view.show_snapshot(replace(made, options=ViewOptions(first_number=0)))
    qtbot.mouseMove(view.lens_picture.viewport(), point_on(view, 2, 1))
    assert view.readout.startswith("[MASK] after layer 0: ")


def test_with_a_change_the_readout_ends_as_is_and_the_word_is_asked_for(view: LensView) -> None:
    made = known(None, changed=True)
    view.show_snapshot(made)
    assert " (as is " in view.readout
    lens = view.needs(made.state).lens
    assert lens is not None
    assert made.facts is not None
    assert made.word is not None
    assert lens.words == (made.facts.ids[made.word],)


def differing(word: str | None = "her", **options: object) -> Snapshot:
    return known(word, changed=True, options=ViewOptions(show=Show.DIFFERENCE), **options)


def change(made: Snapshot, word: str, row: int = -1) -> float:
    """Of a word at the blank, from the two readings."""
    assert made.answer is not None
    assert made.facts is not None
    now, then = made.answer.shown.lens, made.answer.as_is.lens
    assert now is not None
    assert then is not None
    number = made.facts.ids[word]
    ends = now.standings(MASK, number), then.standings(MASK, number)
    return ends[0][row].probability - ends[1][row].probability


def test_a_difference_is_of_the_word_and_of_the_best_of_either_run(view: LensView) -> None:
    made = differing()
    view.show_snapshot(made)
    assert made.answer is not None
    assert made.facts is not None
    runs = made.answer.as_is.lens, made.answer.shown.lens
    best = {
        made.facts.vocabulary[word] for run in runs if run for word in run.ids[MASK, -1].tolist()
    }
    by_change = sorted(best - {"her"}, key=lambda word: -abs(change(made, word)))
    grid = view.lens_picture.grid
    assert grid.signed
    assert [column.cells[0].word for column in grid.columns] == ["her", *by_change[:5]]
    for column in grid.columns:
        word = column.cells[0].word
        assert [cell.value for cell in column.cells] == [
            change(made, word, row) for row in (0, 2, 4)
        ]
    lens = view.needs(made.state).lens
    assert lens is not None
    assert lens.compared == (MASK,)
    view.show_snapshot(replace(made, options=ViewOptions(show=Show.AS_IS)))  # F9 is held
    assert view.needs(made.state).lens == lens


def test_rounding_is_no_difference(view: LensView) -> None:
    made = differing()
    assert made.answer is not None
    now, then = made.answer.shown.lens, made.answer.as_is.lens
    assert now is not None
    assert then is not None
    same = replace(then, chances=now.chances * np.float32(1 - 5e-7), followed=now.followed)
    before = replace(made.answer.as_is, lens=same)
    view.show_snapshot(replace(made, answer=replace(made.answer, as_is=before)))
    assert [cell.text for cell in cells(view, 0)] == ["0", "0", "0"]


def test_the_readout_of_a_difference_has_both_runs(qtbot: QtBot, view: LensView) -> None:
    made = differing()
    view.show_snapshot(made)
    for row in (0, 1):
        qtbot.mouseMove(view.lens_picture.viewport(), point_on(view, 1, row))
    cell = cells(view, 1)[1]
    assert view.readout.startswith(f"[MASK] after layer 1: {cell.word} ")
    assert view.readout.endswith(f" changed, {cell.text}")
    assert view.numbers().startswith("difference\ther\t")


def test_differences_at_all_tokens_are_of_the_word_in_question(view: LensView) -> None:
    view.show_snapshot(differing())
    check(view, "all tokens")
    assert "her  difference" in _said(view)[0]
    assert {(cell.word, cell.followed) for cell in cells(view, 6)} == {("her", False)}
    lens = view.needs(differing().state).lens
    assert lens is not None
    assert lens.positions == tuple(range(64))


def test_with_no_word_in_question_it_says_that_it_shows_the_changed_run(view: LensView) -> None:
    view.show_snapshot(differing(None, masks=()))
    assert not view.lens_picture.grid.signed
    assert _said(view)[0] == "Lens  changed"


def test_without_the_head_it_says_so(view: LensView) -> None:
    made = known()
    assert made.facts is not None
    view.show_snapshot(replace(made, facts=replace(made.facts, has_mlm=False)))
    assert not view.picture.isVisible()
    assert any(NO_MLM_HEAD in label for label in _said(view))


def test_it_waits_for_layers_that_were_just_asked_for(view: LensView) -> None:
    made = known()
    assert made.answer is not None
    bare = replace(made, answer=replace(made.answer, as_is=replace(made.answer.as_is, lens=None)))
    view.show_snapshot(bare)
    assert not view.picture.isVisible()
    assert any(READING_LAYERS in label for label in _said(view))
    view.show_snapshot(made)
    assert view.picture.isVisible()
    assert view.lens_picture.grid.columns


def test_the_numbers_are_exact(view: LensView) -> None:
    made = known()
    view.show_snapshot(made)
    lines = [line.split("\t") for line in view.numbers().splitlines()]
    assert [line[0] for line in lines[1:]] == [
        *("after layer 2", "after layer 1", "at the embedding"),
    ]
    assert float(lines[1][2]) == pytest.approx(cells(view, 0)[2].value, rel=1e-7)


def test_a_pinned_token_alone_does_not_move_the_blank(view: LensView) -> None:
    made = known(token=6)
    view.show_snapshot(made)
    assert {cell.token for cell in cells(view, 0)} == {MASK}
    assert made.state.selection != Selection()


def _said(view: LensView) -> list[str]:
    return [label.text() for label in view.findChildren(QLabel) if label.isVisibleTo(view)]
