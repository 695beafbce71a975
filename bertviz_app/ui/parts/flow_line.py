"""Offers the attention flow where it is to be drawn and not known, and says how far it is."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QWidget

from bertviz_app.analysis.weights import flow_question
from bertviz_app.core.questions.attention_flow import AttentionFlow
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import WeightKind
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.job_line import JobLine


class FlowLine(JobLine):
    """Stands in the place of the other controls for as long as the flow is wanted and not there.

    Signals:
        questioned(AttentionFlow): the flow shall be found.
        stopped(kind): the search shall stop.
    """

    questioned = Signal(object)
    stopped = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Compute", parent)
        self._question: AttentionFlow | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHorizontalStretch(100)  # the row ends in a stretch of 1
        self.setSizePolicy(policy)
        self.asked.connect(self._on_asked)
        self.cancelled.connect(self._on_cancelled)

    def show_snapshot(self, snapshot: Snapshot, *, known: bool) -> bool:
        """Show itself unless the flow is `known` or not wanted; whether it is shown."""
        self._question = flow_question(snapshot)
        wanted = snapshot.options.kind is WeightKind.FLOW and not known
        waits = wanted and self._question is not None
        self.setVisible(waits)
        if waits and self._question is not None and snapshot.trace is not None:
            report = snapshot.report_of(self._question)
            running = snapshot.is_running(AttentionFlow)
            words = f"{numbers.count(len(snapshot.trace) ** 2)} flows are to be found."
            self.show_job(report, "" if running else words, running=running, offered=True)
        return waits

    @Slot()
    def _on_asked(self) -> None:
        if self._question is not None:
            self.questioned.emit(self._question)

    @Slot()
    def _on_cancelled(self) -> None:
        self.stopped.emit(AttentionFlow)
