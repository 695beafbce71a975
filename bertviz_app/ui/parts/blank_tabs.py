"""The tabs of Answer: one for each blank of the text."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QTabBar, QWidget

from bertviz_app.ui import look


class BlankTabs(QTabBar):
    """One tab a blank, numbered in the order of the text; they scroll. Hidden below two blanks.

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
        self.setVisible(len(masks) > 1)
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
