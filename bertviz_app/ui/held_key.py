"""A key that does something while it is held: F9 shows BERT as is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

RELEASE_AFTER = 60
"""Milliseconds after which a release counts: X11 repeats a held key as releases and presses."""


class HeldKey(QObject):
    """Watches one key in one window, whatever has the keyboard in it.

    Signals:
        held(bool): True when the key goes down, False when it goes up or the window is left.
    """

    held = Signal(bool)

    def __init__(self, window: QWidget, key: Qt.Key) -> None:
        super().__init__(window)
        self._key = key
        self._down = False
        self._up = QTimer(self)
        self._up.setSingleShot(True)
        self._up.setInterval(RELEASE_AFTER)
        self._up.timeout.connect(lambda: self._set(False))
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == self._key and not event.isAutoRepeat():
            if event.type() == QEvent.Type.KeyPress:
                self._up.stop()
                self._set(True)
            elif event.type() == QEvent.Type.KeyRelease:
                self._up.start()
        elif event.type() == QEvent.Type.WindowDeactivate:
            self._set(False)
        return super().eventFilter(watched, event)

    def _set(self, down: bool) -> None:
        self._up.stop()
        if down != self._down:
            self._down = down
            self.held.emit(down)
