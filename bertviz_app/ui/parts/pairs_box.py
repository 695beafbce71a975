"""Chooses between which sentences lines are drawn."""

from __future__ import annotations

from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget

from bertviz_app.analysis.arcs import Pairs
from bertviz_app.ui.parts.option_boxes import BARE, paint_arrows


class PairsBox(QComboBox):
    """All lines, or those from one sentence to another."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Lines between sentences")
        self.setToolTip("Between which sentences lines are drawn; the row below says what is left")
        self.setStyleSheet(BARE)
        for pairs in Pairs:
            self.addItem(f"pairs: {pairs.value}" if pairs is Pairs.ALL else pairs.value)

    @property
    def pairs(self) -> Pairs:
        """What is chosen."""
        return list(Pairs)[self.currentIndex()]

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the wheel never changes a value

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_arrows(self, (1,))
