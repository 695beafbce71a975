"""The three parts of the embeddings side by side, each with its slider."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from bertviz_app.core.changes import PART_NAMES, with_part
from bertviz_app.core.request import UNCHANGED, Interventions
from bertviz_app.ui import look, numbers
from bertviz_app.ui.parts.factor_slider import FactorSlider


class PartSliders(QWidget):
    """How much of the token, segment and position embedding goes into the sum.

    Signals:
        adjusted(Interventions, str): a slider moves; changes under one name are one step of undo.
    """

    adjusted = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._changes = UNCHANGED
        self.sliders = [FactorSlider(name, self) for name in PART_NAMES]
        self._labels = [QLabel(self) for _ in PART_NAMES]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.current().px(8))
        for number, slider in enumerate(self.sliders):
            slider.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            slider.dragged.connect(
                lambda factor, step, part=number: self._on_dragged(part, factor, step)
            )
            row.addWidget(self._labels[number])
            row.addWidget(slider, 1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_changes(self, changes: Interventions) -> None:
        """Show the factors in force."""
        self._changes = changes
        for name, label, slider, factor in zip(
            PART_NAMES, self._labels, self.sliders, changes.parts, strict=True
        ):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setText(f"{name} {numbers.percent(factor)}")
            slider.show_factor(factor)

    def sizeHint(self) -> QSize:
        return QSize(look.current().px(300), look.current().px(22))

    def _on_dragged(self, part: int, factor: float, step: str) -> None:
        self.adjusted.emit(with_part(self._changes, part, factor), step)
