"""Overdue: says when a worker has been at one thing for longer than anything should take."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from bertviz_app.session.worker import Task

OVERDUE_AFTER = 10.0
"""Seconds at one thing after which the person is asked whether to go on waiting."""


class Overdue(QObject):
    """Looks at what a worker does while there is something to do, and rests otherwise.

    Signals:
        found(Task): this has taken long; it is said again each time as long has passed.
    """

    found = Signal(object)

    def __init__(self, task: Callable[[], Task | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task = task
        self._resting = False
        self._asked = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)

    def look(self) -> None:
        """Something was asked of the worker: look at it until it has nothing to do."""
        self._asked = True
        if not self._resting and not self._timer.isActive():
            self._wait(OVERDUE_AFTER)

    def rest(self) -> None:
        """Look no more, whatever is asked."""
        self._resting = True
        self._timer.stop()

    @Slot()
    def _on_timeout(self) -> None:
        task, asked, self._asked = self._task(), self._asked, False
        if task is None:
            if asked:  # it may not have begun yet
                self._wait(OVERDUE_AFTER)
            return
        left = OVERDUE_AFTER - (monotonic() - task.since)
        if left > 0:
            self._wait(left)
        else:
            self._wait(OVERDUE_AFTER)
            self.found.emit(task)

    def _wait(self, seconds: float) -> None:
        self._timer.start(max(round(seconds * 1000), 1))
