"""The roles of the workers: one answers, one opens another model, one replaces a lost one."""

from __future__ import annotations

from bertviz_app.analysis.visible import named
from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.session.worker import Task, Worker


class Roles:
    """Who does what, and who is let go when that changes; each role may be free.

    Attributes:
        current: answers.
        candidate: opens another model beside it.
        lost: the model whose engine was lost or given up, until one answers again; `replacement`
            reads it.
    """

    def __init__(self) -> None:
        self.current: Worker | None = None
        self.candidate: Worker | None = None
        self.replacement: Worker | None = None
        self.lost: ModelWanted | None = None

    @property
    def opening(self) -> str | None:
        """What the model is called that is being opened, or else read again; None if none is."""
        worker = self.candidate or self.replacement
        return None if worker is None else named(worker.wanted.name)

    @property
    def has_another(self) -> bool:
        """Whether there is a model to go on with if the one being opened is given up."""
        lost = self.lost is not None and self.candidate is not None
        return self.current is not None or lost

    @property
    def all_free(self) -> bool:
        """Whether nobody answers or is about to."""
        return not (self.current or self.candidate or self.replacement)

    def reads(self, worker: Worker) -> bool:
        """Whether a model is being opened, or read again, in this worker."""
        return worker in (self.candidate, self.replacement)

    def task(self) -> Task | None:
        """What the one that answers is at, or else one that reads a model."""
        at_work = (self.current, self.candidate, self.replacement)
        return next((one.task for one in at_work if one is not None and one.task), None)

    def lose(self) -> None:
        """The one that answers does so no more."""
        if self.current is not None:
            self.lost = self.current.wanted
            self.current.dismiss()
            self.current = None

    def promote(self, worker: Worker) -> None:
        """Let this candidate answer, in the place of all others."""
        self.candidate = None
        for other in (self.current, self.replacement):
            _dismiss(other)
        self.current, self.replacement, self.lost = worker, None, None

    def restore(self, worker: Worker) -> None:
        """Let the replacement answer; a candidate goes on."""
        self.current, self.replacement, self.lost = worker, None, None

    def open(self, candidate: Worker | None) -> None:
        """Give up the candidate for another, or for none."""
        _dismiss(self.candidate)
        self.candidate = candidate

    def replace(self, replacement: Worker | None) -> None:
        """Give up the replacement for another, or for none."""
        _dismiss(self.replacement)
        self.replacement = replacement


def _dismiss(worker: Worker | None) -> None:
    """Let a worker end; it is forgotten when its thread has."""
    if worker is not None:
        worker.dismiss()
