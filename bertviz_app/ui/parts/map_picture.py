"""The map of one head: who looks (rows) at whom (columns), with labels, exactly."""

from __future__ import annotations

import math

from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QScrollBar, QWidget

from bertviz_app.analysis.heads import HeadMap
from bertviz_app.core.state import Pick
from bertviz_app.ui import look
from bertviz_app.ui.parts.canvas import CONTROL, SHIFT, Canvas, is_plain
from bertviz_app.ui.parts.frames import HOVERED
from bertviz_app.ui.parts.map_cells import paint_frames, paint_value
from bertviz_app.ui.parts.map_labels import paint_lens
from bertviz_app.ui.parts.map_layout import ENLARGED, Cross, Line, MapLayout
from bertviz_app.ui.parts.painting import CENTRE, plain_text
from bertviz_app.ui.parts.resting_map import RestingMap

STEP = 1.25
"""How much one notch of Ctrl and wheel enlarges."""

STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
"""Rows down and columns to the right that an arrow goes."""

ALL_FOLDED = "Everything here is folded."


class MapPicture(Canvas):
    """One map; what does not move with the mouse is painted once and kept.

    Attributes:
        hovered: the row and column under the mouse.

    Signals:
        picked(Pick): a cell, or the token of a label, was kept.
        previewed(Pick | None): the mouse is over another cell or label, or has left.
        pointed(): `hovered` is different.
        hidden(int, bool): hide the word of a label's token; with True, one [MASK] a piece.
        menu_wanted(int | None, QPoint): the menu of a label's token, or of the head, was asked
            for at a point of the screen.
    """

    picked = Signal(object)
    previewed = Signal(object)
    pointed = Signal()
    hidden = Signal(int, bool)
    menu_wanted = Signal(object, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hovered = Cross()
        self._point: QPointF | None = None
        self._shown: HeadMap | None = None
        self._words = ""
        self._pinned = Cross()
        self._tried = Cross()
        self._enlarged: float | None = None
        self._resting: RestingMap | None = None

    def show_map(self, shown: HeadMap, pinned: Pick, tried: Pick | None = None) -> None:
        """Show a map; `pinned` is kept, and `tried` is hovered in another picture."""
        fold = shown.fold
        before = self._pinned
        self._shown, self._words = shown, ""
        self._pinned = Cross(fold.row(pinned.token), fold.row(pinned.second))
        self._tried = Cross()
        if tried is not None:
            self._tried = Cross(fold.row(tried.token), fold.row(tried.second))
        self._update_scrolling()
        if self._pinned != before:
            self._scroll_to(self._pinned)
        self.hovered = self._cross_at(self._point)
        self.viewport().update()

    def say(self, words: str) -> None:
        """Show a sentence instead of a map."""
        self.forget()
        self._words = words
        self._update_scrolling()
        self.viewport().update()

    def forget(self) -> None:
        """Show nothing, and hover nothing."""
        self._words = ""
        self._shown = self._resting = self._point = None
        if self.hovered != Cross():
            self.hovered = Cross()
            self.previewed.emit(None)

    @property
    def layout_now(self) -> MapLayout | None:
        """Where everything stands; None while there is nothing to show."""
        if self._shown is None or not self._shown.fold.rows:
            return None
        whole = self._enlarged is None
        room = self.maximumViewportSize() if whole else self.viewport().size()
        offset = (self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        zoom = None if self._enlarged is None else math.ceil(self._enlarged)
        return MapLayout.fitted(self._shown, QSizeF(room), zoom, (0, 0) if whole else offset)

    def point_at(self, point: QPointF | None) -> None:
        self._point = point
        found = self._cross_at(point)
        if found == self.hovered:
            return
        self.hovered = found
        if self._shown is None or found == Cross():
            self.previewed.emit(None)
        else:
            self.previewed.emit(_pick_of(self._shown, found))
        self.pointed.emit()
        self.viewport().update()

    def open_menu(self, point: QPointF | None, where: QPoint) -> None:
        if self._shown is None:
            return
        if point is None:
            where = self.viewport().mapToGlobal(self.viewport().rect().center())
        self.menu_wanted.emit(_token_of(self._shown, self._cross_at(point)), where)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.point_at(event.position())
        if event.button() is not Qt.MouseButton.LeftButton or self._shown is None:
            return
        pick = _pick_of(self._shown, self.hovered)
        if event.modifiers() & CONTROL and self.hovered.column is None:
            pick = Pick(second=pick.token)
        if pick != Pick():
            self.picked.emit(pick)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._shown is None:
            return
        token = _token_of(self._shown, self._cross_at(event.position()))
        if token is not None:
            self.hidden.emit(token, bool(event.modifiers() & SHIFT))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & CONTROL:
            self._enlarge(event.angleDelta().y() / 120, event.position())
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shown = self._shown
        if shown is None or not shown.fold.rows or not is_plain(event):
            event.ignore()
            return
        target = _stepped(shown, self._pinned, event.key())
        if target is None:
            event.ignore()
        else:
            self.picked.emit(_pick_of(shown, target))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_scrolling()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.begin_painting()
        layout, shown = self.layout_now, self._shown
        if layout is not None and shown is not None:
            resting = self._resting_map(shown, layout)
            cross = self.hovered if self.hovered != Cross() else self._tried
            painter.drawPixmap(0, 0, resting.pixmap)
            paint_frames(painter, layout, cross, HOVERED)
            for margin, cell in zip(resting.margins, (cross.row, cross.column), strict=True):
                if cell is not None and cell < shown.fold.rows:
                    paint_lens(painter, *margin, cell)
            paint_value(painter, shown, layout, self.hovered)
        else:
            words = ALL_FOLDED if shown is not None else self._words
            painter.setPen(look.current().colour("muted"))
            area = QRectF(self.viewport().rect())
            plain_text(painter, area, words, look.current().sans(), CENTRE)
        self.end_painting(painter)

    def _resting_map(self, shown: HeadMap, layout: MapLayout) -> RestingMap:
        made_of = (shown, layout, self._pinned, self.viewport().size(), self.devicePixelRatioF())
        if self._resting is None or not self._resting.is_of(*made_of):
            self._resting = RestingMap(*made_of)
        return self._resting

    def _cross_at(self, point: QPointF | None) -> Cross:
        layout = self.layout_now
        if point is None or layout is None:
            return Cross()
        return layout.cross_at(point.x(), point.y())

    def _enlarge(self, notches: float, point: QPointF) -> None:
        """Make the cells larger or smaller; what is under the mouse stays there."""
        before, shown = self.layout_now, self._shown
        if before is None or shown is None:
            return
        whole = MapLayout.fitted(shown, QSizeF(self.maximumViewportSize()), None).rows.cell
        wanted = (self._enlarged or whole) * STEP**notches
        wanted = min(wanted, look.current().px(ENLARGED))
        self._enlarged = wanted if wanted > whole * (1 + 1e-6) else None
        self._update_scrolling()
        after = self.layout_now
        assert after is not None
        for bar, at, old, new in (
            (self.horizontalScrollBar(), point.x(), before.columns, after.columns),
            (self.verticalScrollBar(), point.y(), before.rows, after.rows),
        ):
            along = (at - old.start + old.offset) / old.length
            bar.setValue(round(along * new.length - (at - new.start)))
        self.viewport().update()

    def _update_scrolling(self) -> None:
        layout, room = self.layout_now, self.viewport().size()
        beyond = (0, 0)
        if layout is not None and self._enlarged is not None:
            beyond = layout.columns.beyond, layout.rows.beyond
        step = layout.rows.cell if layout is not None else 1
        self.set_scrolled_size(room.width() + beyond[0], room.height() + beyond[1], step)

    def _scroll_to(self, cross: Cross) -> None:
        if (layout := self.layout_now) is not None:
            _bring_into_sight(self.horizontalScrollBar(), layout.columns, cross.column)
            _bring_into_sight(self.verticalScrollBar(), layout.rows, cross.row)


def _bring_into_sight(bar: QScrollBar, line: Line, cell: int | None) -> None:
    """Scroll as little as shows a cell of a line."""
    if cell is not None:
        first, after = line.span(cell)
        bar.setValue(bar.value() + min(first - line.start, max(after - line.end, 0)))


def _stepped(shown: HeadMap, pinned: Cross, key: int) -> Cross | None:
    """The cell that a key goes to; from nowhere, the strongest of the pinned row."""
    last, row, column = shown.fold.rows - 1, pinned.row, pinned.column
    if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
        return Cross(row or 0, 0 if key == Qt.Key.Key_Home else last)
    if key not in STEPS:
        return None
    if row is None or column is None:
        return Cross(*shown.strongest_cell(row or 0, column))
    down, right = STEPS[Qt.Key(key)]
    return Cross(min(max(row + down, 0), last), min(max(column + right, 0), last))


def _pick_of(shown: HeadMap, cross: Cross) -> Pick:
    """The tokens of a row and a column; the edge column stands for no single one."""
    kept = shown.fold.kept
    token = kept[cross.row] if cross.row is not None else None
    if cross.column is None or cross.column == len(kept):
        return Pick(token=token)
    return Pick(token=token, second=kept[cross.column])


def _token_of(shown: HeadMap, cross: Cross) -> int | None:
    """The token of a label; None for a cell, where two meet."""
    pick = Pick() if cross.is_cell else _pick_of(shown, cross)
    return pick.token if pick.token is not None else pick.second
