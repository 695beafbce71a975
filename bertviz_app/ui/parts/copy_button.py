"""A button that copies a text, and says that it has."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget

COPIED = "Copied"
READ_IN = 2000
"""Milliseconds for which it says so."""


class CopyButton(QPushButton):
    """Copies what `text` gives when it is pressed."""

    def __init__(self, words: str, text: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._words, self._copied = words, text
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.renew)
        self.clicked.connect(self._on_clicked)

    @Slot()
    def renew(self) -> None:
        """Say again what it is there for: something else is to be copied now."""
        self._timer.stop()
        self.setText(self._words)

    @Slot()
    def _on_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._copied())
        self.setMinimumWidth(self.width())  # nothing beside it moves
        self.setText(COPIED)
        self._timer.start(READ_IN)
