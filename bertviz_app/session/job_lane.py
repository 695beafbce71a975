"""The job lane: of each kind one longer question at a time, given up when it is wanted no more."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from bertviz_app.core.jobs import JobReport, Kind, Question
from bertviz_app.session.engines import Engines
from bertviz_app.session.worker import Failed, Reported


class JobLane(QObject):
    """Knows which jobs are under way and what they have found; of each kind the newest alone.

    Signals:
        reported(): a job has got further, or is done; see `news`.
        failed(Question, Fault): a job went wrong.
    """

    reported = Signal()
    failed = Signal(object, object)

    def __init__(self, engines: Engines, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engines = engines
        self._asked: dict[Kind, Question[Any]] = {}
        self._reports: dict[Kind, JobReport[Any]] = {}
        engines.reported.connect(self._on_reported)
        engines.failed.connect(self._on_failed)

    @property
    def news(self) -> dict[str, Any]:
        """The fields of a snapshot that tell of jobs."""
        return {"reports": dict(self._reports), "running": frozenset(self._asked)}

    def ask(self, question: Question[Any]) -> None:
        """Begin a job; one of its kind under way is given up."""
        self._reports.pop(type(question), None)
        self._asked[type(question)] = question
        self._engines.ask(question)

    def cancel(self, kind: Kind) -> None:
        """Stop the job of this kind; what it found so far stays."""
        if self._asked.pop(kind, None) is not None:
            self._engines.drop_jobs([kind])

    def drop(self, *, about_text_only: bool = False) -> None:
        """Give up and forget all jobs, or those about the text."""
        for kind in {*self._asked, *self._reports}:
            if kind.about_text or not about_text_only:
                self._reports.pop(kind, None)
                self.cancel(kind)

    @Slot(object)
    def _on_reported(self, reported: Reported) -> None:
        report = reported.report
        kind = type(report.question)
        # The same report once more is a slice that found nothing worth telling yet.
        if report.question is self._asked.get(kind) and report is not self._reports.get(kind):
            self._reports[kind] = report
            if report.finished:
                del self._asked[kind]
            self.reported.emit()

    @Slot(object)
    def _on_failed(self, failed: Failed) -> None:
        question = failed.question
        if question is not None and question is self._asked.get(type(question)):
            del self._asked[type(question)]
            self.failed.emit(question, failed.fault)
