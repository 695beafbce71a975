"""The bar of changes: one chip each, none twice, and each takes its own change away."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from bertviz_app.core.request import Interventions
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import State
from bertviz_app.ui import look
from bertviz_app.ui.change_bar import ChangeBar
from tests.synthetic import snapshot

ROW = (2, 1, 0)
"""Layer, head and token of an edited row."""


@pytest.fixture
def bar(qtbot: QtBot) -> ChangeBar:
    look.load_fonts()
    bar = ChangeBar()
    qtbot.addWidget(bar)
    bar.resize(1600, 44)
    return bar


def show(bar: ChangeBar, changes: Interventions) -> list[QPushButton]:
    """The chips in sight, at once: what is deleted later does not count as gone."""
    bar.show_snapshot(Snapshot(state=State(text="a b", interventions=changes)))
    return [one for one in bar.findChildren(QPushButton) if one.text()[-1] == "×" and seen(one)]


def seen(button: QPushButton) -> bool:
    parent = button.parentWidget()
    return parent is not None and button.isVisibleTo(parent)


def test_chips_that_are_replaced_are_gone_at_once(bar: ChangeBar) -> None:
    show(bar, Interventions(heads_off=((0, 1), (1, 2), (2, 3))))
    assert [one.text() for one in show(bar, Interventions(heads_off=((0, 1),)))] == [
        "head 1.2 off ×"
    ]
    assert [one.text() for one in show(bar, Interventions(causal=True))] == ["left only ×"]


def test_a_chip_whose_name_stays_is_kept_and_takes_away_what_is_newest(bar: ChangeBar) -> None:
    changes = Interventions(heads_off=((0, 1),), attention=((ROW, (0.5, 0.5)),))
    before = show(bar, changes)
    dragged = replace(changes, attention=((ROW, (0.9, 0.1)),))
    after = show(bar, dragged)
    assert after == before
    left: list[Interventions] = []
    bar.intervened.connect(left.append)
    after[0].click()
    assert left == [replace(dragged, heads_off=())]


def test_a_row_is_called_by_its_token_and_twins_are_told_apart(bar: ChangeBar) -> None:
    tokens = ("the", "&", "the", "unbelievably")
    rows = {(0, 0, query): [1, 0, 0, 0, 0, 0] for query in (2, 3, 4)}
    made = snapshot(tokens=tokens, masks=())
    changed = replace(made.state, interventions=Interventions(attention=rows, hidden_keys=(5,)))
    bar.show_snapshot(replace(made, state=changed))
    assert [one.text() for one in bar.findChildren(QPushButton) if one.text()[-1] == "×"] == [
        "no one looks at [SEP] ×",
        "row && of head 1.1 edited ×",
        "row the₂ of head 1.1 edited ×",
        "row unbelievab… of head 1.1 edited ×",
    ]
