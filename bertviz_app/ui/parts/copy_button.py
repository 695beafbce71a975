"""A button that says, once something was copied with it, that it was."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget

COPIED = "Copied"
READ_IN = 2000
"""Milliseconds for which it says so."""


class CopyButton(QPushButton):
    """Whose it is answers a click with `copy`; a function kept here would keep the owner alive."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._words = words
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.renew)

    def copy(self, text: str) -> None:
        """Put a text on the clipboard, and say so for a while."""
        QGuiApplication.clipboard().setText(text)
        self.setMinimumWidth(self.width())  # nothing beside it moves
        self.setText(COPIED)
        self._timer.start(READ_IN)

    @Slot()
    def renew(self) -> None:
        """Say again what it is there for: something else is to be copied now."""
        self._timer.stop()
        self.setText(self._words)
