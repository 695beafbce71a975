"""A box to choose one of a few values from, each by its words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget

from bertviz_app.ui.parts.option_boxes import BARE, paint_arrows

BY_HAND = "by hand"


class ChoiceBox(QComboBox):
    """Shows the value in force; one that is none of the choices was given by hand.

    Signals:
        chosen(object): another value shall be in force.
    """

    chosen = Signal(object)

    def __init__(
        self, name: str, choices: Sequence[tuple[str, object]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setStyleSheet(BARE)
        self.setPlaceholderText(BY_HAND)
        self._choices: list[tuple[str, object]] = []
        self.offer(choices)
        self.activated.connect(self._on_activated)

    def offer(self, choices: Sequence[tuple[str, object]]) -> None:
        """Let these be the values to choose from, as (words, value)."""
        if list(choices) != self._choices:
            self._choices = list(choices)
            self.clear()
            self.addItems([words for words, _ in choices])

    def show_value(self, value: object) -> None:
        """Show the value in force."""
        values = [value for _, value in self._choices]
        self.setCurrentIndex(values.index(value) if value in values else -1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the wheel never changes a value

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_arrows(self, (1,))

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self.chosen.emit(self._choices[index][1])
