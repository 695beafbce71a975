"""What takes long is found, however late it begins."""

from __future__ import annotations

from time import monotonic

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from bertviz_app.session import overdue
from bertviz_app.session.overdue import Overdue
from bertviz_app.session.worker import Task


def test_what_has_not_begun_at_the_first_look_is_looked_at_again(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overdue, "OVERDUE_AFTER", 0.02)
    tasks = iter([None, task := Task("this text", monotonic() - 1)])
    looked = Overdue(lambda: next(tasks))
    with qtbot.waitSignal(looked.found) as found:
        looked.look()
    assert found.args == [task]
    looked.rest()


def test_it_rests_when_nothing_is_done(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overdue, "OVERDUE_AFTER", 0.01)
    looks = []
    looked = Overdue(lambda: looks.append(1))
    looked.look()
    qtbot.waitUntil(lambda: len(looks) == 2)
    timer = looked.findChild(QTimer)
    assert isinstance(timer, QTimer)
    assert not timer.isActive()
