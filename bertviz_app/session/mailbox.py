"""The worker's mailbox: one slot for the newest run, one for a job. Plain threading, no Qt.

This holds the only lock of the program. Any thread may put; the worker takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Condition

from bertviz_app.core.jobs import Question
from bertviz_app.core.request import Request


@dataclass(frozen=True, slots=True)
class Run:
    """A request with its serial number; higher numbers are newer."""

    serial: int
    request: Request


@dataclass(frozen=True, slots=True)
class Mail:
    """What the worker should do next.

    Attributes:
        run: the newest request, or None.
        question: a job to begin instead of the one under way, or None.
        job_dropped: the job under way is no longer wanted.
        closed: stop working.
    """

    run: Run | None = None
    question: Question | None = None
    job_dropped: bool = False
    closed: bool = False


class Mailbox:
    """Newest wins: a run that nobody has taken yet is replaced by the next one.

    A further run is handed out only after the answer to the last one was received, so that at
    most two answers are alive, however long the receiver is busy.
    """

    def __init__(self) -> None:
        self._condition = Condition()
        self._run: Run | None = None
        self._question: Question | None = None
        self._job_dropped = False
        self._answer_under_way = False
        self._closed = False

    def put(self, run: Run) -> None:
        """Leave a run; one that still waits is forgotten."""
        with self._condition:
            self._run = run
            self._condition.notify()

    def ask(self, question: Question) -> None:
        """Leave a job; it replaces the one that waits or is under way."""
        with self._condition:
            self._question = question
            self._job_dropped = True
            self._condition.notify()

    def drop_job(self) -> None:
        """Forget the job that waits or is under way."""
        with self._condition:
            self._question = None
            self._job_dropped = True
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
            self._run = self._question = None
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
            mail = Mail(run, self._question, self._job_dropped, self._closed)
            self._question = None
            self._job_dropped = False
            return mail

    def _something(self) -> bool:
        ready = self._run is not None and not self._answer_under_way
        return ready or self._question is not None or self._job_dropped or self._closed
