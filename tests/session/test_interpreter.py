"""Tests of what the program does to the interpreter: when garbage is looked for, and whose turn."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from bertviz_app.core.snapshot import Snapshot
from bertviz_app.session.interpreter import Interpreter
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


def test_what_will_be_needed_is_imported_on_a_thread_of_its_own() -> None:
    sys.modules.pop("this", None)
    interpreter = Interpreter("that is not there", "this")
    interpreter.watch(Snapshot(loading="a model"))
    assert not [thread for thread in threading.enumerate() if thread.name == "imports"]
    interpreter.watch(snapshot())
    for thread in threading.enumerate():
        if thread.name == "imports":
            thread.join(30)
    assert "this" in sys.modules


def test_what_is_needed_now_is_imported_beside_and_said(qtbot: QtBot) -> None:
    sys.modules.pop("this", None)
    interpreter = Interpreter()
    with qtbot.waitSignal(interpreter.imported, timeout=30_000):
        interpreter.import_beside("that is not there", "this")
    assert "this" in sys.modules


def test_the_worker_gets_its_turn_soon() -> None:
    Interpreter()
    assert sys.getswitchinterval() <= 0.001
