"""Tests of the menu of how weights are drawn: what each entry asks for, and what is checked."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from bertviz_app.analysis.weights import PER_HEAD
from bertviz_app.core.state import Scale, ViewOptions, WeightKind
from bertviz_app.ui.parts.weight_kinds import MEANS
from bertviz_app.ui.parts.weights_menu import WeightsMenu


@pytest.fixture
def menu(qtbot: QtBot) -> QMenu:
    made = QMenu()
    qtbot.addWidget(made)
    return made


def entries(menu: QMenu) -> dict[str, QAction]:
    """All entries by their words, those of submenus too."""
    found: dict[str, QAction] = {}
    for action in menu.actions():
        sub = action.menu()
        found |= entries(sub) if isinstance(sub, QMenu) else {action.text(): action}
    return found


@pytest.mark.parametrize(
    ("words", "change"),
    [
        ("Fold [CLS] and [SEP]", {"fold": True}),
        ("Fold punctuation", {"fold_punctuation": True}),
        ("Merge pieces to words: keys summed, queries averaged", {"words": True}),
        ("Weights from a threshold on", {"keep": 1.0, "above": 0.01}),
        *((kind.value, {"kind": kind}) for kind in WeightKind if kind is not WeightKind.NORM),
        *((scale.value, {"scale": scale}) for scale in Scale if scale is not Scale.LOG),
    ],
)
def test_each_entry_asks_for_one_thing(
    qtbot: QtBot, menu: QMenu, words: str, change: dict[str, object]
) -> None:
    weights = WeightsMenu(menu)
    before = {"scale": Scale.LOG, "kind": WeightKind.NORM, "keep": 0.7, "first_number": 0}
    weights.show_options(ViewOptions(**before))
    assert not entries(menu)[words].isChecked()
    with qtbot.waitSignal(weights.optioned) as asked:
        entries(menu)[words].trigger()
    assert asked.args == [ViewOptions(**(before | change))]
    weights.show_options(asked.args[0])
    assert entries(menu)[words].isChecked()


def test_every_kind_says_what_it_means_and_what_not(menu: QMenu) -> None:
    WeightsMenu(menu)
    for kind in WeightKind:
        assert entries(menu)[kind.value].toolTip() == MEANS[kind]
    assert menu.toolTipsVisible()


def test_where_every_head_is_drawn_only_kinds_of_one_head_can_be_chosen(menu: QMenu) -> None:
    WeightsMenu(menu, PER_HEAD)
    words = entries(menu)
    assert {kind for kind in WeightKind if kind.value in words} == set(PER_HEAD)
