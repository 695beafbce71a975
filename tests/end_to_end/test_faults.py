"""An engine that hangs and a screen that is gone, in the real window."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator

import pytest

from bertviz_app.inference.engine import Engine
from bertviz_app.session import overdue
from bertviz_app.storage.settings import settings_path
from bertviz_app.ui.window import LEAST_HEIGHT, LEAST_WIDTH, USUAL_HEIGHT, USUAL_WIDTH
from tests.fixtures.desk import Desk


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What the engine waits for; open at the end, so that every thread ends."""
    made = threading.Event()
    yield made
    made.set()


def test_an_engine_that_hangs_is_left_by_a_button_and_the_text_is_computed(
    gate: threading.Event, open_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_desk()
    monkeypatch.setattr(overdue, "OVERDUE_AFTER", 0.2)
    answer, hung = Engine.answer, []

    def hang_once(*arguments: object) -> object:
        if not hung:
            hung.append(arguments)
            gate.wait()
        return answer(*arguments)

    monkeypatch.setattr(Engine, "answer", hang_once)
    field = desk.frame.text_row.fields[0]
    field.select((4, 9))
    desk.qtbot.keyClicks(field, "man")
    desk.wait(lambda: desk.snapshot.note is not None and desk.snapshot.note.other != "")
    assert "is taking long" in desk.snapshot.note.text
    assert desk.best() == "her"
    desk.press("Restart engine")
    desk.settle()
    assert desk.session.state.text == "The man washed [MASK] hands."
    assert desk.best() == "his"
    assert desk.snapshot.note is None
    gate.set()


def test_what_hangs_is_waited_for_no_more_after_cancel(
    gate: threading.Event, open_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_desk()
    monkeypatch.setattr(overdue, "OVERDUE_AFTER", 0.2)
    answer = Engine.answer

    def wait_first(*arguments: object) -> object:
        gate.wait()
        return answer(*arguments)

    monkeypatch.setattr(Engine, "answer", wait_first)
    desk.qtbot.keyClicks(desk.frame.text_row.fields[0], "x")
    desk.wait(lambda: desk.snapshot.note is not None and desk.snapshot.note.other != "")
    desk.press("Cancel")
    assert "○ not computed" in desk.frame.status.text
    gate.set()
    desk.settle()
    assert "● up to date" in desk.frame.status.text


def test_a_window_larger_than_any_screen_is_made_to_fit(open_desk: Callable[..., Desk]) -> None:
    settings_path().parent.mkdir(parents=True)
    settings_path().write_text(json.dumps({"width": 9000, "height": 9000}))
    desk = open_desk()
    screen = desk.window.screen().availableSize()
    assert desk.window.width() == max(screen.width(), LEAST_WIDTH)
    assert desk.window.height() == max(screen.height(), LEAST_HEIGHT)


def test_half_a_size_is_none(open_desk: Callable[..., Desk]) -> None:
    settings_path().parent.mkdir(parents=True)
    settings_path().write_text(json.dumps({"width": 1000}))
    desk = open_desk()
    assert (desk.window.width(), desk.window.height()) == (USUAL_WIDTH, USUAL_HEIGHT)
