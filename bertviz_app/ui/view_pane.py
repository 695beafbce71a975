"""One pane: the views of the open place that stand in it, one at a time, under their tabs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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

Kind = type[View]


class ViewPane(QWidget):
    """Shows one of the views that stand in it; tabs if there are more.

    Attributes:
        tabs: a tab for each of them.
        view: the one that is shown.

    Args:
        name: what it is called.
        built: gives the view of a kind, which is built if it has never been shown.

    Signals:
        chosen(str): the person chose the tab of the view of this name.
    """

    chosen = Signal(str)

    def __init__(
        self, name: str, built: Callable[[Kind], View], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.tabs = QTabBar(self)
        self.tabs.setObjectName(f"tabs.{name}")
        self.tabs.setAccessibleName(f"Views in the pane {name}")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.currentChanged.connect(self._on_current_changed)
        self.view: View | None = None
        self._built = built
        self._kinds: tuple[Kind, ...] = ()
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._rows.addWidget(self.tabs)

    def hold(self, kinds: Sequence[Kind], chosen: Sequence[str], *, seen: bool) -> None:
        """Let views of these kinds stand here, that which was chosen last in front, else the first.

        Without any, or if it is not `seen`, the pane hides itself.
        """
        if tuple(kinds) != self._kinds:
            self._kinds = tuple(kinds)
            self._make_tabs()
        self._dress()
        self.tabs.setVisible(len(kinds) > 1)
        names = [kind.name for kind in kinds]
        front = next((names.index(name) for name in reversed(chosen) if name in names), 0)
        self.tabs.blockSignals(True)
        self.tabs.setCurrentIndex(front)
        self.tabs.blockSignals(False)
        self._show(kinds[front] if seen and kinds else None)
        self.setVisible(seen and bool(kinds))

    def step(self, by: int) -> None:
        """Choose the next tab, or the one before, round the end."""
        if len(self._kinds) > 1:
            self.tabs.setCurrentIndex((self.tabs.currentIndex() + by) % len(self._kinds))

    def _make_tabs(self) -> None:
        self.tabs.blockSignals(True)
        for index in reversed(range(self.tabs.count())):
            self.tabs.removeTab(index)
        for kind in self._kinds:
            index = self.tabs.addTab(kind.title)
            self.tabs.setTabToolTip(index, kind.sees)
        self.tabs.blockSignals(False)

    def _show(self, kind: Kind | None) -> None:
        before, self.view = self.view, self._built(kind) if kind is not None else None
        if before is not None and before is not self.view and before.parentWidget() is self:
            before.hide()
        if self.view is not None:
            if self.view.parentWidget() is not self:
                self.view.hide()
            self._rows.addWidget(self.view, 1)
            self.view.set_tabbed(len(self._kinds) > 1)
            self.view.show()

    def _dress(self) -> None:
        self.tabs.setFont(look.current().sans())
        wanted = tab_style()
        if wanted != self.tabs.styleSheet():  # Qt reads it anew each time
            self.tabs.setStyleSheet(wanted)

    @Slot(int)
    def _on_current_changed(self, index: int) -> None:
        if 0 <= index < len(self._kinds):
            self.chosen.emit(self._kinds[index].name)


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
