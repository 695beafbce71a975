"""How probable any word is at one position, from its logits."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from bertviz_app.core.trace import Array, Candidate


class Distribution:
    """The softmax over all V words at one position, in float64.

    Nothing is renormalised over a part of the vocabulary. With logits that are not numbers every
    probability is not a number, and `is_number` says so.

    Args:
        logits: one logit a word (V,).
        temperature: what the logits are divided by before the softmax; 1 is BERT itself.
    """

    def __init__(self, logits: Array, temperature: float = 1.0) -> None:
        self._logits = logits
        exact = logits.astype(np.float64) / temperature
        with np.errstate(invalid="ignore"):  # infinite logits have no softmax: NaN is the answer
            self._top = float(exact.max())
            self._powers = np.exp(exact - self._top)
            self._total = float(self._powers.sum())

    def __len__(self) -> int:
        return len(self._logits)

    @property
    def is_number(self) -> bool:
        """Whether the probabilities exist."""
        return bool(np.isfinite(self._total))

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """The probabilities of all words (V,)."""
        probabilities: NDArray[np.float64] = self._powers / self._total
        return probabilities

    @property
    def log_total(self) -> float:
        """Log Σ exp of all V logits: a word with this logit would have probability 1."""
        return self._top + math.log(self._total) if self.is_number else math.nan

    def probability(self, word: int) -> float:
        """The probability of the word with this id, over all V words."""
        return float(self._powers[word]) / self._total

    def rank(self, word: int) -> int:
        """1 + the number of words with a strictly larger logit."""
        return 1 + int((self._logits > self._logits[word]).sum())

    def candidate(self, token: str, word: int) -> Candidate:
        """The word with this id, written `token`, with its probability, logit and rank."""
        logit = float(self._logits[word])
        return Candidate(token, word, self.probability(word), logit, self.rank(word))

    def best(self, count: int) -> list[int]:
        """The ids of the `count` most probable words, best first; ties in order of their ids."""
        count = min(count, len(self))
        threshold = np.partition(self._logits, -count)[-count]
        among = np.flatnonzero(self._logits >= threshold)
        order = np.argsort(-self._logits[among], kind="stable")
        return [int(word) for word in among[order][:count]]

    def rest(self, words: Iterable[int]) -> float:
        """What the words outside `words` hold together; never below 0."""
        powers = self._powers.copy()
        powers[list(words)] = 0.0
        return float(powers.sum()) / self._total


def probability(logits: Array, word: int) -> float:
    """The probability of the word with id `word` under `logits` (V,), over all V words."""
    return Distribution(logits).probability(word)
