"""A label of one line, which takes shorter words where there is no room."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class OneLine(QLabel):
    """Says the first of several wordings that fits, else the last with … at its end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wordings: tuple[str, ...] = ("",)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def say(self, *wordings: str) -> None:
        """Say one of these, the longest first; the tip holds all of it."""
        if wordings != self._wordings:
            self._wordings = wordings
            self.setAccessibleName(wordings[0])
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        font, room = QFontMetricsF(self.font()), self.width()
        fitting = [words for words in self._wordings if font.horizontalAdvance(words) <= room]
        end = Qt.TextElideMode.ElideRight
        shown = fitting[0] if fitting else font.elidedText(self._wordings[-1], end, room)
        self.setText(shown)
        self.setToolTip("" if shown == self._wordings[0] else self._wordings[0])
