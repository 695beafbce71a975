"""The bar that states a signed scale: which colour means which number."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bertviz_app.ui import look
from bertviz_app.ui.colours import image_of, signed_table
from bertviz_app.ui.numbers import MINUS
from bertviz_app.ui.parts.painting import outline, plain_text

GAP, BAR, HEIGHT = 4, 48, 10
"""Pixels between words and bar; width and height of the bar."""


class SignedBar(QWidget):
    """Says what a scale is of, and shows it from -full over 0 to +full and beyond."""

    def __init__(self, of: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = (of, "", "")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_scale(self, full: float) -> None:
        """State that full colour means `full` or more in size."""
        of, *_ = self._words
        self._words = of, f"≤ {MINUS}{full:g}", f"≥ +{full:g}"
        said = f"{of}: from {MINUS}{full:g} or less over 0 to +{full:g} or more"
        self.setToolTip(said)
        self.setAccessibleName(said)
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        style = look.current()
        words = sum(look.text_width(style.sans(), word) + style.px(GAP) for word in self._words)
        return QSize(round(words) + style.px(BAR + 4 * GAP), style.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        style, painter = look.current(), QPainter(self)
        of, least, most = self._words
        x = self._write(painter, 0, of, "muted")
        x = self._write(painter, x, least, "text")
        bar = QRectF(x, 0, style.px(BAR), style.px(HEIGHT))
        bar.moveTop((self.height() - bar.height()) / 2)
        table = signed_table(style.theme)
        painter.drawImage(bar, image_of(np.ascontiguousarray(table[None, :-1])))
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
