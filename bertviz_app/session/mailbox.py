"""The worker's mailbox: one slot for the newest run, one for each kind of job.

Plain threading, no Qt. What the window's thread and a worker share is behind its lock. Any thread
may put; the worker takes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Condition
from time import perf_counter
from typing import Any

from bertviz_app.core.jobs import Kind, Question
from bertviz_app.core.request import Request


@dataclass(frozen=True, slots=True)
class Run:
    """A request with its serial number, higher numbers are newer, and the moment it was sent."""

    serial: int
    request: Request
    sent: float = field(default_factory=perf_counter, compare=False)


@dataclass(frozen=True, slots=True)
class Mail:
    """What the worker should do next.

    Attributes:
        run: the newest request, or None.
        questions: jobs to begin, each instead of the one of its kind that is under way.
        dropped: kinds of which the job under way is no longer wanted.
        closed: stop working.
    """

    run: Run | None = None
    questions: tuple[Question[Any], ...] = ()
    dropped: frozenset[Kind] = frozenset()
    closed: bool = False


class Mailbox:
    """Newest wins: a run that nobody has taken yet is replaced by the next one.

    A further run is handed out only after the answer to the last one was received, so that at
    most two answers are alive, however long the receiver is busy.
    """

    def __init__(self) -> None:
        self._condition = Condition()
        self._run: Run | None = None
        self._questions: dict[Kind, Question[Any]] = {}
        self._dropped: set[Kind] = set()
        self._answer_under_way = False
        self._closed = False

    def put(self, run: Run) -> None:
        """Leave a run; one that still waits is forgotten."""
        with self._condition:
            self._run = run
            self._condition.notify()

    def ask(self, question: Question[Any]) -> None:
        """Leave a job; it replaces the one of its kind that waits or is under way."""
        with self._condition:
            self._questions[type(question)] = question
            self._condition.notify()

    def drop_jobs(self, kinds: Iterable[Kind]) -> None:
        """Forget the jobs of these kinds, waiting or under way."""
        with self._condition:
            for kind in kinds:
                self._questions.pop(kind, None)
                self._dropped.add(kind)
            self._condition.notify()

    def answer_received(self) -> None:
        """The last answer has arrived; the next run may be handed out."""
        with self._condition:
            self._answer_under_way = False
            self._condition.notify()

    def close(self) -> None:
        """No more work; the worker ends after what it is doing now."""
        with self._condition:
            self._closed = True
            self._run = None
            self._questions.clear()
            self._condition.notify()

    def take(self, *, wait: bool) -> Mail:
        """Take what is there; with `wait`, block until there is something."""
        with self._condition:
            while wait and not self._something():
                self._condition.wait()
            run = None if self._answer_under_way else self._run
            if run is not None:
                self._run = None
                self._answer_under_way = True
            questions = tuple(self._questions.values())
            mail = Mail(run, questions, frozenset(self._dropped), self._closed)
            self._questions.clear()
            self._dropped.clear()
            return mail

    def _something(self) -> bool:
        ready = self._run is not None and not self._answer_under_way
        return ready or bool(self._questions) or bool(self._dropped) or self._closed
