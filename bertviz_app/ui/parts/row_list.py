"""A list of own-painted rows: hovering tries, a click keeps, a double click or Enter edits.

Every row is plain text for assistive technology, and the list is one Tab stop.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, cast

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from bertviz_app.ui import look
from bertviz_app.ui.parts.level_rows import Index, LevelRows
from bertviz_app.ui.parts.painting import focus_ring
from bertviz_app.ui.parts.row_steps import led_to, means_something

NOTHING = QModelIndex()


class Row(Protocol):
    """What a row must be able to say."""

    @property
    def spoken(self) -> str:
        """The row in words."""

    @property
    def choosable(self) -> bool:
        """Whether a click means something."""


class RowModel(QAbstractListModel):
    """Rows that never change in place: new ones are shown, equal ones cost nothing."""

    rows: Sequence[Row] = ()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Replace the rows; those of a sequence that is no list may be made when they are seen."""
        rows = tuple(rows) if isinstance(rows, list) else rows
        if rows == self.rows:
            return
        if len(rows) != len(self.rows):
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
        else:
            self.rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def rowCount(self, parent: Index = NOTHING) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.rows[index.row()].spoken
        return self.rows[index.row()] if role == Qt.ItemDataRole.UserRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self.rows[index.row()].choosable:
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.ItemIsEnabled


class RowPainter(QStyledItemDelegate):
    """Paints one row; `paint_row` and `row_height` are what to write."""

    def paint_row(self, painter: QPainter, area: QRect, row: Row, *, hovered: bool) -> None:
        """Paint `row` into `area`."""
        raise NotImplementedError

    def row_height(self, row: Row) -> int:
        """How high `row` is, in pixels."""
        raise NotImplementedError

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        shown, number, area = cast("RowList", option.widget), index.row(), option.rect
        painter.save()
        painter.setClipRect(area)
        self.paint_row(painter, area, shown.rows[number], hovered=number == shown.hovered)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self.row_height(cast("RowList", option.widget).rows[index.row()]))


class RowList(LevelRows):
    """The list.

    Attributes:
        hovered: the number of the row under the mouse, or -1.
        edit_width: pixels at the right end of a row where one click edits.

    Signals:
        tried(Row | None): the mouse is over another row; None when it leaves.
        kept(Row, bool): a click or an arrow key; True with Ctrl.
        edited(Row, bool): a double click or Enter; True with Shift.
        menu_wanted(Row, QPoint): a right click or the Menu key; the point is on the screen.
    """

    tried = Signal(object)
    kept = Signal(object, bool)
    edited = Signal(object, bool)
    menu_wanted = Signal(object, QPoint)

    def __init__(self, painter: RowPainter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hovered = -1
        self.edit_width = 0
        self._look = look.current()
        self._chosen = -1
        self._newest = -1
        self._pressed: Row | None = None
        self._stays_level = False
        self._model = RowModel(self)
        self.setModel(self._model)
        self.setItemDelegate(painter)
        painter.setParent(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)

    @property
    def rows(self) -> Sequence[Row]:
        """The rows shown."""
        return self._model.rows

    @property
    def chosen(self) -> int:
        """The row the keys start from; -1 without one."""
        return self._chosen

    def show_rows(self, rows: Sequence[Row], chosen: int = -1) -> None:
        """Show `rows`, with `chosen` as the one the keys start from."""
        self._stays_level = self.uniformItemSizes() or self._heights(rows) == self._heights(
            self.rows
        )
        self._model.show_rows(rows)
        if self.hovered >= len(rows):
            self.hovered = -1
        if look.current() != self._look:
            self._look = look.current()
            self.scheduleDelayedItemsLayout()
        if chosen != self._chosen or chosen != self.currentIndex().row():
            self._chosen = chosen
            self.setCurrentIndex(self._model.index(chosen))
        self.viewport().update()

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        if self._stays_level:  # Qt would lay the rows out anew, and paint them twice
            QAbstractItemView.dataChanged(self, first, last, roles)
        else:
            super().dataChanged(first, last, roles)

    def clear_rows(self) -> None:
        """Show nothing; the mouse is then over nothing."""
        self._hover(-1)
        self.show_rows(())

    def keep_in_sight(self, number: int) -> None:
        """Scroll along with the newest row, unless the one before was scrolled out of sight."""
        seen = self.viewport().rect().intersects(self.visualRect(self._model.index(self._newest)))
        if number > self._newest >= 0 and seen:
            self.scrollTo(self._model.index(number))
        self._newest = number

    def row_at(self, position: QPoint) -> int:
        """The row that means something at a point of the viewport, or -1."""
        row = self.indexAt(position).row()
        return row if row >= 0 and self.rows[row].choosable else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.row_at(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self.row_at(event.position().toPoint())
        self._pressed = self.rows[number] if number >= 0 else None
        if self._pressed is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        if event.position().x() >= self.viewport().width() - self.edit_width:
            row, self._pressed = self._pressed, None
            self.edited.emit(row, False)
        else:
            self.kept.emit(self._pressed, _held(event, Qt.KeyboardModifier.ControlModifier))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # The row of the first click: what that led to may have moved the rows since.
        if self._pressed is not None and event.button() is Qt.MouseButton.LeftButton:
            self.edited.emit(self._pressed, _held(event, Qt.KeyboardModifier.ShiftModifier))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        number = self.row_at(event.pos()) if by_mouse else self.chosen
        if number >= 0:
            below = self.visualRect(self._model.index(number)).bottomLeft()
            where = event.globalPos() if by_mouse else self.viewport().mapToGlobal(below)
            self.menu_wanted.emit(self.rows[number], where)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._hover(-1)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = self.viewport().height() // max(self.sizeHintForRow(0), 1) - 1
        number = led_to(self.rows, self.chosen, Qt.Key(event.key()), page)
        if number >= 0:
            self.scrollTo(self._model.index(number))
            self.kept.emit(self.rows[number], False)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and means_something(
            self.rows, self.chosen
        ):
            row = self.rows[self.chosen]
            if _held(event, Qt.KeyboardModifier.ControlModifier):
                self.kept.emit(row, True)
            else:
                self.edited.emit(row, _held(event, Qt.KeyboardModifier.ShiftModifier))
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            focus_ring(self.viewport())

    def _heights(self, rows: Sequence[Row]) -> list[int]:
        painter = cast("RowPainter", self.itemDelegate())
        return [painter.row_height(row) for row in rows]

    def _hover(self, number: int) -> None:
        if number != self.hovered:
            self.hovered = number
            self.tried.emit(self.rows[number] if number >= 0 else None)
            self.viewport().update()


class WholeRows(RowList):
    """A list whose lower edge never cuts a row; for `setUniformItemSizes`."""

    def updateGeometries(self) -> None:
        rest = self.height() % max(self.sizeHintForRow(0), 1)
        if rest != self.viewportMargins().bottom():
            self.setViewportMargins(0, 0, 0, rest)
        super().updateGeometries()


def _held(event: QMouseEvent | QKeyEvent, key: Qt.KeyboardModifier) -> bool:
    return bool(event.modifiers() & key)
