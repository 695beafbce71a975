"""How weights are drawn, as entries of a menu: of which kind, on which scale, what is folded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from bertviz_app.core.state import Scale, ViewOptions, WeightKind
from bertviz_app.ui.parts.keep_slider import ABOVE
from bertviz_app.ui.parts.weight_kinds import MEANS

SWITCHES = {
    "fold": "Fold [CLS] and [SEP]",
    "fold_punctuation": "Fold punctuation",
    "words": "Merge pieces to words: keys summed, queries averaged",
}
"""Options that are on or off."""

SHARE, FROM = "A share of each row", "Weights from a threshold on"


class WeightsMenu(QObject):
    """Fills a menu, and shows in it what is so.

    Signals:
        optioned(ViewOptions): something was chosen.
    """

    optioned = Signal(object)

    def __init__(self, menu: QMenu, kinds: Sequence[WeightKind] = tuple(WeightKind)) -> None:
        super().__init__(menu)
        self._options = ViewOptions()
        self._choices: dict[str, QActionGroup] = {}
        menu.setToolTipsVisible(True)
        self._add_choice(menu.addMenu("Kind of number"), "kind", kinds)
        self._add_choice(menu.addMenu("Scale"), "scale", tuple(Scale))
        self._keep = self._group_of(menu.addMenu("Keep"), (SHARE, FROM))
        self._keep.triggered.connect(self._on_keep_triggered)
        menu.addSeparator()
        self._switches = {name: menu.addAction(words) for name, words in SWITCHES.items()}
        for action in self._switches.values():
            action.setCheckable(True)
            action.triggered.connect(self._on_switched)
        self._check()

    def show_options(self, options: ViewOptions) -> None:
        """Check what is so."""
        if options == self._options:
            return
        self._options = options
        self._check()

    def _check(self) -> None:
        options = self._options
        for field, group in self._choices.items():
            for action in group.actions():
                action.setChecked(action.data() is getattr(options, field))
        for action in self._keep.actions():
            action.setChecked((action.data() == FROM) == (options.above > 0))
        for name, action in self._switches.items():
            action.setChecked(getattr(options, name))

    def _add_choice(self, menu: QMenu, field: str, values: Sequence[Enum]) -> None:
        menu.setToolTipsVisible(True)
        group = self._group_of(menu, [value.value for value in values])
        for action, value in zip(group.actions(), values, strict=True):
            action.setData(value)
            if isinstance(value, WeightKind):
                action.setToolTip(MEANS[value])
        group.triggered.connect(self._on_chosen)
        self._choices[field] = group

    def _group_of(self, menu: QMenu, names: Sequence[str]) -> QActionGroup:
        group = QActionGroup(self)
        for name in names:
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setData(name)
            group.addAction(action)
        return group

    def _ask(self, **changes: Any) -> None:
        self.optioned.emit(replace(self._options, **changes))

    @Slot(QAction)
    def _on_chosen(self, action: QAction) -> None:
        field = next(name for name, group in self._choices.items() if action in group.actions())
        self._ask(**{field: action.data()})

    @Slot(QAction)
    def _on_keep_triggered(self, action: QAction) -> None:
        self._ask(keep=1.0, above=ABOVE if action.data() == FROM else 0.0)

    @Slot()
    def _on_switched(self) -> None:
        self._ask(**{name: action.isChecked() for name, action in self._switches.items()})
