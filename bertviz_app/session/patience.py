"""Patience: says when the newest text has waited for its answer longer than a person expects."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

CATCHING_UP_AFTER = 150
BEHIND_AFTER = 1000
"""Milliseconds without an answer after which the status line, and then the titles, say so."""


class Patience(QObject):
    """Counts from the first run that waits; an answer to an older one begins anew.

    Signals:
        stretched(bool): the wait is noticeable (False), or long (True).
    """

    stretched = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting = False
        self._long = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)

    def wait(self) -> None:
        """A run waits from now on, if none did before."""
        if not self._waiting:
            self._waiting, self._long = True, False
            self._timer.start(CATCHING_UP_AFTER)

    def answered(self, *, newest: bool) -> None:
        """A run was answered; with `newest`, nothing waits any more."""
        self.stop()
        if not newest:
            self.wait()

    def stop(self) -> None:
        """Nothing is waited for any more."""
        self._waiting = False
        self._timer.stop()

    @Slot()
    def _on_timeout(self) -> None:
        self.stretched.emit(self._long)
        if not self._long:
            self._long = True
            self._timer.start(BEHIND_AFTER - CATCHING_UP_AFTER)
