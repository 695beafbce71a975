"""The slider of what is kept: a share of each row, or all weights from a threshold on."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from bertviz_app.core.state import ViewOptions
from bertviz_app.ui import look, numbers

LEAST, WHOLE = 5, 100
"""Per cent at both ends of the slider."""

THRESHOLDS = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
"""The least weights to choose from; two on each side of a decade and its half."""

ABOVE = 0.01
"""The threshold at first."""


class KeepSlider(QWidget):
    """Says and changes what is kept.

    Signals:
        optioned(ViewOptions): more or less shall be kept.
    """

    optioned = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options = ViewOptions()
        self._dressed_for: look.Look | None = None
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.slider = _Slider(Qt.Orientation.Horizontal, self)
        self.slider.setAccessibleName("What is kept of each row")
        self.slider.valueChanged.connect(self._on_value_changed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._words)
        self._row.addWidget(self.slider)
        self.show_options(self._options)

    def show_options(self, options: ViewOptions) -> None:
        """Show what is kept."""
        if (options, look.current()) == (self._options, self._dressed_for):
            return
        self._options, self._dressed_for = options, look.current()
        by_share = options.above == 0
        self.slider.blockSignals(True)
        if by_share:
            self.slider.setRange(LEAST, WHOLE)
            self.slider.setPageStep(10)
            self.slider.setValue(round(options.keep * WHOLE))
        else:
            self.slider.setRange(0, len(THRESHOLDS) - 1)
            self.slider.setPageStep(3)
            self.slider.setValue(bisect_right(THRESHOLDS, options.above) - 1)
        self.slider.blockSignals(False)
        self._words.setText(self.words)
        self.setToolTip(_means(options))
        style = look.current()
        widest = look.text_width(style.sans(), "keep ≥ 0.0005")
        self._words.setFixedWidth(round(widest) + style.px(4))
        self.slider.setFixedWidth(style.px(84))
        self._row.setSpacing(style.px(4))

    @property
    def words(self) -> str:
        """What stands beside the slider."""
        if self._options.above > 0:
            return f"keep ≥ {self._options.above:g}"
        return f"keep {numbers.percent(self._options.keep)}"

    @Slot(int)
    def _on_value_changed(self, value: int) -> None:
        if self._options.above > 0:
            asked = replace(self._options, above=THRESHOLDS[value])
        else:
            asked = replace(self._options, keep=value / WHOLE)
        self.optioned.emit(asked)


class _Slider(QSlider):
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the wheel never changes a value


def _means(options: ViewOptions) -> str:
    rest = "what is not kept is summed at the edge"
    if options.above > 0:
        return f"Keep the weights of {options.above:g} and more; {rest}"
    whole = "of what is not folded" if options.fold or options.fold_punctuation else "of it"
    share = numbers.percent(options.keep)
    return f"Keep the largest weights of each row that make {share} {whole}; {rest}"
