"""Effect: the words as is and changed, and the change of every map."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from bertviz_app.core.state import Pick, Show, ViewOptions
from bertviz_app.ui import look, numbers
from bertviz_app.ui.parts.head_grid import HeadGrid
from bertviz_app.ui.parts.row_list import RowList
from bertviz_app.ui.views.experiments.effects import NO_MAP_MOVES, NOTHING_CHANGED, Effects
from tests.synthetic import snapshot
from tests.ui.looking import colours


@pytest.fixture
def view(qtbot: QtBot) -> Effects:
    look.load_fonts()
    look.apply(look.Look())
    made = Effects()
    qtbot.addWidget(made)
    made.resize(520, 560)
    made.show()
    return made


def grid(view: Effects) -> HeadGrid:
    found = view.findChild(HeadGrid)
    assert isinstance(found, HeadGrid)
    return found


def test_without_a_change_it_says_what_to_do(view: Effects) -> None:
    view.show_snapshot(snapshot(8))
    assert NOTHING_CHANGED in [label.text() for label in view.findChildren(QLabel)]
    assert not view.picture.isVisible()


def test_it_reads_out_the_followed_word(view: Effects) -> None:
    made = snapshot(8, changed=True)
    view.show_snapshot(made)
    (row,) = [row for row in view.rows if row.followed]
    effect = row.effect
    assert effect.token == made.word
    before, after = numbers.weight(effect.before), numbers.weight(effect.after)
    start = f"{made.word}: {before} as is, {after} changed, {numbers.signed(effect.difference)}; "
    assert view.readout.startswith(start)
    assert made.answer is not None
    assert made.answer.changed is not None
    best = [
        run.predictions[0].candidates[0].token for run in (made.answer.as_is, made.answer.changed)
    ]
    assert view.readout.endswith(f"best word {best[0]} → {best[1]}")
    assert view.best == f"best word {best[0]} → {best[1]}"


def test_several_blanks_are_told_apart(view: Effects) -> None:
    view.show_snapshot(snapshot(8, masks=(1, 4), changed=True))
    assert "at [MASK]₁" in view.best
    assert "at [MASK]₂" in view.best
    heading = view.picture.findChildren(RowList)[0].rows[0]
    assert heading.spoken == "word at [MASK]₁, as is, changed, difference"


@pytest.mark.parametrize("show", Show)
def test_the_bar_is_of_what_is_shown(view: Effects, show: Show) -> None:
    view.show_snapshot(snapshot(8, changed=True, options=ViewOptions(show=show)))
    signed = [look.current().theme.diverging[end].lower() for end in (0, -1)]
    table = view.findChild(RowList)
    assert isinstance(table, RowList)
    found = colours(table)
    assert all(bool(found[name]) == (show is Show.DIFFERENCE) for name in signed)


def test_it_says_so_when_only_the_last_layer_passes_something_else_on(view: Effects) -> None:
    attention = np.full((2, 3, 8, 8), 1 / 8, np.float32)
    made = snapshot(8, attention=attention, changed_attention=attention, changed=True)
    view.show_snapshot(made)
    assert NO_MAP_MOVES in [label.text() for label in view.findChildren(QLabel)]
    other = attention.copy()
    other[1, 2, 0, 0] += 1e-7  # rounding
    view.show_snapshot(snapshot(8, attention=attention, changed_attention=other, changed=True))
    assert NO_MAP_MOVES in [label.text() for label in view.findChildren(QLabel)]
    other[1, 2, 0, 0] += 1e-6
    view.show_snapshot(snapshot(8, attention=attention, changed_attention=other, changed=True))
    assert NO_MAP_MOVES not in [label.text() for label in view.findChildren(QLabel)]


@pytest.mark.parametrize("height", [401, 440, 463])
def test_the_list_ends_on_a_whole_row(view: Effects, qtbot: QtBot, height: int) -> None:
    view.show_snapshot(snapshot(8, changed=True))
    view.resize(520, height)
    table = view.findChild(RowList)
    assert isinstance(table, RowList)
    qtbot.waitUntil(lambda: table.viewport().height() % table.sizeHintForRow(0) == 0)
    assert table.height() - table.viewport().height() < table.sizeHintForRow(0)


def test_every_head_has_its_change(view: Effects) -> None:
    attention = np.full((2, 3, 8, 8), 1 / 8, np.float32)
    other = attention.copy()
    other[1, 2, :, 0] += 0.08
    made = snapshot(8, attention=attention, changed_attention=other, changed=True, head=(1, 2))
    view.show_snapshot(made)
    values = grid(view).shown.values
    assert values[0, 0] == 0
    assert values[1, 2] == pytest.approx(0.01)
    grid(view).point_at(grid(view).tile((1, 2)).center())
    assert view.readout == "head 2.3: its map changed by 0.01 (mean |ΔA|)"
    assert view.numbers().splitlines()[-1].startswith("2\t3\t0.00999")


def test_rows_are_kept_and_put_into_the_blank(view: Effects, qtbot: QtBot) -> None:
    made = snapshot(8, changed=True)
    view.show_snapshot(made)
    said: list[object] = []
    view.picked.connect(said.append)
    view.filled.connect(lambda at, word: said.append((at, word)))
    table = view.findChild(RowList)
    assert isinstance(table, RowList)
    qtbot.keyClick(table, Qt.Key.Key_Home)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    first = view.rows[0].effect.token
    assert said[0] == Pick(word=first)
    assert said[1] == (3, made.word)


def test_the_same_runs_are_not_compared_again(
    view: Effects, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = snapshot(8, changed=True)
    view.show_snapshot(made)
    monkeypatch.setattr("bertviz_app.ui.views.experiments.effects.map_changes", None)
    view.show_snapshot(replace(made, preview=Pick(token=1)))
    assert "could not be drawn" not in view.readout
    assert view.picture.isVisible()
