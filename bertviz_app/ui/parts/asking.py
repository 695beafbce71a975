"""Asking by itself: a part of the window asks its question once, when the run it shows is new."""

from __future__ import annotations

from typing import Generic, TypeVar

from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.jobs import Question
from bertviz_app.core.snapshot import Snapshot

A = TypeVar("A")


class Asking(Generic[A]):
    """Remembers the newest answer of one kind of question, and what was asked last.

    The answer outlives its report, which goes with the next key: the run that is still shown
    keeps its numbers.

    Attributes:
        whole: the newest answer is complete.
    """

    def __init__(self) -> None:
        self._asked: tuple[Question[A], ModelFacts | None] | None = None
        self._known: tuple[Question[A], ModelFacts | None] | None = None
        self._answer: A | None = None
        self.whole = False

    def answer(self, snapshot: Snapshot, question: Question[A]) -> A | None:
        """What is known of `question`, in part or whole; None if nothing is yet."""
        about = (question, snapshot.facts)
        report = snapshot.report_of(question)
        if report is not None:
            self._known, self._answer, self.whole = about, report.answer, report.finished
        return self._answer if self._known == about else None

    def is_due(self, snapshot: Snapshot, question: Question[A]) -> bool:
        """Whether `question` is to be asked now; once said, not again until the text is another.

        A question that failed is not asked a second time.
        """
        about = (question, snapshot.facts)
        if not snapshot.up_to_date:
            self._asked = None
            return False
        if about == self._asked or (about == self._known and self.whole):
            return False
        self._asked = about
        return True

    def forget(self) -> None:
        """Let go of all that is known; ask again when it is needed again."""
        self._asked = self._known = self._answer = None
