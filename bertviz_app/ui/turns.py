"""Turns: large parts of the window are drawn one after the other, and keys are heard between."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

Draw = Callable[[], None]


class Turns(QObject):
    """Gives each part a turn of the event loop of its own, to be drawn and painted in.

    Qt paints all that is out of date at one stroke; a key that is pressed meanwhile waits for it.

    Signals:
        ended(): every part has had its turn, and is painted.
    """

    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: dict[QWidget, Draw] = {}
        # The loop comes to a timer when all is painted; `singleShot` would be sooner than that.
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_turn)

    def __contains__(self, part: QWidget) -> bool:
        """Whether a part waits for its turn."""
        return part in self._waiting

    @property
    def are_over(self) -> bool:
        """Whether no part waits and all is painted."""
        return not self._timer.isActive()

    def give(self, part: QWidget, draw: Draw, *, last: bool = False) -> None:
        """Let a part be drawn by `draw` in its turn.

        One that waits already keeps its turn, unless it is to be drawn after all others that
        wait; it is drawn as was asked for last.
        """
        if last:
            self._waiting.pop(part, None)
        self._waiting[part] = draw
        self.begin()

    def begin(self) -> None:
        """Begin to give turns; without any, they have ended once all is painted."""
        self._timer.start(0)

    def finish(self) -> None:
        """Draw all at once: somebody is going to look at it now."""
        while self._waiting:
            self._draw_next()

    @Slot()
    def _on_turn(self) -> None:
        if not self._waiting:
            self.ended.emit()
            return
        try:
            part = self._draw_next()
            # Otherwise it would be painted in one go with what the next key moves.
            QCoreApplication.sendPostedEvents(part.window(), QEvent.Type.UpdateRequest.value)
        finally:  # a part that cannot be drawn keeps no other one waiting
            self.begin()  # last: of two timers that are due, Qt takes that which was begun first

    def _draw_next(self) -> QWidget:
        part = next(iter(self._waiting))
        self._waiting.pop(part)()
        return part
