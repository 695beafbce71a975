"""The bar that states a scale of sizes: ink is their root, from 0 to the largest."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bertviz_app.analysis.scales import codes, curve
from bertviz_app.core.state import Scale
from bertviz_app.ui import look
from bertviz_app.ui.colours import image_of, ink_table
from bertviz_app.ui.parts.painting import outline, plain_text

GAP, BAR, HEIGHT = 4, 48, 10
"""Pixels between words and bar; width and height of the bar."""


class InkBar(QWidget):
    """Says what a scale is of, and shows it from 0 to full ink."""

    def __init__(self, of: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._of, self._full = of, ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_scale(self, full: float) -> None:
        """State that full ink means `full`."""
        self._full = f"{full:g}"
        said = f"{self._of}: ink is the square root, from 0 to {self._full}"
        self.setToolTip(said)
        self.setAccessibleName(said)
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        style = look.current()
        words = (self._of, "0", self._full)
        wide = sum(look.text_width(style.sans(), word) + style.px(GAP) for word in words)
        return QSize(round(wide) + style.px(BAR + 4 * GAP), style.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        style, painter, x = look.current(), QPainter(self), 0.0
        for word, role in ((self._of, "muted"), ("0", "text"), ("", "text"), (self._full, "text")):
            if not word:
                bar = QRectF(x, (self.height() - style.px(HEIGHT)) / 2, style.px(BAR), 0)
                bar.setHeight(style.px(HEIGHT))
                inks = curve(np.linspace(0, 1, style.px(BAR), dtype=np.float32), Scale.ROOT)
                painter.drawImage(bar, image_of(ink_table(style.theme)[codes(inks)][np.newaxis]))
                outline(painter, bar, style.colour("hairline"), 1)
                x = bar.right() + style.px(GAP)
                continue
            wide = look.text_width(style.sans(), word)
            painter.setPen(style.colour(role))
            plain_text(painter, QRectF(x, 0, wide + 1, self.height()), word, style.sans())
            x += wide + style.px(GAP)
        painter.end()
