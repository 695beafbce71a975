"""The engines at work: the current one, one being opened beside it, and those that are leaving."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from bertviz_app.core.errors import Fault
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.jobs import Kind, Question
from bertviz_app.core.model_wanted import BUNDLED, ModelWanted
from bertviz_app.core.request import UNCHANGED, Capture
from bertviz_app.session.mailbox import Run
from bertviz_app.session.overdue import Overdue
from bertviz_app.session.roles import Roles
from bertviz_app.session.worker import Answered, Failed, Load, Loaded, Reported, Worker
from bertviz_app.session.workers import Workers


@dataclass(frozen=True, slots=True)
class OpenFailed:
    """A model could not be opened; the current one, if there is one, stays."""

    wanted: ModelWanted
    fault: Fault


@dataclass(frozen=True, eq=False)
class Opened:
    """A model has become the current one.

    `first` is the answer by which it proved itself; `again`: it was the current one before, in an
    engine that was given up.
    """

    facts: ModelFacts
    first: Answered | None = None
    again: bool = False


class Engines(QObject):
    """Opens models, each in a worker of its own, and passes runs to the current one.

    A new model is read beside the running one, which stays until the new one has answered the
    newest text. If none runs yet and another than the bundled one does not open, the bundled one
    is opened. A worker whose thread has ended by itself is replaced: at once, or if it has answered
    nothing since it was, with the next run. A model that is being opened meanwhile goes on beside
    the replacement, which answers as soon as it is read. Lives on the GUI thread and never waits
    for a worker.

    Signals:
        opened(Opened): there is a new current model; it waits for its next run.
        open_failed(OpenFailed): a model could not be opened.
        answered(Answered), reported(Reported), failed(Failed): from the current worker only.
        lost(Fault, bool): the thread of the current worker has ended; a replacement is under way,
            or begins with the next run.
        overdue(Task): the current worker, or else the one that is being opened, takes long.
        closed(): after `close`, when the last thread has ended.
    """

    opened = Signal(object)
    open_failed = Signal(object)
    answered = Signal(object)
    reported = Signal(object)
    failed = Signal(object)
    lost = Signal(object, bool)
    overdue = Signal(object)
    closed = Signal()

    def __init__(self, load: Load, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workers = Workers(load, self)
        self._workers.loaded.connect(self._on_loaded)
        self._workers.answered.connect(self._on_answered)
        self._workers.reported.connect(self._on_reported)
        self._workers.failed.connect(self._on_failed)
        self._workers.ended.connect(self.closed)
        self._roles = Roles()
        self._newest: Run | None = None
        self._closing = False
        self._proved = False
        self._overdue = Overdue(self._roles.task, self)
        self._overdue.found.connect(self.overdue)

    @property
    def opening(self) -> str | None:
        """The name of the model that is being opened, or else read again; None if none is."""
        return self._roles.opening

    @property
    def has_another(self) -> bool:
        """Whether there is a model to go on with if the one being opened is given up."""
        return self._roles.has_another

    @property
    def wanted(self) -> ModelWanted | None:
        """The model that answers, as it was wanted; None while there is none."""
        current = self._roles.current
        return current.wanted if current is not None else None

    @property
    def ended(self) -> bool:
        """Whether no thread is left."""
        return self._workers.none_left

    def open(self, wanted: ModelWanted) -> None:
        """Begin to open a model; one that was being opened is given up."""
        if not self._closing:
            self._roles.open(self._workers.begin(wanted))
            self._overdue.look()

    def restart(self) -> None:
        """Give up the current engine, whatever it is at, and open its model in a new one.

        A model that is being opened beside it goes on. A thread cannot be ended from outside: one
        that hangs goes on, and nobody hears of it.
        """
        self._roles.lose()
        self._bring_back()

    def give_up_opening(self) -> None:
        """Stop waiting for the model that is being opened, if there is another to go on with."""
        if self.has_another:
            self._roles.open(None)
        if self._roles.replacement is None:
            self._bring_back()

    def submit(self, run: Run) -> None:
        """Send the newest run to the current engine; one not begun yet is forgotten."""
        self._newest = run
        if self._roles.current is not None:
            self._roles.current.mailbox.put(run)
            self._overdue.look()
        elif self._roles.replacement is None:
            self._bring_back()

    def ask(self, question: Question[Any]) -> None:
        """Begin a job in the current engine, instead of the one of its kind under way."""
        if self._roles.current is not None:
            self._roles.current.mailbox.ask(question)
            self._overdue.look()

    def drop_jobs(self, kinds: Iterable[Kind]) -> None:
        """Give up the jobs of these kinds."""
        if self._roles.current is not None:
            self._roles.current.mailbox.drop_jobs(kinds)

    def close(self) -> None:
        """Ask every worker to end; `closed` follows when the last one has."""
        self._closing = True
        self._overdue.rest()
        self._workers.close()

    @Slot(object)
    def _on_loaded(self, loaded: Loaded) -> None:
        worker = self._workers.find(loaded.worker)
        if worker is None or not self._roles.reads(worker):
            return
        worker.facts = loaded.facts
        if worker is self._roles.replacement:
            self._restore(worker, loaded.facts)
        elif self._roles.current is None and self._roles.lost in (None, worker.wanted):
            self._promote(worker)
        elif self._newest is not None:
            # Changes are made for one model; the first answer of another is without them.
            request = replace(self._newest.request, interventions=UNCHANGED, capture=Capture())
            worker.mailbox.put(replace(self._newest, request=request))

    @Slot(object)
    def _on_answered(self, answered: Answered) -> None:
        worker = self._workers.find(answered.worker)
        if worker is None:
            return
        if worker is self._roles.candidate:
            self._promote(worker, answered)
        elif worker is self._roles.current:
            self._proved = True
            self.answered.emit(answered)
        worker.mailbox.answer_received()

    @Slot(object)
    def _on_reported(self, reported: Reported) -> None:
        if self._roles.current is not None and reported.worker == self._roles.current.number:
            self.reported.emit(reported)

    @Slot(object)
    def _on_failed(self, failed: Failed) -> None:
        worker = self._workers.find(failed.worker)
        if worker is None:
            return
        if self._roles.reads(worker):
            self._go_without(worker)
            self.open_failed.emit(OpenFailed(worker.wanted, failed.fault))
        elif worker is self._roles.current:
            if failed.run is None and failed.question is None:
                self._replace(failed.fault)
            else:
                self.failed.emit(failed)

    def _go_without(self, worker: Worker) -> None:
        """Go on without a model that does not open: with the lost one, or the bundled one."""
        roles = self._roles
        if worker is roles.candidate:
            roles.open(None)
        else:
            roles.replace(None)
            roles.lost = None
        if roles.replacement is None:
            self._bring_back()
        if roles.all_free and worker.wanted != BUNDLED:
            self.open(BUNDLED)

    def _replace(self, fault: Fault) -> None:
        """The current thread has ended by itself: begin anew, at once if that may help."""
        self._roles.lose()
        again, self._proved = self._proved, False
        if again:
            self._bring_back()
        self.lost.emit(fault, again)

    def _bring_back(self) -> None:
        """Read the model that is lost again, from the start if that was under way already."""
        if self._roles.lost is not None and not self._closing:
            self._roles.replace(self._workers.begin(self._roles.lost))
            self._overdue.look()

    def _restore(self, worker: Worker, facts: ModelFacts) -> None:
        """Make the replacement the current worker, unless all are to end."""
        if not self._closing:
            self._roles.restore(worker)
            self.opened.emit(Opened(facts, again=True))

    def _promote(self, worker: Worker, first: Answered | None = None) -> None:
        """Make a worker that has proved itself the current one, unless all are to end."""
        if self._closing:
            return
        again = first is None and worker.wanted == self._roles.lost
        self._roles.promote(worker)
        if worker.facts is not None:
            self.opened.emit(Opened(worker.facts, first, again))
