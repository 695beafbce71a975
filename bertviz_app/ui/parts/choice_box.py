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
        self._values = [value for _, value in choices]
        self.addItems([words for words, _ in choices])
        self.activated.connect(self._on_activated)

    def show_value(self, value: object) -> None:
        """Show the value in force."""
        self.setCurrentIndex(self._values.index(value) if value in self._values else -1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the wheel never changes a value

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_arrows(self, (1,))

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self.chosen.emit(self._values[index])
