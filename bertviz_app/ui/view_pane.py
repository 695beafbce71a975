"""One pane: the views of the open place that stand in it, one at a time, under their tabs."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from bertviz_app.ui import look
from bertviz_app.ui.parts.tabs import tab_style
from bertviz_app.ui.view import Pane, View


class ViewPane(QWidget):
    """Shows one view of the open place; tabs if it holds more of that place.

    Attributes:
        views: all that stand here, of every place.
        tabs: their tabs.

    Signals:
        chosen(): the person chose another tab.
    """

    chosen = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.views: tuple[View, ...] = ()
        self.tabs = QTabBar(self)
        self.tabs.setObjectName(f"tabs.{name}")
        self.tabs.setAccessibleName(f"Views in the pane {name}")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.currentChanged.connect(self._on_current_changed)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._rows.addWidget(self.tabs)
        self._place = 0
        self._here: tuple[View, ...] = ()
        self._chosen: dict[int, View] = {}

    @property
    def current(self) -> View | None:
        """The view that is shown, or None if the open place has none here."""
        if not self._here:
            return None
        chosen = self._chosen.get(self._place)
        return chosen if chosen in self._here else self._here[0]

    @property
    def chosen_views(self) -> tuple[View, ...]:
        """The views that were brought to the front, one a place."""
        return tuple(self._chosen.values())

    def hold(self, views: Iterable[View]) -> None:
        """Let these views stand here from now on, in this order."""
        held = tuple(views)
        if held == self.views:
            return
        for view in set(held) - set(self.views):
            view.hide()
            self._rows.addWidget(view, 1)
        self.views = held

    def open_place(self, place: int) -> None:
        """Show this pane's view of `place`; the pane hides itself if the place has none here."""
        here = tuple(view for view in self.views if view.place == place)
        if (place, here) != (self._place, self._here):
            self._place, self._here = place, here
            self._make_tabs()
        self._show_current()

    def choose(self, view: View) -> None:
        """Bring a view to the front if it stands here."""
        if view in self.views:
            self._chosen[view.place] = view
            self._show_current()

    def forget_tabs(self) -> None:
        """Let the first view of each place be the chosen one again."""
        self._chosen.clear()

    def step(self, by: int) -> None:
        """Choose the next tab, or the one before, round the end."""
        if len(self._here) > 1:
            self.tabs.setCurrentIndex((self.tabs.currentIndex() + by) % len(self._here))

    def _make_tabs(self) -> None:
        self.tabs.blockSignals(True)
        for index in reversed(range(self.tabs.count())):
            self.tabs.removeTab(index)
        for view in self._here:
            index = self.tabs.addTab(view.title)
            self.tabs.setTabToolTip(index, view.sees)
        self.tabs.blockSignals(False)

    def _show_current(self) -> None:
        current, tabbed = self.current, len(self._here) > 1
        self.setVisible(current is not None)
        self._dress()
        self.tabs.setVisible(tabbed)
        if current is not None:
            self.tabs.blockSignals(True)
            self.tabs.setCurrentIndex(self._here.index(current))
            self.tabs.blockSignals(False)
        for view in self.views:
            view.set_tabbed(tabbed and view in self._here)
            view.setVisible(view is current)

    def _dress(self) -> None:
        self.tabs.setFont(look.current().sans())
        wanted = tab_style()
        if wanted != self.tabs.styleSheet():  # Qt reads it anew each time
            self.tabs.setStyleSheet(wanted)

    @Slot(int)
    def _on_current_changed(self, index: int) -> None:
        if 0 <= index < len(self._here):
            self._chosen[self._place] = self._here[index]
            self._show_current()
            self.chosen.emit()


class PaneSwitch(QWidget):
    """All or One, where both do not fit side by side.

    Signals:
        switched(Pane): this one shall be shown.
    """

    switched = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 0)
        row.addStretch(1)
        self._group = QButtonGroup(self)
        self._buttons = {}
        for pane in Pane:
            button = QPushButton(pane.value, self)
            button.setCheckable(True)
            button.clicked.connect(lambda _, chosen=pane: self.switched.emit(chosen))
            self._group.addButton(button)
            row.addWidget(button)
            self._buttons[pane] = button

    def show_chosen(self, pane: Pane) -> None:
        """Mark the pane that is shown."""
        self._buttons[pane].setChecked(True)
