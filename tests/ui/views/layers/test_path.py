"""Tests of the path of a word: which lines, what they say, keys, the run as is."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick, Show, ViewOptions
from bertviz_app.ui import look, numbers
from bertviz_app.ui.parts.choice_box import ChoiceBox
from bertviz_app.ui.parts.words import READING_LAYERS
from bertviz_app.ui.views.layers.path import NOTHING_HIDDEN, PROBABILITY, PathView
from tests.synthetic import snapshot

MASK = 3


@pytest.fixture
def view(qtbot: QtBot) -> PathView:
    look.load_fonts()
    look.apply(look.Look())
    made = PathView()
    qtbot.addWidget(made)
    made.resize(600, 560)
    made.show()
    return made


def known(word: str = "her", asked: tuple[str, ...] = ("his",), **options: object) -> Snapshot:
    made = snapshot(T=8, **options)
    selection = replace(made.state.selection, word=word)
    return replace(made, state=replace(made.state, selection=selection, asked=asked))


def ranks(made: Snapshot, word: str) -> list[int]:
    assert made.trace is not None
    assert made.trace.lens is not None
    assert made.facts is not None
    return [one.rank for one in made.trace.lens.standings(MASK, made.facts.ids[word])[::2]]


def test_the_word_those_asked_for_and_the_best_have_lines(view: PathView) -> None:
    made = known()
    view.show_snapshot(made)
    words = [path.word for path in view.paths.paths]
    assert {"her", "his"} < set(words)
    assert len(words) == 5
    last = [path.standings[-1].rank for path in view.paths.paths]
    assert last == sorted(last)
    curve = next(one for one in view.plot.curves if one.name == "● her")
    assert list(curve.ys) == ranks(made, "her")
    assert list(curve.xs) == [0, 1, 2]


def test_the_readout_says_both_ends(view: PathView) -> None:
    made = known()
    view.show_snapshot(made)
    first, *_, last = (f"{rank}" for rank in ranks(made, "her"))
    assert view.readout.startswith(f"her: {first}")
    assert " at the embedding, " in view.readout
    assert f" {last}" in view.readout
    assert view.readout.endswith(" after layer 2; read at [MASK]")
    view.show_snapshot(replace(made, preview=Pick(word="his")))
    assert view.readout.startswith("his: ")


def test_a_word_of_several_pieces_has_no_path_and_that_is_said(view: PathView) -> None:
    view.show_snapshot(known("unhappiness"))
    assert not any(path.followed for path in view.paths.paths)
    assert view.readout.endswith("; unhappiness is not one piece and has no path; read at [MASK]")


def test_a_change_draws_the_word_as_is_beside_it(view: PathView) -> None:
    made = known(changed=True)
    view.show_snapshot(made)
    dashed = [one for one in view.plot.curves if one.dashed]
    assert [one.name for one in dashed] == ["as is"]
    assert made.answer is not None
    as_is = replace(made, answer=replace(made.answer, changed=None))
    assert list(dashed[0].ys) == ranks(as_is, "her")
    assert "(as is " in view.readout


def test_a_difference_is_drawn_of_words_of_either_run(qtbot: QtBot, view: PathView) -> None:
    made = known(changed=True, options=ViewOptions(show=Show.DIFFERENCE))
    view.show_snapshot(made)
    as_is = replace(made, options=ViewOptions(show=Show.AS_IS))
    changes = [
        now - then for now, then in zip(ranks(made, "her"), ranks(as_is, "her"), strict=True)
    ]
    curves = {one.name: one for one in view.plot.curves}
    her, nothing = curves["● her"], curves[""]
    assert [math.copysign(10 ** abs(y) - 1, y) for y in her.ys] == pytest.approx(changes, abs=1e-6)
    assert set(nothing.ys) == {0}
    assert not any(one.dashed for one in view.plot.curves)
    assert made.answer is not None
    runs = made.answer.as_is.lens, made.answer.shown.lens
    assert made.facts is not None
    best = {made.facts.vocabulary[run.ids[MASK, -1, 0]] for run in runs if run is not None}
    assert best <= {path.word for path in view.paths.paths}
    ends = ranks(as_is, "her")[-1], ranks(made, "her")[-1]
    assert " → ".join(map(numbers.ordinal, ends)) in view.readout
    view.plot.hovered.emit((0, 1))
    assert view.readout.count(" → ") == 2
    view.plot.hovered.emit((len(view.paths.paths), 1))  # the line at 0
    assert view.readout.startswith("her: ")
    box = view.findChild(ChoiceBox)
    assert box is not None
    qtbot.keyClick(box, Qt.Key.Key_Down)
    path = next(path for path in view.paths.paths if path.followed)
    her = next(one for one in view.plot.curves if one.name == "● her")
    assert list(her.ys) == [
        now.probability - then.probability
        for now, then in zip(path.standings, path.before, strict=True)
    ]
    assert {line.split("\t")[1] for line in view.numbers().splitlines()[1:]} == {
        *("as is", "changed"),
    }


def test_the_keys_walk_from_line_to_line_and_fill_the_blank(qtbot: QtBot, view: PathView) -> None:
    view.show_snapshot(known())
    words = [path.word for path in view.paths.paths]
    at = words.index("her")
    picks: list[Pick] = []
    view.picked.connect(picks.append)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End):
        qtbot.keyClick(view.plot, key)
    expected = [words[max(at - 1, 0)], words[min(at + 1, 4)], words[0], words[-1]]
    assert [pick.word for pick in picks] == expected
    with qtbot.waitSignal(view.filled, timeout=1000) as filled:
        qtbot.keyClick(view.plot, Qt.Key.Key_Return)
    assert filled.args == [MASK, "her"]


def test_a_hovered_point_is_told_and_its_word_previewed(view: PathView) -> None:
    view.show_snapshot(known())
    tried: list[Pick | None] = []
    view.previewed.connect(tried.append)
    view.plot.hovered.emit((0, 1))
    view.show_snapshot(replace(known(), preview=tried[-1]))
    path = view.paths.paths[0]
    assert tried == [Pick(word=path.word)]
    assert view.readout.startswith(f"{path.word} after layer 1: ")


def test_a_clicked_line_becomes_the_word_and_with_control_one_asked_about(view: PathView) -> None:
    view.show_snapshot(known())
    kept: list[Pick] = []
    view.picked.connect(kept.append)
    view.plot.clicked.emit((1, 0), False)
    view.plot.clicked.emit((1, 2), True)
    word = view.paths.paths[1].word
    assert kept == [Pick(word=word), Pick(word=word, also=True)]


def test_it_waits_for_layers_that_were_just_asked_for(view: PathView) -> None:
    made = known()
    assert made.answer is not None
    bare = replace(made, answer=replace(made.answer, as_is=replace(made.answer.as_is, lens=None)))
    view.show_snapshot(bare)
    assert not view.picture.isVisible()
    assert any(label.text() == READING_LAYERS for label in view.findChildren(QLabel))
    view.show_snapshot(made)
    assert view.picture.isVisible()


def test_probabilities_stand_on_an_even_axis(qtbot: QtBot, view: PathView) -> None:
    made = known()
    view.show_snapshot(made)
    box = view.findChild(ChoiceBox)
    assert box is not None
    with qtbot.waitSignal(view.needed, timeout=1000):
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.currentText() == PROBABILITY
    assert all(0 <= y <= 1 for curve in view.plot.curves for y in curve.ys)


def test_without_a_token_it_asks_for_one(view: PathView) -> None:
    view.show_snapshot(known(masks=()))
    assert not view.picture.isVisible()
    assert view.paths.paths == ()
    assert NOTHING_HIDDEN in [label.text() for label in view.findChildren(QLabel)]
