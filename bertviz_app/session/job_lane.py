"""The job lane: one longer question at a time, given up when another or none is wanted."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from bertviz_app.core.jobs import Question
from bertviz_app.session.engines import Engines
from bertviz_app.session.worker import Failed, Reported


class JobLane(QObject):
    """Lets pass what belongs to the question that was asked last.

    Signals:
        reported(JobReport): the job has got further, or is done.
        failed(Question, Fault): the job went wrong.
    """

    reported = Signal(object)
    failed = Signal(object, object)

    def __init__(self, engines: Engines, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engines = engines
        self._question: Question | None = None
        engines.reported.connect(self._on_reported)
        engines.failed.connect(self._on_failed)

    def ask(self, question: Question) -> None:
        """Begin a job; one under way is given up."""
        self._question = question
        self._engines.ask(question)

    def drop(self) -> None:
        """Give up the job under way."""
        self._question = None
        self._engines.drop_job()

    @Slot(object)
    def _on_reported(self, reported: Reported) -> None:
        if reported.report.question is self._question:
            self.reported.emit(reported.report)

    @Slot(object)
    def _on_failed(self, failed: Failed) -> None:
        if failed.question is not None and failed.question is self._question:
            self._question = None
            self.failed.emit(failed.question, failed.fault)
