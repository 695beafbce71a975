"""The button that chooses in which order heads stand: as in the model, or by a measure."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from bertviz_app.analysis.measures import MEASURES
from bertviz_app.core.state import Sorting, ViewOptions

ORDERS = (("Sort each layer by", True), ("Sort all heads by", False))


class SortButton(QToolButton):
    """A menu of orders; the one in force stands on the button.

    Signals:
        optioned(ViewOptions): another order was chosen.
    """

    optioned = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options = ViewOptions()
        self._group = QActionGroup(self)
        menu = QMenu(self)
        self._add(menu, "As in the model", None)
        for words, within_layers in ORDERS:
            measures = menu.addMenu(words)
            for measure in MEASURES:
                self._add(measures, measure.name, Sorting(measure.name, within_layers))
        self._group.triggered.connect(self._on_triggered)
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolTip("In which order the heads stand")
        self._say_order()

    def show_options(self, options: ViewOptions) -> None:
        """Show the order in force."""
        before, self._options = self._options, options
        if options.sorting != before.sorting:
            self._say_order()

    def _say_order(self) -> None:
        options = self._options
        words = "sort" if options.sorting is None else f"by {options.sorting.measure}"
        self.setText(f"{words} ▾")
        self.setAccessibleName(f"Order of heads: {words}")
        for action in self._group.actions():
            action.setChecked(action.data() == options.sorting)

    def _add(self, menu: QMenu, words: str, sorting: Sorting | None) -> None:
        action = QAction(words, self._group)
        action.setCheckable(True)
        action.setData(sorting)
        menu.addAction(action)

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        self.optioned.emit(replace(self._options, sorting=action.data()))
