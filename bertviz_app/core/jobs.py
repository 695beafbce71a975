"""Jobs: questions that take longer than one run, their progress and their answers.

A question is a frozen value sent to the worker. The engine answers it with a generator that
yields a `JobReport` after each slice of at most one forward; the last report has `done == total`.
A slice too short to be told of yields the report before once more.
Questions of different kinds are answered side by side; of one kind only the newest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

A = TypeVar("A", covariant=True)


class Question(Generic[A]):
    """A question with an answer of type A; each kind is a frozen dataclass.

    Attributes:
        task: what the job is called on screen.
        about_text: it is about the text and the changes as they are, and dies with them.
    """

    __slots__ = ()

    task: ClassVar[str]
    about_text: ClassVar[bool] = True


Kind = type[Question[Any]]
"""A kind of question."""

Vector = tuple[float, ...]
"""W numbers; a tuple, so that questions about equal vectors are equal."""


@dataclass(frozen=True, slots=True)
class JobReport(Generic[A]):
    """How far a job is, with the part of the answer that exists already."""

    question: Question[A]
    done: int
    total: int
    answer: A
    seconds: float = 0.0

    @property
    def finished(self) -> bool:
        """Whether the answer is whole."""
        return self.done >= self.total
