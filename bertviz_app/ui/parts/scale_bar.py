"""The scale bar: the colours of the scale in use and the numbers they stand for."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bertviz_app.analysis.scales import RELATIVE, Tick, codes, ticks
from bertviz_app.core.state import Scale
from bertviz_app.ui import look, numbers
from bertviz_app.ui.colours import image_of, ink_table, signed_table
from bertviz_app.ui.parts.legend import Legend
from bertviz_app.ui.parts.painting import plain_text

WORDS = {
    Scale.ROOT: "Ink is the square root of the weight, from 0 to 1, the same in every head.",
    Scale.LINEAR: "Ink is the weight, from 0 to 1, the same in every head.",
    Scale.ROW: "Full ink is the largest weight of each row.",
    Scale.MAP: "Full ink is the largest weight of each map.",
    Scale.LOG: "Ink is the logarithm of the weight, from 0.0001 to 1; less is paper.",
}


class ScaleBar(Legend):
    """States how a weight becomes ink; for differences, from − to +."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale = Scale.ROOT
        self._signed = False
        self._full = 1.0
        self._made_of: tuple[object, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.show_scale(self._scale)

    def show_scale(self, scale: Scale, *, signed: bool = False, full: float = 1.0) -> None:
        """State another scale; `signed` is the one for numbers that may be negative.

        `full` is full ink on the scales that are the same in every head.
        """
        made_of = (scale, signed, full, look.current())
        if made_of == self._made_of:
            return
        self._scale, self._signed, self._full, self._made_of = scale, signed, full, made_of
        words = WORDS[scale]
        if full != 1 and scale not in RELATIVE:
            words = words.replace(" 1,", f" {self._number(1)},")
            words = words.replace("0.0001", self._number(0.0001))
        if signed:
            words += " Here it is that of numbers with a sign, in its own colours for − and +."
        self.setToolTip(words)
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """The marks on the bar."""
        return ticks(self._scale, signed=self._signed)

    def sizeHint(self) -> QSize:
        style = look.current()
        return QSize(style.px(192 if self._signed else 136), style.px(26))

    def minimumSizeHint(self) -> QSize:
        return QSize(look.current().px(96), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        style, painter = look.current(), QPainter(self)
        bar = QRectF(style.px(4), style.px(3), self.width() - style.px(8), style.px(7))
        painter.drawImage(bar, self._gradient(round(bar.width())))
        painter.setPen(style.colour("muted"))
        painter.drawRect(bar.adjusted(-0.5, -0.5, 0, 0))
        painter.setFont(style.mono())
        low = self._low
        taken: list[QRectF] = []
        for tick in sorted(self.ticks, key=lambda tick: tick.at not in (low, 0.0, 1.0)):
            x = bar.left() + (tick.at - low) / (1 - low) * bar.width()
            wide = look.text_width(painter.font(), self.words(tick)) + 1
            left = min(max(x - wide / 2, 0.0), self.width() - wide)
            area = QRectF(left, bar.bottom() + style.px(2), wide, style.px(14))
            if not any(area.adjusted(-style.px(3), 0, style.px(3), 0).intersects(t) for t in taken):
                taken.append(area)
                painter.drawLine(QLineF(x, bar.bottom(), x, bar.bottom() + style.px(2)))
                plain_text(painter, area, self.words(tick), painter.font())
        painter.end()

    def words(self, tick: Tick) -> str:
        """What stands at a mark."""
        if self._scale in RELATIVE and tick.value:
            return RELATIVE[self._scale] if tick.value > 0 else numbers.MINUS
        sign = numbers.MINUS if tick.value < 0 else "+" if self._signed and tick.value else ""
        return sign + self._number(abs(tick.value))

    def _number(self, part: float) -> str:
        """What a part of full ink stands for."""
        return f"{part:g}" if self._full == 1 else f"{part * self._full:.2g}"

    @property
    def _low(self) -> float:
        return -1.0 if self._signed else 0.0

    def _gradient(self, width: int) -> QImage:
        inks = np.linspace(self._low, 1, max(width, 1), dtype=np.float32)
        theme = look.current().theme
        table = signed_table(theme) if self._signed else ink_table(theme)
        return image_of(table[codes(inks, signed=self._signed)][np.newaxis])
