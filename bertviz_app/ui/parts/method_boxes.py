"""How it is asked which words mattered: the method and, for an integral, where it begins."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from bertviz_app.core.questions.attribution import (
    Attribution,
    Baseline,
    GradientTimesInput,
    IntegratedGradients,
    Occlusion,
)
from bertviz_app.ui import look
from bertviz_app.ui.parts.choice_box import ChoiceBox
from bertviz_app.ui.parts.target_word import TargetWord

METHODS = (IntegratedGradients, GradientTimesInput, Occlusion)
STEPS = (8, 16, 32, 64, 128)
BASELINES = {
    Baseline.MASK: "from [MASK]",
    Baseline.PAD: "from [PAD]",
    Baseline.ZERO: "from zero",
}

Method = type[Attribution]


class MethodBoxes(QWidget):
    """A box for the method, and two more for an integral: its baseline and its steps.

    Attributes:
        method: the kind of question.

    Signals:
        chosen(): it shall be asked in another way.
    """

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.method: Method = IntegratedGradients
        self._baseline, self._steps = Baseline.MASK, 32
        self._methods = ChoiceBox("Method", [(kind.task, kind) for kind in METHODS], self)
        self._from = ChoiceBox("Baseline", [(BASELINES[one], one) for one in Baseline], self)
        self._points = ChoiceBox("Steps", [(f"{steps} steps", steps) for steps in STEPS], self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.current().px(6))
        for box in (self._methods, self._from, self._points):
            row.addWidget(box)
        self._methods.chosen.connect(self._on_method_chosen)
        self._from.chosen.connect(self._on_baseline_chosen)
        self._points.chosen.connect(self._on_steps_chosen)
        self._show_choices()

    def question(self, target: TargetWord) -> Attribution:
        """What is asked about a word."""
        about = target.request, target.blank, target.word
        against = target.against
        if self.method is IntegratedGradients:
            return IntegratedGradients(*about, self._baseline, self._steps, against=against)
        return self.method(*about, against=against)

    def _show_choices(self) -> None:
        integrates = self.method is IntegratedGradients
        self._methods.show_value(self.method)
        self._from.show_value(self._baseline)
        self._points.show_value(self._steps)
        self._from.setVisible(integrates)
        self._points.setVisible(integrates)

    @Slot(object)
    def _on_method_chosen(self, method: Method) -> None:
        self.method = method
        self._show_choices()
        self.chosen.emit()

    @Slot(object)
    def _on_baseline_chosen(self, baseline: Baseline) -> None:
        self._baseline = baseline
        self.chosen.emit()

    @Slot(object)
    def _on_steps_chosen(self, steps: int) -> None:
        self._steps = steps
        self.chosen.emit()
