"""What would BERT say at each token if it were hidden, and with the word left in?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bertviz_app.core.jobs import Question
from bertviz_app.core.request import Interventions, Request
from bertviz_app.core.trace import Candidate


@dataclass(frozen=True, slots=True)
class Guess:
    """BERT's guess at one token.

    `surprise` is -log2 p of the piece that stands there, in bits, when it is hidden; `left_in`
    the same when BERT may see it. `hidden_best` and `seen_best` are the best candidates. `without`
    is the surprise under the other changes that were asked for, or None.
    """

    position: int
    surprise: float
    left_in: float
    hidden_best: tuple[Candidate, ...]
    seen_best: tuple[Candidate, ...]
    without: float | None = None

    @property
    def drawn(self) -> float:
        """The surprise, or how much more it is than under the other changes."""
        return self.surprise if self.without is None else self.surprise - self.without


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
        return _mean([guess.surprise for guess in self.guesses])

    @property
    def mean_change(self) -> float:
        """How much more bits a piece surprises on the mean than under the other changes."""
        return _mean([guess.drawn for guess in self.guesses])


@dataclass(frozen=True, slots=True)
class EveryPosition(Question[EveryPositionAnswer]):
    """Each token of the text hidden in turn; `against` are other changes to compare with."""

    request: Request
    against: Interventions | None = None

    task: ClassVar[str] = "Every position"


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
