"""A calculation on vectors of W numbers: one of them is lit in every strip at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeGuard

from PySide6.QtCore import QLineF, QPointF, QRectF, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from bertviz_app.ui import look
from bertviz_app.ui.parts.step_columns import picture_column
from bertviz_app.ui.parts.steps import STRIP, Bars, Block, Strip
from bertviz_app.ui.parts.steps_picture import StepsPicture


@dataclass(frozen=True, eq=False)
class NumberStrip(Strip):
    """A strip whose numbers can be pointed at."""

    def paint(self, painter: QPainter, area: QRectF, lit: int | None) -> None:
        super().paint(painter, area, None)
        if lit is None or lit >= len(self.values):
            return
        style = look.current()
        strip = picture_column(area, style.px(STRIP))
        x = strip.left() + (lit + 0.5) * strip.width() / len(self.values)
        painter.setPen(style.colour("text"))
        for top, bottom in (
            (strip.top() - 3, strip.top() - 1),
            (strip.bottom(), strip.bottom() + 2),
        ):
            painter.drawLine(QLineF(x, top, x, bottom))

    def item_at(self, point: QPointF, area: QRectF) -> int | None:
        strip = picture_column(area, look.current().px(STRIP))
        if not strip.contains(point):
            return None
        along = (point.x() - strip.left()) / strip.width()
        return min(int(along * len(self.values)), len(self.values) - 1)


class NumberSteps(StepsPicture):
    """Lights the number under the mouse, else the one that was clicked or reached by the arrows.

    Signals:
        numbered(): `number` may be another one.
    """

    numbered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chosen: int | None = None
        self.pointed.connect(self.numbered)
        self.kept.connect(self._on_kept)
        self.stepped.connect(self._on_stepped)
        self.sprung.connect(self._on_sprung)

    @property
    def number(self) -> int | None:
        """The number in question, counted from 0; None for none."""
        number = self.hovered[1] if self.hovered is not None else self._chosen
        return number if number is not None and number < self.width_shown else None

    @property
    def width_shown(self) -> int:
        """W, as far as something is shown."""
        return max((len(block.values) for block in self.blocks if _has_numbers(block)), default=0)

    def lit_in(self, block: Block) -> int | None:
        return self.number if _has_numbers(block) else None

    def forget(self) -> None:
        self._chosen = None
        super().forget()

    def choose(self, number: int | None) -> None:
        """Keep a number in question, or none."""
        self._chosen = number
        self.viewport().update()
        self.numbered.emit()

    @Slot(object, int)
    def _on_kept(self, _block: object, item: int) -> None:
        self.choose(None if item == self._chosen else item)

    @Slot(int, int)
    def _on_stepped(self, down: int, right: int) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + down * bar.singleStep())
        if right and self.width_shown:
            at = -1 if self._chosen is None else self._chosen
            self.choose(min(max(at + right, 0), self.width_shown - 1))

    @Slot(bool)
    def _on_sprung(self, to_end: bool) -> None:
        if self.width_shown:
            self.choose(self.width_shown - 1 if to_end else 0)


def _has_numbers(block: Block) -> TypeGuard[Bars | NumberStrip]:
    return isinstance(block, Bars | NumberStrip)
