"""Tests of what the program does to the interpreter: when garbage is looked for, and whose turn."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui.interpreter import Interpreter
from tests.synthetic import snapshot

pytestmark = pytest.mark.usefixtures("restored")


@pytest.fixture
def restored() -> Iterator[None]:
    interval = sys.getswitchinterval()
    gc.unfreeze()  # what tests/conftest.py has set aside, and sets aside again
    yield
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.enable()
    sys.setswitchinterval(interval)


def test_no_garbage_is_looked_for_before_the_first_picture() -> None:
    interpreter = Interpreter()
    assert not gc.isenabled()
    interpreter.watch(Snapshot(loading="a model"))
    assert not gc.isenabled()
    interpreter.watch(replace(snapshot(), loading=None))
    assert gc.isenabled()


def test_what_the_start_made_is_left_alone_for_good() -> None:
    interpreter = Interpreter()
    interpreter.watch(snapshot())
    assert gc.get_freeze_count() > 10_000
    gc.unfreeze()
    interpreter.watch(snapshot())
    assert gc.get_freeze_count() == 0


def test_without_a_model_garbage_is_looked_for_all_the_same() -> None:
    Interpreter().watch(Snapshot(loading=None))
    assert gc.isenabled()


def test_what_will_be_needed_is_imported_on_a_thread_of_its_own(qtbot: QtBot) -> None:
    sys.modules.pop("this", None)
    interpreter = Interpreter("that is not there", "this")
    interpreter.watch(Snapshot(loading="a model"))
    assert not [thread for thread in threading.enumerate() if thread.name == "imports"]
    interpreter.watch(snapshot())
    qtbot.waitUntil(lambda: "this" in sys.modules, timeout=30_000)


QT = """
import sys
from PySide6.QtWidgets import QApplication
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui import interpreter

def is_made():
    return "QCalendarWidget" in vars(sys.modules["PySide6.QtWidgets"])

application, found = QApplication([]), [is_made()]
interpreter.import_module = lambda name: found.append(is_made())
kept = interpreter.Interpreter("a module")
kept.watch(Snapshot(loading=None))
while len(found) < 2:
    application.processEvents()
print(found)
"""


def test_no_class_of_qt_is_made_by_that_thread() -> None:
    done = subprocess.run(
        [sys.executable, "-c", QT],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == "[False, True]\n"


def test_what_is_needed_now_is_imported_in_turns_and_said(qtbot: QtBot) -> None:
    sys.modules.pop("this", None)
    interpreter = Interpreter()
    with qtbot.waitSignal(interpreter.imported, timeout=30_000):
        interpreter.import_in_turns("that is not there", "this")
        assert "this" not in sys.modules
    assert "this" in sys.modules


def test_the_worker_gets_its_turn_soon() -> None:
    Interpreter()
    assert sys.getswitchinterval() <= 0.001
