"""Tests of the panes: which views are on screen, their tabs, and how wide the panes are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui import look
from bertviz_app.ui.panes import Panes, Spot
from bertviz_app.ui.view import Pane, View


def kind(called: str, where: Pane) -> type[View]:
    class Made(View):
        name, pane, title = called, where, called.title()
        sees = explains = "nothing"

        def draw(self, snapshot: Snapshot) -> None:
            pass

    return Made


KINDS = {
    1: [
        kind("table", Pane.ALL),
        *(kind(name, Pane.ONE) for name in ("arcs", "map", "sums")),
    ],
    2: [kind("lone", Pane.ONE)],
}


@pytest.fixture
def panes(qtbot: QtBot) -> Iterator[Panes]:
    look.load_fonts()
    look.apply(look.Look())
    made = Panes(QWidget(), KINDS.__getitem__)
    qtbot.addWidget(made)
    made.resize(1280, 600)
    made.open_place(1)
    made.show()
    yield made
    made.hide()


def names(panes: Panes) -> list[str]:
    return [view.name for view in panes.visible_views()]


def tabs(panes: Panes, spot: Spot) -> list[str]:
    bar = panes.panes[spot].tabs
    return [bar.tabText(at) for at in range(bar.count())] if bar.isVisible() else []


def test_views_of_one_pane_share_it_by_tabs(qtbot: QtBot, panes: Panes) -> None:
    assert names(panes) == ["table", "arcs"]
    assert tabs(panes, Spot.ONE) == ["Arcs", "Map", "Sums"]
    assert tabs(panes, Spot.ALL) == []
    bar = panes.panes[Spot.ONE].tabs
    with qtbot.waitSignal(panes.rearranged, timeout=1000):
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(2).center())
    assert names(panes) == ["table", "sums"]


def test_a_place_remembers_its_tab(panes: Panes) -> None:
    panes.step_tab(1)
    panes.open_place(2)
    assert names(panes) == ["lone"]
    panes.open_place(1)
    assert names(panes) == ["table", "map"]


def test_tabs_go_round(panes: Panes) -> None:
    panes.step_tab(-1)
    assert names(panes) == ["table", "sums"]
    panes.step_tab(1)
    assert names(panes) == ["table", "arcs"]


def test_a_wide_window_shows_the_second_view_beside_the_first(panes: Panes) -> None:
    panes.resize(1920, 600)
    assert names(panes) == ["table", "arcs", "map"]
    assert tabs(panes, Spot.ONE) == ["Arcs", "Sums"]
    widths = [panes.panes[spot].width() / 1920 for spot in Spot]
    assert widths == pytest.approx([0.28, 0.32, 0.24], abs=0.01)
    panes.resize(1280, 600)
    assert names(panes) == ["table", "arcs"]
    assert tabs(panes, Spot.ONE) == ["Arcs", "Map", "Sums"]


def test_a_lone_view_has_all_the_room(panes: Panes) -> None:
    panes.resize(1920, 600)
    panes.open_place(2)
    assert names(panes) == ["lone"]
    assert panes.panes[Spot.ONE].width() == pytest.approx(1920 * 0.84, abs=20)


def test_in_a_small_window_a_chosen_view_comes_to_the_front(panes: Panes) -> None:
    panes.resize(1000, 600)
    assert names(panes) == ["table"]
    panes.choose("sums")
    assert names(panes) == ["sums"]


def test_a_window_that_becomes_small_keeps_no_room_for_panes_that_are_hidden(
    panes: Panes,
) -> None:
    panes.resize(1920, 600)
    for view in panes.visible_views():
        view.setMinimumWidth(300)
    QCoreApplication.sendPostedEvents()
    panes.resize(960, 600)
    assert panes.sizes()[0] == pytest.approx(960 * 0.26, abs=2)


def test_a_pane_that_needs_less_room_gives_it_back(qtbot: QtBot, panes: Panes) -> None:
    (view,) = (view for view in panes.visible_views() if view.name == "arcs")
    usual = panes.panes[Spot.ONE].width()
    view.setMinimumWidth(700)
    panes.open_place(1)
    qtbot.waitUntil(lambda: panes.panes[Spot.ONE].width() >= 700)
    view.setMinimumWidth(0)
    qtbot.waitUntil(lambda: panes.panes[Spot.ONE].width() == usual)


def test_own_widths_hold_with_and_without_a_second_pane(panes: Panes) -> None:
    panes.set_shares((200, 300, 300, 200))
    assert panes.panes[Spot.ONE].width() == pytest.approx(640, abs=10)
    panes.resize(1920, 600)
    assert panes.panes[Spot.ONE].width() == pytest.approx(576, abs=10)
    assert panes.panes[Spot.SECOND].width() == pytest.approx(384, abs=10)


def test_forgotten_tabs_are_the_first_again(panes: Panes) -> None:
    panes.step_tab(1)
    panes.forget_tabs()
    assert names(panes) == ["table", "arcs"]


@pytest.mark.parametrize("width", [1000, 1280, 1920])
def test_what_was_brought_to_the_front_is_there_again(panes: Panes, width: int) -> None:
    panes.resize(width, 600)
    panes.choose("sums")
    for front in ("sums", "table"):
        panes.choose(front)
        seen, kept = names(panes), panes.chosen
        panes.forget_tabs()
        panes.choose("arcs")
        panes.restore(1, ("unknown", *kept))
        assert names(panes) == seen


def test_a_view_is_built_when_it_is_first_shown_and_once(qtbot: QtBot, panes: Panes) -> None:
    assert [view.name for view in panes.views] == ["table", "arcs"]
    with qtbot.waitSignal(panes.built) as built:
        panes.open_place(2)
    assert [built.args[0]] == panes.visible_views()
    panes.open_place(1)
    assert [view.name for view in panes.views] == ["table", "arcs", "lone"]


def test_a_tab_can_be_chosen_before_its_place_is_opened(panes: Panes) -> None:
    panes.open_place(2)
    panes.choose("sums")
    assert names(panes) == ["lone"]
    panes.open_place(1)
    assert names(panes) == ["table", "sums"]
