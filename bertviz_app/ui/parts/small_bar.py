"""A small bar that states a scale in one line: what it is of, and its colours between two ends."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bertviz_app.ui import look
from bertviz_app.ui.parts.legend import Legend
from bertviz_app.ui.parts.painting import outline, plain_text

GAP, BAR, HEIGHT = 4, 48, 10
"""Pixels between words and bar; width and height of the bar."""


class SmallBar(Legend):
    """Writes what a scale is of and its least number, paints its colours, writes its largest."""

    def __init__(self, of: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._of = of
        self._ends = ("", "")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def colours(self, width: int) -> QImage:
        """The colours from the least to the largest, in a row of about `width` pixels."""
        raise NotImplementedError

    def state(self, least: str, most: str, said: str) -> None:
        """Write other numbers at the ends; `said` is all of it in words."""
        self._ends = least, most
        self.setToolTip(said)
        self.setAccessibleName(said)
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        style = look.current()
        words = (self._of, *self._ends)
        wide = sum(look.text_width(style.sans(), word) + style.px(GAP) for word in words)
        return QSize(round(wide) + style.px(BAR + 4 * GAP), style.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        style, painter = look.current(), QPainter(self)
        least, most = self._ends
        x = self._write(painter, 0, self._of, "muted")
        x = self._write(painter, x, least, "text")
        bar = QRectF(x, 0, style.px(BAR), style.px(HEIGHT))
        bar.moveTop((self.height() - bar.height()) / 2)
        painter.drawImage(bar, self.colours(style.px(BAR)))
        outline(painter, bar, style.colour("hairline"), 1)
        self._write(painter, bar.right() + style.px(GAP), most, "text")
        painter.end()

    def _write(self, painter: QPainter, x: float, word: str, role: str) -> float:
        """Write a word from `x` on; returns where the next thing may stand."""
        style = look.current()
        width = look.text_width(style.sans(), word)
        painter.setPen(style.colour(role))
        plain_text(painter, QRectF(x, 0, width + 1, self.height()), word, style.sans())
        return x + width + style.px(GAP)
