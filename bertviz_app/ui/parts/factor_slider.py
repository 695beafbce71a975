"""A slim slider for the factor of one part: live while it is dragged, hatched while it changes."""

from __future__ import annotations

from itertools import count

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

from bertviz_app.ui import look
from bertviz_app.ui.colours import hatch
from bertviz_app.ui.parts.painting import focus_ring, outline

WHOLE, PAGE = 100, 10
GROOVE, KNOB = 6, 7
"""Height of the groove, width of the knob."""

_drags = count()


class FactorSlider(QSlider):
    """From 0 to 100 %, by mouse and by keys; the wheel never changes it.

    Signals:
        dragged(float, str): the factor shall be this; the name is that of one drag, or of one
            visit with the keys.
    """

    dragged = Signal(float, str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName(f"factor.{name}")
        self.setAccessibleName(f"{name} in per cent")
        self.setToolTip(f"How much of the {name} embedding goes into the sum")
        self.setRange(0, WHOLE)
        self.setPageStep(PAGE)
        self._step = ""
        self._changed = False
        self._begin()
        self.valueChanged.connect(self._on_value_changed)

    def show_factor(self, factor: float) -> None:
        """Show the factor in force; one beyond 100 % stands at the end."""
        self._changed = factor != 1.0
        self.blockSignals(True)
        self.setValue(round(factor * WHOLE))
        self.blockSignals(False)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look.current().px(100), look.current().px(16))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._begin()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._begin()
            self._drag_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._drag_to(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        style, painter = look.current(), QPainter(self)
        px, room = style.px, self._room
        groove = QRectF(px(KNOB) / 2, (self.height() - px(GROOVE)) / 2, room, px(GROOVE))
        x = groove.left() + room * self.value() / WHOLE
        done = QRectF(groove.left(), groove.top(), x - groove.left(), groove.height())
        painter.fillRect(groove, style.colour("paper"))
        painter.fillRect(done, hatch() if self._changed else style.colour("hairline"))
        outline(painter, groove, style.colour("change" if self._changed else "muted"), 1)
        knob = QRectF(x - px(KNOB) / 2, px(2), px(KNOB), self.height() - px(4))
        painter.fillRect(knob, style.colour("change" if self._changed else "text"))
        painter.end()
        if self.hasFocus():
            focus_ring(self)

    @property
    def _room(self) -> float:
        """How far the knob may go, in pixels."""
        return max(self.width() - look.current().px(KNOB), 1)

    def _begin(self) -> None:
        """What is asked for from now on is another step of undo."""
        self._step = f"{self.objectName()} {next(_drags)}"

    def _drag_to(self, x: float) -> None:
        self.setValue(round((x - look.current().px(KNOB) / 2) / self._room * WHOLE))

    @Slot(int)
    def _on_value_changed(self, value: int) -> None:
        self.dragged.emit(value / WHOLE, self._step)
