"""The interpreter's own business, kept off the window: its turns between threads, its garbage."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from importlib import import_module
from threading import Thread

from PySide6.QtCore import QObject, Signal, Slot

from bertviz_app.core.snapshot import Snapshot

TURN = 0.0005
"""Seconds a thread may keep the interpreter while another one waits for it.

The worker asks for it again after every operation of torch: all layers are one, but what comes
before and after them, gradients and jobs are many. Python's own five milliseconds, each time, would
make BERT wait for the window while it paints.
"""


class Interpreter(QObject):
    """Set for a program with a window and a worker, from its start to the first picture.

    What the start leaves behind stays to the end. It is never looked through for garbage, neither
    while it is made nor later, when that would stop the window for a tenth of a second.

    Args:
        ahead: modules to import on a thread once the start is over, before they are needed.

    Signals:
        imported(): what was asked for by `import_beside` is there.
    """

    imported = Signal()

    def __init__(self, *ahead: str) -> None:
        super().__init__()
        self._ahead = ahead
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
            _begin(self._import_ahead)

    def import_beside(self, *names: str) -> None:
        """Import modules on a thread, while the window goes on."""
        _begin(partial(self._import_and_say, names))

    def _import_ahead(self) -> None:
        _import(self._ahead)
        gc.freeze()

    def _import_and_say(self, names: tuple[str, ...]) -> None:
        _import(names)
        with suppress(RuntimeError):  # the program may have ended meanwhile
            self.imported.emit()


def _begin(task: Callable[[], None]) -> None:
    # The program ends without waiting for it.
    Thread(target=task, name="imports", daemon=True).start()


def _import(names: Iterable[str]) -> None:
    for name in names:
        with suppress(ImportError):  # who needs it will say what is wrong with it
            import_module(name)
