"""Tests of the pulse: a hold-up is measured, an idle window is left alone."""

from __future__ import annotations

import time

import pytest
from pytestqt.qtbot import QtBot

from bertviz_app.session import pulse
from bertviz_app.session.pulse import Pulse


def hold_up(seconds: float) -> None:
    """Keep the event loop from turning."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass


def test_a_hold_up_of_the_loop_is_measured(qtbot: QtBot) -> None:
    heart = Pulse()
    heart.quicken()
    hold_up(0.2)  # before the loop turns: not counted
    qtbot.waitUntil(lambda: heart._running)  # noqa: SLF001 - what tells that the loop has begun
    assert heart.longest == 0
    heart.quicken()
    hold_up(0.2)
    qtbot.waitUntil(lambda: heart.longest > 0)
    assert heart.longest >= 0.17
    assert heart.noticed >= 1
    heart.deleteLater()


def test_it_rests_a_while_after_the_last_event(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulse, "REST_AFTER", 0.05)
    heart = Pulse()
    timer = heart._timer  # noqa: SLF001 - what would wake an idle machine
    qtbot.waitUntil(lambda: heart._running)  # noqa: SLF001
    assert not timer.isActive()
    heart.quicken()
    assert timer.isActive()
    qtbot.waitUntil(lambda: not timer.isActive())
    heart.deleteLater()
