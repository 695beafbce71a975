"""A list whose rows are all equally high, and so are found by dividing, not one by one."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyleOptionViewItem

Index = QModelIndex | QPersistentModelIndex
Hint = QAbstractItemView.ScrollHint


class LevelRows(QListView):
    """With `setUniformItemSizes`, a list of any number of rows costs what its visible rows cost.

    Qt asks for the place of every row before it draws the first. Here only the first row is asked
    how high it is. Without uniform sizes this is the list that Qt has.
    """

    def doItemsLayout(self) -> None:
        if self.uniformItemSizes():
            QAbstractItemView.doItemsLayout(self)
        else:
            super().doItemsLayout()

    def updateGeometries(self) -> None:
        if not self.uniformItemSizes():
            super().updateGeometries()
            return
        bar, page = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(self.model().rowCount() * self._step - page, 0))
        bar.setPageStep(page)
        bar.setSingleStep(self._step)

    def visualRect(self, index: Index) -> QRect:
        if not self.uniformItemSizes():
            return super().visualRect(index)
        if not index.isValid():
            return QRect()
        top = index.row() * self._step - self.verticalOffset()
        return QRect(0, top, self.viewport().width(), self._step)

    def indexAt(self, point: QPoint) -> QModelIndex:
        if not self.uniformItemSizes():
            return super().indexAt(point)
        row = (point.y() + self.verticalOffset()) // self._step
        known = 0 <= row < self.model().rowCount()
        return self.model().index(row, 0) if known else QModelIndex()

    def scrollTo(self, index: Index, hint: Hint = Hint.EnsureVisible) -> None:
        if not self.uniformItemSizes():
            super().scrollTo(index, hint)
            return
        self.executeDelayedItemsLayout()  # the bar may not know of the newest rows yet
        place, page, bar = (
            self.visualRect(index),
            self.viewport().height(),
            self.verticalScrollBar(),
        )
        if not index.isValid():
            return
        if place.top() < 0 or place.height() > page:
            bar.setValue(bar.value() + place.top())
        elif place.bottom() >= page:
            bar.setValue(bar.value() + place.bottom() + 1 - page)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.uniformItemSizes():
            super().paintEvent(event)
            return
        painter, painted = QPainter(self.viewport()), event.rect()
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        first = max(painted.top() + self.verticalOffset(), 0) // self._step
        behind = (painted.bottom() + self.verticalOffset()) // self._step + 1
        for row in range(first, min(behind, self.model().rowCount())):
            index = self.model().index(row, 0)
            option.rect = self.visualRect(index)
            self.itemDelegate().paint(painter, option, index)
        painter.end()

    @property
    def _step(self) -> int:
        """From one row to the next, in pixels."""
        return max(self.sizeHintForRow(0), 1)
