"""The pulse: how long the window's event loop was ever held up, measured while it works."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer, Slot

INTERVAL = 20
"""Milliseconds between two beats."""

REST_AFTER = 2.0
"""Seconds after the last call of `quicken` in which it beats."""

NOTICED = 0.05
"""Seconds that a person who types notices."""


class Pulse(QObject):
    """Beats while something happens, and rests otherwise: an idle window wakes nobody.

    Attributes:
        longest: seconds by which the latest beat of all came late.
        noticed: how many came more than `NOTICED` late.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.longest = 0.0
        self.noticed = 0
        self._running = False
        self._last = 0.0
        self._until = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(INTERVAL)
        self._timer.timeout.connect(self._on_timeout)
        QTimer.singleShot(0, self, self._begin)

    @Slot()
    def quicken(self) -> None:
        """Something happens now: beat for a while."""
        if self._running:
            now = perf_counter()
            self._until = now + REST_AFTER
            if not self._timer.isActive():
                self._last = now
                self._timer.start()

    def _begin(self) -> None:
        # What comes before the loop turns is the start of the program, which is measured elsewhere.
        self._running = True

    @Slot()
    def _on_timeout(self) -> None:
        now = perf_counter()
        late = now - self._last - INTERVAL / 1000
        self._last = now
        self.longest = max(self.longest, late)
        self.noticed += late > NOTICED
        if now > self._until:
            self._timer.stop()
