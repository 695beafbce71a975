"""Tests of the stopwatch: which keys are measured, and the table of where their time went."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.timings import Timings
from bertviz_app.core.trace import Answer
from bertviz_app.ui.stopwatch import KEPT, PARTS, Keystroke, Stopwatch
from tests.synthetic import snapshot


@pytest.fixture
def field(qtbot: QtBot) -> QLineEdit:
    made = QLineEdit()
    qtbot.addWidget(made)
    return made


def of_text(text: str, sent: float) -> Snapshot:
    """A snapshot whose text is `text`, with the answer to it."""
    made = snapshot(6)
    assert made.answer is not None
    run = replace(made.answer.as_is, request=replace(made.answer.as_is.request, text=text))
    answer = Answer(run, timings=Timings(sent=sent, queue=0.001, layers=0.002))
    return replace(made, answer=answer, state=replace(made.state, text=text))


def typed(made: Snapshot, text: str) -> Snapshot:
    """The snapshot before the text has its answer."""
    return replace(made, state=replace(made.state, text=text))


def test_a_key_is_measured_to_the_painted_picture(qtbot: QtBot, field: QLineEdit) -> None:
    stopwatch, before = Stopwatch([field]), of_text("a", 0.0)
    stopwatch.shown(before, perf_counter())
    began = perf_counter()
    qtbot.keyClick(field, Qt.Key.Key_B)
    stopwatch.shown(typed(before, "ab"), perf_counter())
    assert not stopwatch.keystrokes
    after = of_text("ab", perf_counter())
    with qtbot.waitSignal(stopwatch.measured) as measured:
        stopwatch.shown(after, perf_counter())
        stopwatch.painted()
    found = dict(zip(PARTS, measured.args[0].seconds, strict=True))
    assert (found["queue"], found["layers"]) == (0.001, 0.002)
    assert 0 < found["key to request"] < found["whole"] <= perf_counter() - began
    assert found["hand out"] >= 0
    assert found["draw and paint"] >= 0


def test_an_answer_that_no_key_asked_for_is_not_measured(qtbot: QtBot, field: QLineEdit) -> None:
    stopwatch = Stopwatch([field])
    stopwatch.shown(of_text("a", 0.0), perf_counter())
    qtbot.keyClick(field, Qt.Key.Key_Left)
    QApplication.processEvents()
    stopwatch.shown(of_text("an example", 0.0), perf_counter())
    stopwatch.painted()
    assert not stopwatch.keystrokes


def test_the_table_has_a_line_for_each_part(field: QLineEdit) -> None:
    stopwatch = Stopwatch([field])
    for number in range(KEPT + 5):
        stopwatch.keystrokes.append(Keystroke((number / 1e3,) * len(PARTS)))
    lines = stopwatch.table.splitlines()
    assert "last 1,000 keys" in lines[0]
    assert [line.rsplit(maxsplit=3)[0] for line in lines[3:]] == list(PARTS)
    assert lines[-1].split()[1:] == ["504.5", "994.0", "1004.0"]


def test_without_keys_the_table_says_so(field: QLineEdit) -> None:
    lines = Stopwatch([field]).table.splitlines()
    assert "last 0 keys" in lines[0]
    assert lines[-1].split() == ["whole", "–", "–", "–"]
