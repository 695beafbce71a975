"""The map of one head: who looks (rows) at whom (columns), with labels, exactly."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QSizeF
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from bertviz_app.analysis.heads import HeadMap
from bertviz_app.core.state import Pick
from bertviz_app.ui import look
from bertviz_app.ui.parts.cross_canvas import CrossCanvas, bring_into_sight, keep_in_place
from bertviz_app.ui.parts.frames import HOVERED
from bertviz_app.ui.parts.map_cells import paint_edited, paint_frames, paint_value
from bertviz_app.ui.parts.map_labels import paint_lens
from bertviz_app.ui.parts.map_layout import ENLARGED, Cross, MapLayout
from bertviz_app.ui.parts.resting_map import RestingMap

STEP = 1.25
"""How much one notch of Ctrl and wheel enlarges."""


class MapPicture(CrossCanvas):
    """One map; what does not move with the mouse is painted once and kept."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._enlarged: float | None = None
        self._resting: RestingMap | None = None
        self._edited: tuple[int, ...] = ()

    def mark_edited(self, tokens: Iterable[int]) -> None:
        """Mark the rows of these tokens: their weights were given by hand."""
        edited = tuple(tokens)
        if edited != self._edited:
            self._edited = edited
            self.viewport().update()

    def show_map(self, shown: HeadMap, pinned: Pick, tried: Pick | None = None) -> None:
        """Show a map; `pinned` is kept, and `tried` is hovered in another picture."""
        before = self._painted_of
        moved = self.hold(shown, pinned, tried)
        self._update_scrolling()
        if moved:
            self._scroll_to(self._pinned)
        self.hovered = self.cross_at(self._point)
        if self._painted_of != before:
            self.viewport().update()

    @property
    def _painted_of(self) -> tuple[object, ...]:
        """While these are the same, what is painted is."""
        return self._shown, self._pinned, self.tried, self.hovered, look.current()

    def forget(self) -> None:
        super().forget()
        self._resting = None
        self._update_scrolling()

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

    def cross_at(self, point: QPointF | None) -> Cross:
        layout = self.layout_now
        if point is None or layout is None:
            return Cross()
        return layout.cross_at(point.x(), point.y())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_scrolling()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.begin_painting()
        layout, shown = self.layout_now, self._shown
        if layout is not None and shown is not None:
            resting = self._resting_map(shown, layout)
            cross = self.tried
            painter.drawPixmap(0, 0, resting.pixmap)
            rows = (shown.fold.row(token) for token in self._edited)
            paint_edited(painter, layout, [row for row in rows if row is not None])
            paint_frames(painter, layout, cross, HOVERED)
            for margin, cell in zip(resting.margins, (cross.row, cross.column), strict=True):
                if cell is not None and cell < shown.fold.rows:
                    paint_lens(painter, *margin, cell)
            paint_value(painter, shown, layout, self.hovered)
        else:
            self.paint_words(painter)
        self.end_painting(painter)

    def _resting_map(self, shown: HeadMap, layout: MapLayout) -> RestingMap:
        made_of = (shown, layout, self._pinned, self.viewport().size(), self.devicePixelRatioF())
        if self._resting is None or not self._resting.is_of(*made_of):
            self._resting = RestingMap(*made_of)
        return self._resting

    def enlarge(self, notches: float, point: QPointF) -> None:
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
        keep_in_place(self.horizontalScrollBar(), point.x(), before.columns, after.columns)
        keep_in_place(self.verticalScrollBar(), point.y(), before.rows, after.rows)
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
            bring_into_sight(self.horizontalScrollBar(), layout.columns, cross.column)
            bring_into_sight(self.verticalScrollBar(), layout.rows, cross.row)
