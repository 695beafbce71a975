"""The window is seen before a place is open in it; what is asked for meanwhile is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bertviz_app.app import build_window
from bertviz_app.cli import build_parser
from bertviz_app.ui.views import place_of
from bertviz_app.ui.window import MainWindow
from tests.fixtures.desk import Desk


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """A window with nobody's settings, painted, and without a place."""
    for kind in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path))
    session, shown = build_window(build_parser().parse_args([]))
    with qtbot.waitSignal(shown.frame.painted):
        shown.show()
    yield shown
    with qtbot.waitSignal(session.closed):
        shown.close()
    shown.deleteLater()


def test_it_begins_with_the_place_of_attention(window: MainWindow) -> None:
    assert window.frame.panes.place == 0
    assert not window.frame.views
    window.begin()
    assert window.frame.panes.place == 3
    assert [view.name for view in window.frame.panes.visible_views()] == ["all_heads", "arcs"]


def test_a_place_that_was_opened_meanwhile_stays(window: MainWindow) -> None:
    window.act("place.5")
    window.begin()
    assert window.frame.panes.place == 5


def test_from_no_place_the_next_one_is_that_after_the_first(window: MainWindow) -> None:
    window.act("place.next")
    assert window.frame.panes.place == 4


def test_a_sheet_that_was_opened_meanwhile_stays(window: MainWindow) -> None:
    window.act("help.keys")
    window.begin()
    assert window.frame.sheet.isVisible()
    assert window.frame.sheet.width() > 300


def test_it_is_painted_for_the_first_time_once(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(window.frame.painted, wait=50):
        window.frame.repaint()


def test_it_begins_with_the_place_that_was_open_and_builds_no_other(
    open_desk: Callable[..., Desk],
) -> None:
    last = open_desk(bundled=False)
    last.window.act("place.5")
    last.close()
    again = open_desk(bundled=False).window
    assert again.sessions.first_layout.place == 5
    assert {place_of(view.name) for view in again.frame.views} == {5}
