"""The worker thread: it loads an engine, owns it, and answers runs and jobs until closed."""

from __future__ import annotations

import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic, perf_counter
from typing import Any, Protocol

from PySide6.QtCore import QObject, QThread, Signal

from bertviz_app.core.errors import (
    BertVizError,
    ConsentError,
    Fault,
    Unfinished,
    UnfinishedError,
    Withheld,
)
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.jobs import JobReport, Kind, Question
from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.core.request import Request
from bertviz_app.core.trace import Answer, Trace
from bertviz_app.session.mailbox import Mailbox, Run

log = logging.getLogger(__name__)

GIVES_WAY = 10
"""By how much nicer to other threads a worker's is than the window's (see `man 2 setpriority`)."""


class Engine(Protocol):
    """What the worker drives; the real one is `inference.engine.Engine`."""

    @property
    def facts(self) -> ModelFacts:
        """What is known of the model; other facts once it has gone over to another device."""

    def answer(self, request: Request, as_is: Trace | None) -> Answer:
        """Run the text as is, unless `as_is` already is that run, and as changed."""

    def job(self, question: Question[Any]) -> Iterator[JobReport[Any]]:
        """Answer a longer question a slice at a time."""


Load = Callable[[ModelWanted], Engine]
"""Opens a model, on the thread of the worker that will own it.

That thread is asked to interrupt (`QThread.isInterruptionRequested`) when it is no longer wanted.
"""


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker is at, in words, and since when on the monotonic clock, in seconds."""

    what: str
    since: float


@dataclass(frozen=True, eq=False)
class Loaded:
    """A worker has read its model."""

    worker: int
    facts: ModelFacts


@dataclass(frozen=True, eq=False)
class Answered:
    """A run is done; `facts` are those of the engine, which may have changed devices meanwhile.

    It was begun and ended at these moments of `time.perf_counter`.
    """

    worker: int
    run: Run
    answer: Answer
    facts: ModelFacts
    began: float
    ended: float


@dataclass(frozen=True, eq=False)
class Reported:
    """A job has got further; `facts` as in `Answered`."""

    worker: int
    report: JobReport[Any]
    facts: ModelFacts


@dataclass(frozen=True, eq=False)
class Failed:
    """Something went wrong: a run, a job, or with neither the thread itself, which ends."""

    worker: int
    fault: Fault
    run: Run | None = None
    question: Question[Any] | None = None


class Worker(QThread):
    """One thread for one engine, from loading it to the last answer.

    The engine is a local variable of `run`, so nothing else can reach it and it needs no lock.
    `mailbox` may be used from any thread, and `task` looked at.

    Attributes:
        wanted: the model it opens.
        facts: what is known of that model, once it is read; for the GUI thread to put here.
        task: what it is at now; None while it waits for work.

    Signals (to be connected to slots of QObjects of the GUI thread only):
        loaded(Loaded): the model is read.
        answered(Answered): a run is done; the receiver calls `mailbox.answer_received()`.
        reported(Reported): a job has got further, or is done.
        failed(Failed): something went wrong; the worker goes on if it was a run or a job.
    """

    loaded = Signal(object)
    answered = Signal(object)
    reported = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        number: int,
        wanted: ModelWanted,
        load: Callable[[], Engine],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.number = number
        self.wanted = wanted
        self.facts: ModelFacts | None = None
        self.mailbox = Mailbox()
        self.task: Task | None = None
        self._load = load

    def run(self) -> None:
        """Load, then work until the mailbox closes; runs on this thread."""
        _give_way()
        try:
            with self.at("the model"):
                engine = self._load()
            self.loaded.emit(Loaded(self.number, engine.facts))
            _Desk(self, engine).work()
        except BaseException as error:  # a thread that ends in silence leaves the window waiting
            self.failed.emit(Failed(self.number, _fault(error)))

    def dismiss(self) -> None:
        """Let it end, after what it is doing now; reading a model is given up where it can be."""
        self.mailbox.close()
        self.requestInterruption()

    @contextmanager
    def at(self, what: str) -> Iterator[None]:
        """Let others see what this thread is at while the block runs."""
        self.task = Task(what, monotonic())
        try:
            yield
        finally:
            self.task = None


class _Desk:
    """The worker's desk: the engine, the last run as is, and the jobs under way, next one first."""

    def __init__(self, worker: Worker, engine: Engine) -> None:
        self._worker = worker
        self._engine = engine
        self._as_is: Trace | None = None
        self._jobs: dict[Kind, tuple[Question[Any], Iterator[JobReport[Any]]]] = {}

    def work(self) -> None:
        """Take and do, newest run first; jobs advance a slice at a time in between, in turn."""
        while True:
            mail = self._worker.mailbox.take(wait=not self._jobs)
            if mail.closed:
                return
            for kind in mail.dropped:
                self._jobs.pop(kind, None)
            for question in mail.questions:
                self._jobs[type(question)] = question, self._engine.job(question)
            if mail.run is not None:
                self._answer(mail.run)
            elif self._jobs:
                self._advance(next(iter(self._jobs)))

    def _answer(self, run: Run) -> None:
        began = perf_counter()
        try:
            with self._worker.at("this text"):
                answer = self._engine.answer(run.request, self._as_is)
        except Exception as error:
            self._as_is = None  # perhaps what was missing is memory
            self._worker.mailbox.answer_received()
            self._worker.failed.emit(Failed(self._worker.number, _fault(error), run=run))
            return
        self._as_is = answer.as_is
        number, facts = self._worker.number, self._engine.facts
        self._worker.answered.emit(Answered(number, run, answer, facts, began, perf_counter()))

    def _advance(self, kind: Kind) -> None:
        question, reports = self._jobs.pop(kind)
        try:
            with self._worker.at(kind.task):
                report = next(reports, None)
        except Exception as error:
            failed = Failed(self._worker.number, _fault(error), question=question)
            self._worker.failed.emit(failed)
            return
        if report is not None:
            self._jobs[kind] = question, reports  # behind the others
            reported = Reported(self._worker.number, report, self._engine.facts)
            self._worker.reported.emit(reported)


def _give_way() -> None:
    """Let the window's thread come first where both want the processor.

    On Linux each thread has a priority of its own; those that torch begins inherit it.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            thread, usual = threading.get_native_id(), os.getpriority(os.PRIO_PROCESS, os.getpid())
            os.setpriority(os.PRIO_PROCESS, thread, usual + GIVES_WAY)


def _fault(error: BaseException) -> Fault:
    """The sentence for the user, with the traceback as the detail to copy."""
    detail = "".join(traceback.format_exception(error))
    if isinstance(error, ConsentError):
        return Withheld(error.sentence, error.detail, error.file, error.digest)
    if isinstance(error, UnfinishedError):
        return Unfinished(error.sentence, error.detail, error.path)
    if isinstance(error, BertVizError):
        log.info("%s", error.sentence)
        return Fault(error.sentence, error.detail or detail)
    log.warning("The worker met an error.", exc_info=error)
    if isinstance(error, MemoryError):
        return Fault("there is not enough memory", detail)
    # Errors inside compiled functions begin with a traceback; their last line is the error.
    words = str(error).strip().rpartition("\n")[-1].removeprefix(f"{type(error).__name__}: ")
    return Fault(f"{type(error).__name__}: {words}", detail)
