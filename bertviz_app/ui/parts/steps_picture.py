"""The column of blocks of a calculation: it scrolls, and knows the item under the mouse."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from bertviz_app.ui import look
from bertviz_app.ui.parts.canvas import SHIFT, Canvas, is_plain
from bertviz_app.ui.parts.step_columns import LINE
from bertviz_app.ui.parts.steps import Block

WIDEST = 680
"""Pixels of the column, at most: a line is read from its name to its number."""

PAD = 6
"""Pixels around the column, for the ring of the focus."""

Item = tuple[Block, int]
"""A block and the number of an item in it."""


class StepsPicture(Canvas):
    """A calculation, from top to bottom.

    Attributes:
        hovered: the block and its item under the mouse, or None.

    Signals:
        pointed(): `hovered` is different.
        kept(Block, int): an item was clicked.
        edited(Block, int, bool): an item was double clicked; True with Shift.
        menu_wanted(Item | None, QPoint): the menu of an item was asked for, at a point of the
            screen.
        stepped(int, int): an arrow was pressed: rows down, and columns to the right.
        sprung(bool): Home was pressed, or (True) End.
    """

    pointed = Signal()
    kept = Signal(object, int)
    edited = Signal(object, int, bool)
    menu_wanted = Signal(object, QPoint)
    stepped = Signal(int, int)
    sprung = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hovered: Item | None = None
        self._blocks: tuple[Block, ...] = ()
        self._tops: list[float] = [0.0]
        self._point: QPointF | None = None
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What is shown."""
        return self._blocks

    def show_blocks(self, blocks: Sequence[Block]) -> None:
        """Show `blocks` one under the other."""
        self._blocks = tuple(blocks)
        self._arrange()
        self.hovered = self._item_at(self._point)
        self.viewport().update()

    def forget(self) -> None:
        """Show nothing, and hover nothing."""
        was, self.hovered, self._point = self.hovered, None, None
        self.show_blocks(())
        if was is not None:
            self.pointed.emit()

    def lit_in(self, block: Block) -> int | None:
        """The item of a block to paint as what the mouse is over."""
        if self.hovered is None or self.hovered[0] is not block:
            return None
        return self.hovered[1]

    def area_of(self, number: int) -> QRectF:
        """Where a block stands in the viewport."""
        top, pad = self._tops[number], look.current().px(PAD)
        return QRectF(pad, top - self.offset.y(), self._width, self._tops[number + 1] - top)

    def point_at(self, point: QPointF | None) -> None:
        self._point = point
        found = self._item_at(point)
        if found != self.hovered:
            self.hovered = found
            self.pointed.emit()
            self.viewport().update()

    def open_menu(self, point: QPointF | None, where: QPoint) -> None:
        self.menu_wanted.emit(self._item_at(point), where)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.point_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and self.hovered is not None:
            self.kept.emit(*self.hovered)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        found = self._item_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and found is not None:
            self.edited.emit(*found, bool(event.modifiers() & SHIFT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
        }
        key, bar = event.key(), self.verticalScrollBar()
        if not is_plain(event) or not self._blocks:
            event.ignore()
        elif key in steps:
            self.stepped.emit(*steps[Qt.Key(key)])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.sprung.emit(key == Qt.Key.Key_End)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            page = bar.pageStep() - look.current().px(LINE)
            bar.setValue(bar.value() + (page if key == Qt.Key.Key_PageDown else -page))
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, high = self.begin_painting(), self.viewport().height()
        for number in range(self._at(0), len(self._blocks)):
            block, area = self._blocks[number], self.area_of(number)
            if area.top() > high:
                break
            block.paint(painter, area, self.lit_in(block))
        self.end_painting(painter)

    @property
    def _width(self) -> float:
        style = look.current()
        return max(min(self.viewport().width() - 2 * style.px(PAD), style.px(WIDEST)), 1)

    @Slot()
    def _on_scrolled(self) -> None:
        self.point_at(self._point)  # something else is under the mouse now

    def _arrange(self) -> None:
        heights = (block.height(self._width) for block in self._blocks)
        self._tops = list(accumulate(heights, initial=float(look.current().px(PAD))))
        high = self._tops[-1] + look.current().px(PAD)
        self.set_scrolled_size(0, high, look.current().px(LINE))
        bar = self.verticalScrollBar()
        bar.setEnabled(bar.maximum() > 0)  # it keeps its place, so that no line is wrapped anew

    def _at(self, y: float) -> int:
        """The block at a pixel of the viewport."""
        return max(bisect_right(self._tops, y + self.offset.y()) - 1, 0)

    def _item_at(self, point: QPointF | None) -> Item | None:
        if point is None or not self._blocks:
            return None
        number = min(self._at(point.y()), len(self._blocks) - 1)
        area = self.area_of(number)
        item = self._blocks[number].item_at(point, area) if area.contains(point) else None
        return None if item is None else (self._blocks[number], item)
