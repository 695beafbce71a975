"""A picture that paints itself, scrolls, and knows where the mouse is; one Tab stop."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from bertviz_app.ui import look
from bertviz_app.ui.parts.painting import focus_ring

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Canvas(QAbstractScrollArea):
    """The base of pictures with cells; what is to be written raises NotImplementedError."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def point_at(self, point: QPointF | None) -> None:
        """The mouse is at a point of the viewport, or has left it."""
        raise NotImplementedError

    def open_menu(self, point: QPointF | None, where: QPoint) -> None:
        """Open the menu of what is at a point, or of the pinned thing, at `where` on the screen."""
        raise NotImplementedError

    @property
    def offset(self) -> QPointF:
        """How far the picture is scrolled, in pixels."""
        return QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def set_scrolled_size(self, width: float, height: float, step: float) -> None:
        """Say how large the whole picture is, and how far an arrow goes."""
        bars = (self.horizontalScrollBar(), self.verticalScrollBar())
        whole, seen = self.maximumViewportSize(), self.viewport().size()
        if round(width) <= whole.width() and round(height) <= whole.height():
            seen = whole  # else two bars that are there would each be needed because of the other
        for bar, size, room in zip(
            bars, (width, height), (seen.width(), seen.height()), strict=True
        ):
            bar.setRange(0, max(0, round(size) - room))
            bar.setPageStep(room)
            bar.setSingleStep(max(1, round(step)))

    def begin_painting(self) -> QPainter:
        """A painter on the viewport, which is empty now."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), look.current().colour("chrome"))
        return painter

    def end_painting(self, painter: QPainter) -> None:
        """Finish with the ring of the keyboard's focus, if it is here."""
        painter.end()
        if self.hasFocus():
            focus_ring(self.viewport())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.point_at(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        # What lay under a mouse that rests has moved away; it says where it is when it moves.
        if event.type() in (QEvent.Type.Leave, QEvent.Type.Resize):
            self.point_at(None)
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        self.open_menu(QPointF(event.pos()) if by_mouse else None, event.globalPos())

    def hideEvent(self, event: QHideEvent) -> None:
        self.point_at(None)
        super().hideEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()


def is_plain(event: QKeyEvent) -> bool:
    """Whether a key is pressed without Ctrl, Alt and the like."""
    return not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
