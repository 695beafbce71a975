"""Jobs: questions that take longer than one run, their progress and their answers.

A question is a frozen value sent to the worker. The engine answers it with a generator that
yields a `JobReport` after each slice of at most one forward; the last report has `done == total`.
"""

from __future__ import annotations

from dataclasses import dataclass

from bertviz_app.core.request import Request
from bertviz_app.core.trace import Candidate


@dataclass(frozen=True, slots=True)
class EveryPosition:
    """What would BERT say at each token if it were hidden, and with the word left in?"""

    request: Request

    task = "Every position"


@dataclass(frozen=True, slots=True)
class Guess:
    """BERT's guess at one token.

    `surprise` is -log2 p of the piece that stands there, in bits, when it is hidden; `left_in`
    the same when BERT may see it. `hidden_best` and `seen_best` are the best candidates.
    """

    position: int
    surprise: float
    left_in: float
    hidden_best: tuple[Candidate, ...]
    seen_best: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class EveryPositionAnswer:
    """The guesses made so far, in token order; added tokens and masks have none."""

    tokens: tuple[str, ...]
    guesses: tuple[Guess, ...] = ()

    @property
    def mean_surprise(self) -> float:
        """Mean surprise in bits a piece; 2 to that power is the pseudo-perplexity.

        Source: Salazar et al. 2020, Masked Language Model Scoring.
        """
        if not self.guesses:
            return 0.0
        return sum(guess.surprise for guess in self.guesses) / len(self.guesses)


Question = EveryPosition
JobAnswer = EveryPositionAnswer


@dataclass(frozen=True, slots=True)
class JobReport:
    """How far a job is, with the part of the answer that exists already."""

    question: Question
    done: int
    total: int
    answer: JobAnswer
    seconds: float = 0.0

    @property
    def finished(self) -> bool:
        """Whether the answer is whole."""
        return self.done >= self.total
