"""Parts are drawn and painted one a turn, in order; what else is to be done comes between."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from time import perf_counter

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bertviz_app.ui.turns import Turns


class Part(QWidget):
    """Tells when it is drawn and when it is painted."""

    def __init__(self, name: str, told: list[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.name, self.told = name, told
        self.setGeometry("abcd".index(name) * 20, 0, 20, 20)

    def draw(self, what: str = "") -> None:
        self.told.append(f"draw {self.name}{what}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        self.told.append(f"paint {self.name}")


class Window(QWidget):
    """Four parts beside each other; `told` is what happened, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []
        self.parts = [Part(name, self.told, self) for name in "abcd"]
        self.turns = Turns(self)
        self.turns.ended.connect(lambda: self.told.append("ended"))


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = Window()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: len(made.told) == 4)
    made.told.clear()
    return made


def test_each_part_has_a_turn_and_keys_come_between(qtbot: QtBot, window: Window) -> None:
    a, b, _, d = window.parts
    key = QTimer(window)
    key.timeout.connect(lambda: window.told.append("key"))
    for part in (b, a):
        window.turns.give(part, part.draw)
    d.update()
    key.start(0)
    qtbot.waitUntil(lambda: "ended" in window.told)
    key.stop()
    drawn = [one for one in window.told if one != "key"]
    assert drawn == ["paint d", "draw b", "paint b", "draw a", "paint a", "ended"]
    between = window.told[window.told.index("paint b") : window.told.index("draw a")]
    assert "key" in between
    assert window.turns.are_over


def test_the_last_one_comes_after_all_that_wait_however_long_it_waits(
    qtbot: QtBot, window: Window
) -> None:
    a, b, c, _ = window.parts
    window.turns.give(b, b.draw)
    window.turns.give(c, c.draw, last=True)
    window.turns.give(a, a.draw)
    window.turns.give(c, c.draw, last=True)
    qtbot.waitUntil(lambda: "ended" in window.told)
    assert [one for one in window.told if "draw" in one] == ["draw b", "draw a", "draw c"]


def test_a_part_that_waits_is_drawn_once_as_was_asked_for_last(
    qtbot: QtBot, window: Window
) -> None:
    a, b, c, _ = window.parts
    for part in (a, b):
        window.turns.give(part, part.draw)
    window.turns.give(a, partial(a.draw, " anew"))
    assert a in window.turns
    assert c not in window.turns
    qtbot.waitUntil(lambda: "ended" in window.told)
    assert window.told == ["draw a anew", "paint a", "draw b", "paint b", "ended"]


def test_without_parts_they_end_once_all_is_painted(qtbot: QtBot, window: Window) -> None:
    window.turns.begin()
    window.parts[3].update()
    qtbot.waitUntil(lambda: "ended" in window.told)
    assert window.told == ["paint d", "ended"]


def test_all_can_be_drawn_at_once(qtbot: QtBot, window: Window) -> None:
    a, b, *_ = window.parts
    for part in (a, b):
        window.turns.give(part, part.draw)
    window.turns.finish()
    assert window.told == ["draw a", "draw b"]
    qtbot.waitUntil(lambda: "ended" in window.told)
    assert sorted(window.told[2:]) == ["ended", "paint a", "paint b"]


def test_a_part_that_cannot_be_drawn_keeps_no_other_one_waiting(
    qtbot: QtBot, window: Window
) -> None:
    a, b, *_ = window.parts

    def fail() -> None:
        raise ValueError("no picture")

    with qtbot.captureExceptions() as caught:
        window.turns.give(a, fail)
        window.turns.give(b, b.draw)
        qtbot.waitUntil(lambda: "ended" in window.told)
    assert window.told == ["draw b", "paint b", "ended"]
    assert [str(error) for _, error, _ in caught] == ["no picture"]


def test_what_becomes_due_during_a_turn_comes_before_the_next_one(
    qtbot: QtBot, window: Window
) -> None:
    clock = QTimer(window)
    clock.setTimerType(Qt.TimerType.PreciseTimer)
    clock.timeout.connect(lambda: window.told.append("tick"))

    def draw_slowly(part: Part) -> None:
        end = perf_counter() + 0.005
        while perf_counter() < end:
            pass
        part.draw()

    clock.start(1)
    qtbot.waitUntil(lambda: "tick" in window.told)
    for part in window.parts:
        window.turns.give(part, partial(draw_slowly, part))
    qtbot.waitUntil(lambda: "ended" in window.told)
    told = [one for one in window.told if one.startswith(("draw", "tick"))]
    for before, after in pairwise(told):
        assert not (before.startswith("draw") and after.startswith("draw"))
