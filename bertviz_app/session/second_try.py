"""A second try to open a model, when a file of it that was still being written changes no more."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from bertviz_app.analysis.visible import named
from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.session.file_watch import state_of

LOOK_EVERY = 1000
"""Milliseconds between two looks at the file."""

STILL = 3
"""Looks in a row that find it unchanged, after which it is taken to be whole."""


class SecondTry(QObject):
    """Waits for one file at a time, and asks the disk on threads of their own, as `FileWatch` does.

    A file that is gone is waited for no longer: who opens the model will say so.

    Signals:
        due(ModelWanted): the model may be tried again.
    """

    due = Signal(object)
    _seen = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted: ModelWanted | None = None
        self._tried: ModelWanted | None = None
        self._path = Path()
        self._state: tuple[int, int] | None = None
        self._still = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        self._seen.connect(self._on_seen)

    @property
    def words(self) -> str | None:
        """What is waited for, to be read after "Reading"; None if nothing is."""
        return f"{named(self._wanted.name)} when it is whole" if self._wanted is not None else None

    def wait(self, wanted: ModelWanted, path: Path) -> bool:
        """Begin to wait for the file of a model; False if this was its second try already."""
        again = wanted == self._tried
        self.stop()
        if again:
            return False
        self._wanted, self._path, self._state, self._still = wanted, path, None, 0
        self._timer.start(LOOK_EVERY)
        return True

    def stop(self) -> None:
        """Wait no more; the next try is a first one."""
        self._wanted = self._tried = None
        self._timer.stop()

    @Slot()
    def _on_timeout(self) -> None:
        args = (self._wanted, self._path)
        threading.Thread(target=self._look, args=args, name="second try", daemon=True).start()

    def _look(self, wanted: ModelWanted, path: Path) -> None:
        state = state_of(path)
        with suppress(RuntimeError):  # the window may be gone by now
            self._seen.emit(wanted, state)

    @Slot(object, object)
    def _on_seen(self, wanted: ModelWanted, state: tuple[int, int] | None) -> None:
        if wanted is not self._wanted:
            return
        self._still = self._still + 1 if state == self._state else 0
        self._state = state
        if state is not None and self._still < STILL:
            self._timer.start(LOOK_EVERY)
            return
        self.stop()
        self._tried = wanted
        self.due.emit(wanted)
