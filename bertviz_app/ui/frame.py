"""The frame: every part of the window in its place, each fed with the same snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import chain

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QAction, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bertviz_app.core.request import Capture
from bertviz_app.core.saved_session import Layout
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui import look
from bertviz_app.ui.answer.answer import AnswerPane
from bertviz_app.ui.change_bar import ChangeBar
from bertviz_app.ui.exhibit import Exhibit
from bertviz_app.ui.lost_focus import LostFocus
from bertviz_app.ui.note_bar import NoteBar
from bertviz_app.ui.panes import Panes, Spot
from bertviz_app.ui.places import Places
from bertviz_app.ui.regions import Regions
from bertviz_app.ui.sheet import Sheet
from bertviz_app.ui.sheets.page import SheetPage
from bertviz_app.ui.status_line import StatusLine
from bertviz_app.ui.text_field import LINES
from bertviz_app.ui.text_row import TextRow
from bertviz_app.ui.token_strip import TokenStrip
from bertviz_app.ui.turns import Turns
from bertviz_app.ui.view import Pane, View
from bertviz_app.ui.views import PLACES, place_of, views_of

LOW, TALL = 600, 1000
"""Heights: under the first a text has one line and places no facts; from the second on the strip
has two lines."""


class Frame(QWidget):
    """Text and strip on top, then notes, changes and places; Answer and the open place below.

    Signals:
        painted(): it was painted for the first time.
    """

    painted = Signal()

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._was_painted = False
        self.text_row = TextRow(actions, self)
        self.strip = TokenStrip(self)
        self.note_bar = NoteBar(self)
        self.change_bar = ChangeBar(self)
        self.places = Places(PLACES, self)
        self.answer = AnswerPane(self)
        self.panes = Panes(self.answer, views_of, self)
        self.panes.built.connect(self._on_built)
        self.status = StatusLine(self)
        self.turns = Turns(self)
        self._shown: Snapshot | None = None
        above = (self.text_row, self.strip, self.note_bar, self.change_bar, self.places)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for part in above:
            rows.addWidget(part)
        rows.addWidget(self.panes, 1)
        rows.addWidget(self.status)
        self.sheet = Sheet(self)
        LostFocus([*above, self.answer, *self.panes.panes.values(), self.sheet, self.status], self)
        self._above = above
        self._make_regions()

    @property
    def views(self) -> Sequence[View]:
        """The views that have been shown; the others are not built yet."""
        return self.panes.views

    @property
    def exhibits(self) -> tuple[Exhibit, ...]:
        """What is on screen and can be copied and explained; the detailed view comes last."""
        return (self.answer, *self.panes.visible_views())

    @property
    def exhibit_in_focus(self) -> Exhibit:
        """The one with the keyboard, else the one under the mouse, else the detailed view."""
        focused, there = self.window().focusWidget(), self.exhibits
        with_keyboard = (one for one in there if one.isAncestorOf(focused))
        under_mouse = (one for one in there if one.underMouse())
        return next(chain(with_keyboard, under_mouse), there[-1])

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Hand `snapshot` to every part; a new answer moves the large ones, each in its turn."""
        self._tint_strip(snapshot)
        self.note_bar.show_note(snapshot.note)
        self.text_row.show_snapshot(snapshot)
        self.change_bar.show_snapshot(snapshot)
        self.places.show_snapshot(snapshot)
        self.strip.show_snapshot(snapshot)
        moved = self._shown is None or snapshot.answer is not self._shown.answer
        self._shown = snapshot
        # The status comes last: it says that what is seen is up to date.
        parts: tuple[AnswerPane | View | StatusLine, ...] = (self.answer, *self.views, self.status)
        for part in parts:
            if (moved and part.isVisible()) or part in self.turns:
                last = part is self.status
                self.turns.give(part, partial(part.show_snapshot, snapshot), last=last)
            else:
                part.show_snapshot(snapshot)
        self.turns.begin()
        if self.sheet.page is not None:
            self.sheet.page.show_snapshot(snapshot)

    def _tint_strip(self, snapshot: Snapshot) -> None:
        """Colour the overview as a visible view says; the detailed one is asked first."""
        tints = (view.tints(snapshot) for view in reversed(self.panes.visible_views()))
        self.strip.tints = next((found for found in tints if found), {})

    def needs(self, snapshot: Snapshot) -> Capture:
        """What traces must hold for what is visible."""
        wanted = self.answer.needs(snapshot)
        for view in self.panes.visible_views():
            wanted |= view.needs(snapshot.state)
        return wanted

    @property
    def layout_now(self) -> Layout:
        """What of BERT is open."""
        return Layout(self.panes.place, self.panes.chosen)

    def restore(self, layout: Layout) -> None:
        """Open what was open, as far as it is there."""
        self.sheet.close_sheet()
        place = layout.place if layout.place in self.places.present else self.panes.place
        self.panes.restore(place, layout.views)
        self.places.show_open(place)

    def open_place(self, place: int) -> None:
        """Show the views of `place`."""
        self.sheet.close_sheet()
        self.panes.open_place(place)
        self.places.show_open(place)

    def open_view(self, name: str) -> None:
        """Show the view of this name, with its place.

        Raises:
            KeyError: there is no such view.
        """
        place = place_of(name)
        self.panes.choose(name)
        self.open_place(place)

    def open_sheet(self, page: SheetPage, about: Exhibit | None = None) -> None:
        """Show a page over the detailed pane; one about what stands there over another, if any."""
        self.sheet.open_over(self._pane_beside(about), page)
        page.show_snapshot(self.strip.snapshot)

    def _pane_beside(self, exhibit: Exhibit | None) -> QWidget:
        """The detailed pane or, where an exhibit stands in it, another one if there is one."""
        every = (self.panes.panes[spot] for spot in (Spot.ONE, Spot.SECOND, Spot.ALL))
        there = [pane for pane in every if pane.isVisible()]
        free = (pane for pane in there if exhibit is None or not pane.isAncestorOf(exhibit))
        return next(free, self.panes.detailed)

    def leave(self) -> bool:
        """Leave what lies over the usual: the sheet, else what a view is switched to.

        False if nothing does.
        """
        if self.sheet.isVisible():
            self.sheet.close_sheet()
            return True
        return any(view.leave() for view in self.panes.visible_views())

    def dress(self) -> None:
        """Take lengths from the look in force."""
        self._fit_height()
        self.text_row.dress()
        self.panes.set_shares(self.panes.shares)

    @Slot(object)
    def _on_built(self, view: View) -> None:
        view.retinted.connect(lambda: self._tint_strip(self.strip.snapshot))
        self._make_regions()
        if self._shown is not None:
            view.show_snapshot(self._shown)

    def _make_regions(self) -> None:
        in_order = [view for pane in Pane for view in self.views if view.pane is pane]
        tabs = [pane.tabs for pane in self.panes.panes.values()]
        self.regions = Regions([*self._above, self.answer, *tabs, *in_order, self.status])

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)  # its parts are painted after it

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def _fit_height(self) -> None:
        """Give text and strip as many lines as leave room for the pictures."""
        height = self.window().height() / look.current().text_size
        self.strip.most_lines = 2 if height >= TALL else 1
        for field in self.text_row.fields:
            field.most_lines = 1 if height < LOW else LINES
        self.places.set_flat(height < LOW)
