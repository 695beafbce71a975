"""Arcs: tokens that look at the left, tokens that are looked at at the right, lines between."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSizeF
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from bertviz_app.core.state import Pick
from bertviz_app.ui import look
from bertviz_app.ui.parts.arcs_layout import ArcsLayout
from bertviz_app.ui.parts.arcs_painting import HeadArcs, beside_in_words
from bertviz_app.ui.parts.cross_canvas import CrossCanvas, bring_into_sight, keep_in_place
from bertviz_app.ui.parts.map_layout import ENLARGED, LINE, Cross
from bertviz_app.ui.parts.resting_arcs import RestingArcs, Scene

NEAR = 5
"""Pixels from the mouse within which a line is pointed at."""

STEP = 1.25
"""How much one notch of Ctrl and wheel enlarges."""


class ArcsPicture(CrossCanvas):
    """The lines of one head and of those drawn beside it; a line is where two tokens meet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = Scene((), Cross(), Cross())
        self._zoom: float | None = None
        self._resting: RestingArcs | None = None

    @property
    def scene(self) -> Scene:
        """What is shown."""
        return self._scene

    def show_heads(
        self,
        heads: Sequence[HeadArcs],
        pinned: Pick,
        tried: Pick | None,
        *,
        every: bool = False,
        note: str = "",
    ) -> None:
        """Show the lines of `heads`; those of all tokens if `every`, else of the pinned one."""
        before = self._painted_of
        moved = self.hold(heads[0].arcs.shown, pinned, tried)
        kept = self._pinned
        self._scene = Scene(tuple(heads), kept, Cross() if every else kept, note)
        self._update_scrolling()
        if moved:
            self._scroll_to(kept)
        self.hovered = self.cross_at(self._point)
        if self._painted_of != before:
            self.viewport().update()

    @property
    def _painted_of(self) -> tuple[object, ...]:
        """While these are the same, what is painted is."""
        return self._shown, self._scene, self.tried, self.hovered, look.current()

    def forget(self) -> None:
        super().forget()
        self._scene, self._resting = Scene((), Cross(), Cross()), None
        self._update_scrolling()

    @property
    def layout_now(self) -> ArcsLayout | None:
        """Where everything stands; None while there is nothing to show."""
        if self._shown is None or not self._shown.fold.rows:
            return None
        room = QSizeF(self.viewport().width(), self.viewport().height())
        return ArcsLayout.fitted(
            self._shown,
            room,
            self._zoom,
            self.verticalScrollBar().value(),
            legend=len(self._scene.heads) > 1,
            edged=any(beside_in_words(of.arcs) for of in self._scene.heads[:1]),
        )

    def cross_at(self, point: QPointF | None) -> Cross:
        layout = self.layout_now
        if point is None or layout is None:
            return Cross()
        if not layout.lines.contains(point):
            return layout.label_at(point.x(), point.y())
        return self._at_rest(layout).line_at(point, look.current().px(NEAR))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_scrolling()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, layout = self.begin_painting(), self.layout_now
        if layout is None:
            self.paint_words(painter)
        else:
            resting = self._at_rest(layout)
            cross = self.tried
            line = cross.is_cell and cross == self.hovered  # it was found among those at rest
            rests = cross == Cross() or line
            painter.drawPixmap(0, 0, resting.pixmap if rests else resting.bare)
            if cross != Cross():
                resting.paint_tried(painter, cross, line=line)
        self.end_painting(painter)

    def _at_rest(self, layout: ArcsLayout) -> RestingArcs:
        ratio = self.devicePixelRatioF()
        made_of = (self._scene, layout, self.viewport().size(), ratio)
        if self._resting is None or not self._resting.is_of(*made_of):
            self._resting = RestingArcs(*made_of)
        return self._resting

    def enlarge(self, notches: float, point: QPointF) -> None:
        before = self.layout_now
        if before is None:
            return
        self._zoom = None
        whole = self.layout_now
        assert whole is not None
        wanted = min(before.rows.cell * STEP**notches, look.current().px(ENLARGED))
        self._zoom = wanted if wanted > whole.rows.cell * (1 + 1e-6) else None
        self._update_scrolling()
        after = self.layout_now
        assert after is not None
        keep_in_place(self.verticalScrollBar(), point.y(), before.rows, after.rows)
        self.viewport().update()

    def _update_scrolling(self) -> None:
        layout, room = self.layout_now, self.viewport().size()
        beyond = layout.rows.beyond if layout is not None else 0
        step = max(layout.rows.cell, look.current().px(LINE)) if layout is not None else 1
        self.set_scrolled_size(0, room.height() + beyond, step)

    def _scroll_to(self, cross: Cross) -> None:
        if (layout := self.layout_now) is not None:
            row = cross.column if cross.row is None else cross.row
            bring_into_sight(self.verticalScrollBar(), layout.rows, row)
