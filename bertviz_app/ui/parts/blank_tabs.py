"""The blanks of the text: a tab for each, what they are predicted from, and filling them all."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QTabBar, QVBoxLayout, QWidget

from bertviz_app.ui import look

INDEPENDENT = "Each blank is predicted by itself, not from the others."

FILLING = (
    "The most certain blank is filled first, and BERT reads the text anew: the later ones see the "
    "earlier ones. One undo brings all blanks back."
)


class Blanks(QWidget):
    """The tabs and the button that fills all blanks. Hidden below two blanks.

    Signals:
        chosen(int): the blank at this token was clicked.
        filling_wanted(): fill the blanks one by one.
    """

    chosen = Signal(int)
    filling_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tabs = BlankTabs(self)
        self._tabs.chosen.connect(self.chosen)
        self._fill = QPushButton("Fill one by one", self)
        self._fill.setToolTip(FILLING)
        self._fill.clicked.connect(self.filling_wanted)
        self._words = QLabel(INDEPENDENT, self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        row = QHBoxLayout()
        row.addWidget(self._tabs, 1)
        row.addWidget(self._fill)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addLayout(row)
        rows.addWidget(self._words)

    def show_blanks(self, masks: tuple[int, ...], position: int | None) -> None:
        """Show a tab for each of `masks`, with the one at `position` in front."""
        px = look.current().px
        self._words.setContentsMargins(px(4), 0, px(4), 0)
        self._tabs.show_blanks(masks, position)
        self.setVisible(len(masks) > 1)


class BlankTabs(QTabBar):
    """One tab a blank, numbered in the order of the text; they scroll.

    Signals:
        chosen(int): the blank at this token was clicked.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._masks: tuple[int, ...] = ()
        self._look: look.Look | None = None
        self.setAccessibleName("Blanks")
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.currentChanged.connect(self._on_current_changed)

    def show_blanks(self, masks: tuple[int, ...], position: int | None) -> None:
        """Show a tab for each of `masks`, with the one at `position` in front."""
        self._dress()
        self._masks = masks
        self.blockSignals(True)
        while self.count() > len(masks):
            self.removeTab(self.count() - 1)
        for number in range(self.count(), len(masks)):
            self.addTab(str(number + 1))
        if position in masks:
            self.setCurrentIndex(masks.index(position))
        self.blockSignals(False)

    @Slot(int)
    def _on_current_changed(self, number: int) -> None:
        if 0 <= number < len(self._masks):
            self.chosen.emit(self._masks[number])

    def _dress(self) -> None:
        style = look.current()
        if style == self._look:
            return
        self._look = style
        theme, px = style.theme, style.px
        self.setStyleSheet(f"""
        QTabBar::tab {{ color: {theme.muted}; background: transparent; border: none;
            border-bottom: {px(2)}px solid transparent; padding: {px(2)}px {px(8)}px; }}
        QTabBar::tab:selected {{ color: {theme.text}; border-bottom-color: {theme.text}; }}
        QTabBar::tab:hover {{ color: {theme.text}; }}
        QTabBar::tear {{ width: 0; }}
        QTabBar QToolButton {{ padding: 0; min-height: {px(18)}px; }}
        """)
