"""The engines at work: the current one, one being opened beside it, and those that are leaving."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from bertviz_app.core.errors import Fault
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.jobs import Kind, Question
from bertviz_app.core.model_wanted import BUNDLED, ModelWanted
from bertviz_app.core.request import UNCHANGED, Capture
from bertviz_app.session.mailbox import Run
from bertviz_app.session.worker import Answered, Engine, Failed, Loaded, Reported, Worker

Load = Callable[[ModelWanted], Engine]
"""Opens a model, on the thread of the worker that will own it."""


@dataclass(frozen=True, slots=True)
class OpenFailed:
    """A model could not be opened; the current one, if there is one, stays."""

    wanted: ModelWanted
    fault: Fault


@dataclass(frozen=True, eq=False)
class Opened:
    """A model has become the current one; `first` is the answer by which it proved itself."""

    facts: ModelFacts
    first: Answered | None = None


class Engines(QObject):
    """Opens models, each in a worker of its own, and passes runs to the current one.

    A new model is read beside the running one, which stays until the new one has answered the
    newest text. If none runs yet and another than the bundled one does not open, the bundled one
    is opened. Lives on the GUI thread and never waits for a worker.

    Signals:
        opened(Opened): there is a new current model; it waits for its next run.
        open_failed(OpenFailed): a model could not be opened.
        answered(Answered), reported(Reported), failed(Failed): from the current worker only.
        closed(): after `close`, when the last thread has ended.
    """

    opened = Signal(object)
    open_failed = Signal(object)
    answered = Signal(object)
    reported = Signal(object)
    failed = Signal(object)
    closed = Signal()

    def __init__(self, load: Load, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._load = load
        self._workers: dict[int, Worker] = {}
        self._wanted: dict[int, ModelWanted] = {}
        self._facts: dict[int, ModelFacts] = {}
        self._current: int | None = None
        self._candidate: int | None = None
        self._newest: Run | None = None
        self._count = 0
        self._closing = False

    @property
    def opening(self) -> str | None:
        """The name of the model that is being opened, or None."""
        return None if self._candidate is None else self._wanted[self._candidate].name

    @property
    def ready(self) -> bool:
        """Whether there is an engine that can answer."""
        return self._current is not None

    @property
    def ended(self) -> bool:
        """Whether no thread is left."""
        return not self._workers

    def open(self, wanted: ModelWanted) -> None:
        """Begin to open a model; one that was being opened is given up."""
        if self._closing:
            return
        if self._candidate is not None:
            self._dismiss(self._candidate)
        self._count += 1
        worker = Worker(self._count, partial(self._load, wanted), self)
        worker.loaded.connect(self._on_loaded)
        worker.answered.connect(self._on_answered)
        worker.reported.connect(self._on_reported)
        worker.failed.connect(self._on_failed)
        worker.finished.connect(self._on_finished)
        self._workers[self._count] = worker
        self._wanted[self._count] = wanted
        self._candidate = self._count
        worker.start()

    def submit(self, run: Run) -> None:
        """Send the newest run to the current engine; one not begun yet is forgotten."""
        self._newest = run
        if self._current is not None:
            self._workers[self._current].mailbox.put(run)

    def ask(self, question: Question[Any]) -> None:
        """Begin a job in the current engine, instead of the one of its kind under way."""
        if self._current is not None:
            self._workers[self._current].mailbox.ask(question)

    def drop_jobs(self, kinds: Iterable[Kind]) -> None:
        """Give up the jobs of these kinds."""
        if self._current is not None:
            self._workers[self._current].mailbox.drop_jobs(kinds)

    def close(self) -> None:
        """Ask every worker to end; `closed` follows when the last one has."""
        self._closing = True
        for worker in self._workers.values():
            worker.mailbox.close()
        if not self._workers:
            self.closed.emit()

    @Slot(object)
    def _on_loaded(self, loaded: Loaded) -> None:
        if loaded.worker != self._candidate:
            return
        self._facts[loaded.worker] = loaded.facts
        if self._current is None:
            self._promote(loaded.worker)
        elif self._newest is not None:
            # Changes are made for one model; the first answer of another is without them.
            request = replace(self._newest.request, interventions=UNCHANGED, capture=Capture())
            self._workers[loaded.worker].mailbox.put(replace(self._newest, request=request))

    @Slot(object)
    def _on_answered(self, answered: Answered) -> None:
        if answered.worker == self._candidate:
            self._promote(answered.worker, answered)
        elif answered.worker == self._current:
            self.answered.emit(answered)
        worker = self._workers.get(answered.worker)
        if worker is not None:
            worker.mailbox.answer_received()

    @Slot(object)
    def _on_reported(self, reported: Reported) -> None:
        if reported.worker == self._current:
            self.reported.emit(reported)

    @Slot(object)
    def _on_failed(self, failed: Failed) -> None:
        if failed.worker == self._candidate:
            wanted = self._wanted[failed.worker]
            self._dismiss(failed.worker)
            self._candidate = None
            if self._current is None and wanted != BUNDLED:
                self.open(BUNDLED)
            self.open_failed.emit(OpenFailed(wanted, failed.fault))
        elif failed.worker == self._current:
            self.failed.emit(failed)

    @Slot()
    def _on_finished(self) -> None:
        # This one only: another that has ended may still have something to say.
        worker = self.sender()
        if isinstance(worker, Worker):
            self._workers.pop(worker.number)
            self._wanted.pop(worker.number)
            self._facts.pop(worker.number, None)
            worker.deleteLater()
        if self._closing and not self._workers:
            self.closed.emit()

    def _promote(self, number: int, first: Answered | None = None) -> None:
        """Make a worker that has proved itself the current one."""
        if self._current is not None:
            self._dismiss(self._current)
        self._current, self._candidate = number, None
        self.opened.emit(Opened(self._facts[number], first))

    def _dismiss(self, number: int) -> None:
        """Let a worker end; it is forgotten when its thread has."""
        worker = self._workers.get(number)
        if worker is not None:
            worker.mailbox.close()
