"""A place for a label whose words change all the time, without the window being laid out anew."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class Steady(QWidget):
    """Holds a label and is as large as it is told to be, whatever the label says.

    Qt lays out everything around a label anew when its words change: the whole window, at every
    key. `fit` makes room for all lines of the label, as far as there are other lines than before.
    """

    def __init__(self, label: QLabel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = label
        label.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def fit(self, least: int) -> None:
        """Be as high as the lines of the label, and `least` pixels at least."""
        height = max(self._label.heightForWidth(self.width()), least)
        if height != self.minimumHeight():
            self.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._label.setGeometry(self.rect())
