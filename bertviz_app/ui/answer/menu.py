"""The ⋯ of Answer: how many words it lists, a temperature for its what-if column, and its page."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QMenu,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from bertviz_app.core.state import ViewOptions
from bertviz_app.ui import look
from bertviz_app.ui.parts.option_boxes import BARE, paint_arrows

MOST = 100
"""Words that are listed at most."""

COLDEST, HOTTEST = 0.1, 10.0

WHAT_IF = (
    "Each logit is divided by the temperature before the softmax. BERT itself answers at 1; "
    "its own probability stays beside the what-if."
)


class AnswerMenu(QToolButton):
    """Opens a small page with two numbers, and offers the explanation.

    Signals:
        optioned(ViewOptions): one of them was changed.
        explained(): Answer shall be explained.
    """

    optioned = Signal(object)
    explained = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("predictions.more")
        self.setText("⋯")
        self.setProperty("flat", True)
        self.setAccessibleName("How many words are listed, temperature, and Answer explained")
        self.setToolTip(self.accessibleName())
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self._options = ViewOptions()
        self.listed = NumberBox("Words listed", 1, MOST, step=1, decimals=0)
        self.temperature = NumberBox("Temperature", COLDEST, HOTTEST, step=0.1, decimals=2)
        for box in (self.listed, self.temperature):
            box.valueChanged.connect(self._on_value_changed)
        menu = QMenu(self)
        page = QWidgetAction(menu)
        page.setDefaultWidget(self._page())
        menu.addAction(page)
        menu.addSeparator()
        menu.addAction("Answer explained").triggered.connect(self.explained)
        self.setMenu(menu)

    def show_options(self, options: ViewOptions) -> None:
        """Show the numbers in force."""
        self._options = options
        boxes = (self.listed, self.temperature)
        for box in boxes:
            box.blockSignals(True)
        self.listed.setValue(options.listed)
        self.temperature.setValue(options.temperature)
        for box in boxes:
            box.blockSignals(False)

    def _page(self) -> QWidget:
        page, px = QWidget(), look.current().px
        form = QFormLayout(page)
        form.setContentsMargins(px(12), px(8), px(12), px(8))
        form.addRow(_label("words listed"), self.listed)
        form.addRow(_label("what if: temperature"), self.temperature)
        words = _label(WHAT_IF)
        words.setWordWrap(True)
        words.setFixedWidth(px(240))
        form.addRow(words)
        return page

    @Slot()
    def _on_value_changed(self) -> None:
        temperature = round(self.temperature.value(), 2)
        changed = replace(self._options, listed=round(self.listed.value()), temperature=temperature)
        self.optioned.emit(changed)


class NumberBox(QDoubleSpinBox):
    """A number that counts when it is complete."""

    def __init__(self, name: str, least: float, most: float, *, step: float, decimals: int) -> None:
        super().__init__()
        self.setDecimals(decimals)
        self.setRange(least, most)
        self.setSingleStep(step)
        self.setKeyboardTracking(False)
        self.setAccessibleName(name)
        self.setStyleSheet(BARE)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the wheel never changes a value

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_arrows(self, (-1, 1))


def _label(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
