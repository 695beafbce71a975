"""A picture with a square for each head: layers from top to bottom, heads from left to right."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from bertviz_app.analysis.head_order import HeadOrder
from bertviz_app.core.request import Head
from bertviz_app.core.state import Pick
from bertviz_app.ui.parts.canvas import CONTROL, SHIFT, Canvas, is_plain
from bertviz_app.ui.parts.mosaic_layout import LEAST, MosaicLayout
from bertviz_app.ui.parts.mosaic_marks import TileMarks, margins

HOVER_AFTER = 80
"""Milliseconds the mouse rests on a head before it is previewed."""

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class HeadCanvas(Canvas):
    """The base of such pictures: hovering tries a head, a click keeps it; `paintEvent` is to write.

    Attributes:
        hovered: the head under the mouse.
        order: which head has which tile; None is as in the model.
        least: pixels of a tile below which the picture scrolls.

    Signals:
        picked(Pick): a head was kept.
        previewed(Pick | None): the mouse rests on a head, or has left.
        pointed(): the mouse is over another head; see `hovered`.
        menu_wanted(Head, QPoint): the menu of a head was asked for, at a point of the screen.
    """

    picked = Signal(object)
    previewed = Signal(object)
    pointed = Signal()
    menu_wanted = Signal(object, QPoint)

    least = LEAST

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hovered: Head | None = None
        self.order: HeadOrder | None = None
        self._point: QPointF | None = None
        self._previewed = False
        self._marks = TileMarks()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(HOVER_AFTER)
        self._rest.timeout.connect(self._on_rest_timeout)

    @property
    def shape(self) -> tuple[int, int] | None:
        """Layers and heads; None while there is nothing to show."""
        raise NotImplementedError

    @property
    def marks(self) -> TileMarks:
        """What is marked now, the head under the mouse among it."""
        return replace(self._marks, hovered=self.hovered or self._marks.hovered)

    def show_marks(self, marks: TileMarks) -> None:
        """Mark other heads, after `shape` may have become another one."""
        self._update_scrolling()
        self.hovered = self._head_at(self._point)
        if marks.pinned != self._marks.pinned:
            self._scroll_to(marks.pinned)
        self._marks = marks
        self.viewport().update()

    def forget(self) -> None:
        """Hover nothing."""
        self._point = self.hovered = None
        self._end_preview()

    def tile(self, head: Head) -> QRectF:
        """Where the square of a head is in the viewport."""
        return self.layout_now.area(head, self.offset)

    @property
    def layout_now(self) -> MosaicLayout:
        """Where the squares stand."""
        room = self.maximumViewportSize()
        return MosaicLayout.fitted(
            self.shape or (1, 1),
            (room.width(), room.height()),
            margins(),
            self.devicePixelRatioF(),
            self.order,
            self.least,
        )

    def act_on(self, head: Head, modifiers: Qt.KeyboardModifier) -> None:
        """A click on a head keeps it; with Ctrl, beside the others; with Shift, its whole layer."""
        ctrl, shift = bool(modifiers & CONTROL), bool(modifiers & SHIFT)
        self.picked.emit(Pick(layer=head[0], head=head[1], also=ctrl, whole=shift and not ctrl))

    def point_at(self, point: QPointF | None) -> None:
        self._point = point
        found = self._head_at(point)
        if found == self.hovered:
            return
        self.hovered = found
        if found is not None:
            self._rest.start()
        else:
            self._end_preview()
        self.pointed.emit()
        self.viewport().update()

    def open_menu(self, point: QPointF | None, where: QPoint) -> None:
        if self.shape is None:
            return
        if point is None:
            head: Head | None = self._marks.pinned
            where = self.viewport().mapToGlobal(self.tile(self._marks.pinned).center().toPoint())
        else:
            head = self._head_at(point)
        if head is not None:
            self.menu_wanted.emit(head, where)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.point_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and self.hovered is not None:
            self.act_on(self.hovered, event.modifiers())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        target = self._stepped(event.key()) if is_plain(event) else None
        if event.key() in ENTER and event.modifiers() & (CONTROL | SHIFT):
            self.act_on(self._marks.pinned, event.modifiers())
        elif target is None:
            event.ignore()
        else:
            self.picked.emit(Pick(layer=target[0], head=target[1]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_scrolling()
        self.point_at(None)  # squares moved under a mouse that did not: it has not chosen these

    def _stepped(self, key: int) -> Head | None:
        """The head that a key goes to; at an end it stays."""
        layout = self.layout_now
        row, column = layout.place(self._marks.pinned)
        targets = {
            Qt.Key.Key_Left: (row, column - 1),
            Qt.Key.Key_Right: (row, column + 1),
            Qt.Key.Key_Up: (row - 1, column),
            Qt.Key.Key_Down: (row + 1, column),
            Qt.Key.Key_Home: (row, 0),
            Qt.Key.Key_End: (row, layout.heads - 1),
        }
        target = targets.get(Qt.Key(key))
        if target is None:
            return None
        row, column = (min(max(target[0], 0), layout.layers - 1), target[1])
        return layout.head((row, min(max(column, 0), layout.heads - 1)))

    def _head_at(self, point: QPointF | None) -> Head | None:
        if point is None or self.shape is None:
            return None
        return self.layout_now.head_at(point, self.offset)

    def _update_scrolling(self) -> None:
        layout = self.layout_now
        width, height = layout.left + layout.width, layout.top + layout.height
        self.set_scrolled_size(width, height, layout.pitch / layout.ratio)

    def _scroll_to(self, head: Head) -> None:
        tile, layout = self.tile(head), self.layout_now
        bars = (self.horizontalScrollBar(), self.verticalScrollBar())
        sides = (
            (tile.left() - layout.left, tile.right() - self.viewport().width()),
            (tile.top() - layout.top, tile.bottom() - self.viewport().height()),
        )
        for bar, (before, beyond) in zip(bars, sides, strict=True):
            if before < 0 or beyond > 0:
                bar.setValue(bar.value() + round(before if before < 0 else beyond))

    def _end_preview(self) -> None:
        self._rest.stop()
        if self._previewed:
            self._previewed = False
            self.previewed.emit(None)

    @Slot()
    def _on_rest_timeout(self) -> None:
        if self.hovered is not None:
            self._previewed = True
            self.previewed.emit(Pick(layer=self.hovered[0], head=self.hovered[1]))
