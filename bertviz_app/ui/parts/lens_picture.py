"""The picture of the lens: layers upwards, tokens or best words sideways, ink for probability."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui import look
from bertviz_app.ui.parts import lens_painting
from bertviz_app.ui.parts.canvas import CONTROL, SHIFT, Canvas
from bertviz_app.ui.parts.lens_grid import LensCell, LensGrid
from bertviz_app.ui.parts.lens_layout import LensLayout, Spot
from bertviz_app.ui.parts.painting import outline


class LensPicture(Canvas):
    """The table. The keys walk through the cells; a click or a key keeps one.

    Signals:
        tried(LensCell | None): the mouse is over another cell.
        kept(LensCell, bool): a click or an arrow key; True with Ctrl.
        edited(LensCell, bool): a double click or Enter; True with Shift.
        menu_wanted(LensCell, QPoint): a right click or the Menu key; the point is on the screen.
        scrolled(): other columns may be in sight.
    """

    tried = Signal(object)
    kept = Signal(object, bool)
    edited = Signal(object, bool)
    menu_wanted = Signal(object, QPoint)
    scrolled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("What each layer would say")
        self._snapshot = Snapshot()
        self._grid = LensGrid()
        self._token: int | None = None
        self._cursor: Spot = (0, 0)
        self._hovered: LensCell | None = None
        self._pressed: LensCell | None = None
        self._resting: tuple[tuple[object, ...], QPixmap] | None = None
        self.horizontalScrollBar().valueChanged.connect(self.scrolled)

    def show_grid(self, snapshot: Snapshot, grid: LensGrid, token: int | None) -> None:
        """Show a table; `token` is the one in question."""
        before, self._snapshot = self._grid, snapshot
        if grid is not before or token != self._token:
            self._grid = grid
            self._cursor = self._carried(before, token)
            self._token = token
            self._update_scrolling()
        self.viewport().update()

    def forget(self) -> None:
        """Show nothing, and hover nothing."""
        self._snapshot, self._grid, self._token, self._pressed = Snapshot(), LensGrid(), None, None
        self._resting = None
        self._try(None)

    @property
    def grid(self) -> LensGrid:
        """The table that is shown."""
        return self._grid

    @property
    def cursor_cell(self) -> LensCell | None:
        """The cell the keys start from."""
        return self._cell(self._cursor)

    @property
    def layout_now(self) -> LensLayout:
        """Where everything stands."""
        grid, room = self._grid, QSizeF(self.viewport().size())
        return LensLayout.fitted(len(grid.columns), len(grid.depths), room, self.offset)

    def point_at(self, point: QPointF | None) -> None:
        self._try(None if point is None else self._cell(self.layout_now.spot(point)))

    def open_menu(self, point: QPointF | None, where: QPoint) -> None:
        spot = self._cursor if point is None else self.layout_now.spot(point)
        cell = self._cell(spot)
        if cell is not None and spot is not None:
            if point is None:
                below = self.layout_now.cell(spot).bottomLeft().toPoint()
                where = self.viewport().mapToGlobal(below)
            self.menu_wanted.emit(cell, where)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        spot = self.layout_now.spot(event.position())
        self._pressed = self._cell(spot)
        if spot is not None and self._pressed is not None and _is_left(event):
            self._cursor = spot
            self.kept.emit(self._pressed, bool(event.modifiers() & CONTROL))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # The cell of the first click: what that led to may have changed what is there.
        if self._pressed is not None and _is_left(event):
            self.edited.emit(self._pressed, bool(event.modifiers() & SHIFT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        target, cell = self._target(event.key()), self.cursor_cell
        if target is not None and (found := self._cell(target)) is not None:
            self._cursor = target
            self._scroll_to(target)
            self.kept.emit(found, False)
        elif cell is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & CONTROL:
                self.kept.emit(cell, True)
            else:
                self.edited.emit(cell, bool(event.modifiers() & SHIFT))
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_scrolling()
        self.scrolled.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, layout, grid = self.begin_painting(), self.layout_now, self._grid
        preview = self._snapshot.preview
        painter.drawPixmap(0, 0, self._resting_pixmap(layout))
        painter.setClipRect(
            QRectF(self.viewport().rect()).adjusted(layout.gutter, layout.head, 0, 0)
        )
        lit = preview.token if preview is not None else None
        lens_painting.paint_column(painter, layout, grid, lit, 1)
        lens_painting.paint_column(painter, layout, grid, self._token, 2)
        word = preview.word if preview is not None else None
        lens_painting.paint_lit(painter, layout, grid, self._hovered, word)
        if self.hasFocus() and self.cursor_cell is not None:
            outline(painter, layout.cell(self._cursor), look.current().colour("text"), 2)
        self.end_painting(painter)

    def _resting_pixmap(self, layout: LensLayout) -> QPixmap:
        """All that no hover changes."""
        first_number, ratio = self._snapshot.options.first_number, self.devicePixelRatioF()
        made_of = (self._grid, layout, self._token, look.current(), first_number, ratio)
        if self._resting is not None and self._resting[0] == made_of:
            return self._resting[1]
        size, trace = self.viewport().size(), self._snapshot.trace
        pixmap = QPixmap(size * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(look.current().colour("chrome"))
        painter, room = QPainter(pixmap), QRectF(self.viewport().rect())
        painter.setClipRect(room.adjusted(layout.gutter, layout.head, 0, 0))
        lens_painting.paint_cells(painter, layout, self._grid)
        painter.setClipRect(room.adjusted(layout.gutter, 0, 0, 0))
        masks = trace.encoding.masks if trace is not None else ()
        lens_painting.paint_heads(painter, layout, self._grid, self._token, masks)
        painter.setClipRect(room.adjusted(0, layout.head, 0, 0))
        lens_painting.paint_layers(painter, layout, self._grid, first_number)
        painter.end()
        self._resting = made_of, pixmap
        return pixmap

    def _carried(self, before: LensGrid, token: int | None) -> Spot:
        """The cell of the keys in another table: the same depth, and the token in question."""
        grid, (column, row) = self._grid, self._cursor
        if len(before.depths) != len(grid.depths):
            row = len(grid.depths) - 1
        if grid.of_tokens and (token != self._token or not before.of_tokens):
            column = token or 0
        return min(column, max(len(grid.columns) - 1, 0)), max(row, 0)

    def _cell(self, spot: Spot | None) -> LensCell | None:
        if spot is None or spot[0] >= len(self._grid.columns):
            return None
        cells = self._grid.columns[spot[0]].cells
        return cells[spot[1]] if spot[1] < len(cells) else None

    def _target(self, key: int) -> Spot | None:
        """The cell a key goes to; None if it means nothing here."""
        column, row = self._cursor
        last = len(self._grid.columns) - 1
        targets = {
            Qt.Key.Key_Left: (column - 1, row),
            Qt.Key.Key_Right: (column + 1, row),
            Qt.Key.Key_Up: (column, row + 1),
            Qt.Key.Key_Down: (column, row - 1),
            Qt.Key.Key_Home: (0, row),
            Qt.Key.Key_End: (last, row),
        }
        if key not in targets or last < 0:
            return None
        column, row = targets[Qt.Key(key)]
        return min(max(column, 0), last), min(max(row, 0), len(self._grid.depths) - 1)

    def _try(self, cell: LensCell | None) -> None:
        if cell != self._hovered:
            self._hovered = cell
            self.tried.emit(cell)
            self.viewport().update()

    def _update_scrolling(self) -> None:
        layout = self.layout_now
        self.set_scrolled_size(layout.size.width(), layout.size.height(), layout.width)

    def _scroll_to(self, spot: Spot) -> None:
        layout, room = self.layout_now, self.viewport().size()
        box = layout.cell(spot)
        for bar, low, high, start, end in (
            (self.horizontalScrollBar(), box.left(), box.right(), layout.gutter, room.width()),
            (self.verticalScrollBar(), box.top(), box.bottom(), layout.head, room.height()),
        ):
            bar.setValue(round(bar.value() + min(low - start, max(high - end, 0))))


def _is_left(event: QMouseEvent) -> bool:
    return event.button() is Qt.MouseButton.LeftButton
