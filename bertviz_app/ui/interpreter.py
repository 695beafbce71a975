"""The interpreter's own business, kept off the window: turns of threads, garbage, imports."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from importlib import import_module
from threading import Thread
from time import perf_counter

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from bertviz_app.core.snapshot import Snapshot

TURN = 0.0005
"""Seconds a thread may keep the interpreter while another one waits for it.

The worker asks for it again after every operation of torch: all layers are one, but what comes
before and after them, gradients and jobs are many. Python's own five milliseconds, each time, would
make BERT wait for the window while it paints.
"""


AT_ONCE = 0.004
"""Seconds of one turn of the event loop in which Qt's classes are made ahead."""


class Interpreter(QObject):
    """Set for a program with a window and a worker, from its start to the first picture.

    What the start leaves behind stays to the end. It is never looked through for garbage, neither
    while it is made nor later, when that would stop the window for a tenth of a second.

    Args:
        ahead: modules to import on a thread once the start is over, before they are needed.

    Signals:
        imported(): what was asked for by `import_in_turns` is there.
    """

    imported = Signal()

    def __init__(self, *ahead: str) -> None:
        super().__init__()
        self._ahead = ahead
        self._classes = _classes_of_qt()
        self._started = False
        sys.setswitchinterval(TURN)
        gc.disable()

    @Slot(object)
    def watch(self, snapshot: Snapshot) -> None:
        """The start is over with the first picture, or when there will be none."""
        if not self._started and (snapshot.answer is not None or snapshot.loading is None):
            self._started = True
            gc.freeze()
            gc.enable()
            if self._ahead:
                self._go_on()

    def import_in_turns(self, *names: str) -> None:
        """Import modules that the window wants now, each in a turn of the event loop of its own.

        Not on a thread, see `_classes_of_qt`.
        """
        if not names:
            self.imported.emit()
            return
        _import(names[0])
        QTimer.singleShot(0, partial(self.import_in_turns, *names[1:]))

    def _go_on(self) -> None:
        """Have some more of Qt's classes made; once all are there, begin to import."""
        end = perf_counter() + AT_ONCE
        for _ in self._classes:
            if perf_counter() > end:
                QTimer.singleShot(0, self._go_on)
                return
        # The program ends without waiting for it.
        Thread(target=self._import_ahead, name="imports", daemon=True).start()

    def _import_ahead(self) -> None:
        for name in self._ahead:
            _import(name)
        gc.freeze()


def _classes_of_qt() -> Iterator[None]:
    """Have PySide make its classes, one a step.

    It makes each when it is first asked for. Had a thread it made while the window used it, the
    program crashed.
    """
    for module in (QtCore, QtGui, QtWidgets):
        for name in dir(module):
            getattr(module, name)
            yield


def _import(name: str) -> None:
    with suppress(ImportError):  # who needs it will say what is wrong with it
        import_module(name)
