"""How far two runs are apart: changed and as is, or of the same tokens in another order."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from bertviz_app.analysis.predictions import Distribution
from bertviz_app.core.request import Interventions
from bertviz_app.core.trace import Array, Trace


@dataclass(frozen=True, slots=True)
class Apart:
    """The largest differences between a changed run and the run as is.

    Attributes:
        vectors: between two numbers of the last hidden states.
        probability: between the probabilities of one word at the blank, signed, changed − as is;
            None without a blank.
        word: the id of that word.
    """

    vectors: float
    probability: float | None = None
    word: int = 0

    @classmethod
    def of(cls, as_is: Trace, changed: Trace, blank: int | None) -> Apart:
        """Compare two runs of one text; `blank` is the position of a mask, or None."""
        vectors = float(np.abs(changed.hidden[-1] - as_is.hidden[-1]).max())
        before, after = as_is.mask_logits, changed.mask_logits
        if before is None or after is None or blank not in as_is.encoding.masks:
            return cls(vectors)
        row = as_is.encoding.masks.index(blank)
        change = Distribution(after[row]).probabilities - Distribution(before[row]).probabilities
        word = int(np.abs(change).argmax())
        return cls(vectors, float(change[word]), word)


Tokens = tuple[tuple[int, int], ...]
"""The segment and the vocabulary id of each token."""


@dataclass(eq=False)
class _Read:
    """A text as tokens, and the last vectors (T, W) of its runs by what was changed in them."""

    tokens: Tokens
    vectors: dict[Interventions, Array] = field(default_factory=dict)


class Reordered:
    """Remembers of two texts, the one that is drawn and the one before, the last vectors alone.

    Nothing of a trace is kept alive: the vectors are copies.
    """

    def __init__(self) -> None:
        self._now = _Read(())
        self._before = _Read(())

    def see(self, *runs: Trace) -> None:
        """These are the runs of the text now; those of a text the same are replaced."""
        encoding = runs[0].encoding
        tokens = tuple(zip(encoding.segments, encoding.ids, strict=True))
        if tokens != self._now.tokens:
            self._before, self._now = self._now, _Read(tokens)
        self._now.vectors = {run.request.interventions: run.hidden[-1].copy() for run in runs}

    def apart(self, changes: Interventions) -> float | None:
        """How far two numbers of the last vectors of the same token are apart, at most.

        None unless both texts were read with these changes and the tokens of one are those of
        the other in another order. Equal tokens are taken in the order in which they stand.
        """
        now, before = self._now, self._before
        if sorted(now.tokens) != sorted(before.tokens):
            return None
        if changes not in now.vectors or changes not in before.vectors:
            return None
        pair = (_sorted(text.tokens, text.vectors[changes]) for text in (now, before))
        return float(np.abs(np.subtract(*pair)).max())


def _sorted(tokens: Tokens, vectors: Array) -> Array:
    order = sorted(range(len(tokens)), key=tokens.__getitem__)
    return vectors[order]
