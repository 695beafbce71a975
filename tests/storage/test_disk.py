"""Tests of the disk's own thread."""

from __future__ import annotations

import threading

from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from bertviz_app.storage.disk import Disk


def test_errands_are_done_elsewhere_and_told_here(qtbot: QtBot) -> None:
    disk, told = Disk(), []
    here = QThread.currentThread()
    disk.do(
        threading.get_ident,
        lambda there: told.append((there, QThread.currentThread() is here)),
    )
    qtbot.waitUntil(lambda: bool(told))
    disk.close()
    ((there, on_our_thread),) = told
    assert there != threading.get_ident()
    assert on_our_thread


def test_of_one_name_the_newest_is_done_and_others_in_turn(qtbot: QtBot) -> None:
    disk, gate, done = Disk(), threading.Event(), []
    disk.do(gate.wait)
    for number in range(5):
        disk.do(lambda number=number: done.append(number), newest_of="journal")
    disk.do(lambda: done.append("save"))
    gate.set()
    disk.close()
    assert done == [4, "save"]


def test_what_was_asked_is_done_before_the_end(qtbot: QtBot) -> None:
    disk, done = Disk(), []
    disk.do(lambda: done.append(True))
    disk.close()
    assert done == [True]
