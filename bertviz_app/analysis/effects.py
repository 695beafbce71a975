"""What a change inside BERT did: to the words for a blank, and to the map of every head."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bertviz_app.analysis.difference import ROUNDING, change, difference
from bertviz_app.analysis.predictions import Distribution
from bertviz_app.core.trace import Array, Candidate, Trace


@dataclass(frozen=True, slots=True)
class WordEffect:
    """One word for a blank: its probability as is and changed."""

    token: str
    id: int
    before: float
    after: float

    @property
    def difference(self) -> float:
        """Changed minus as is; 0 where that is rounding."""
        return change(self.after, self.before)


def word_effects(
    before: Trace, after: Trace, blank: int, vocabulary: Sequence[str], also: int | None = None
) -> tuple[WordEffect, ...]:
    """The best candidates of both runs at a blank, and the word `also`.

    In the order of the larger of both probabilities; none without word-prediction head.
    """
    if before.mask_logits is None or after.mask_logits is None:
        return ()
    masks = before.encoding.masks
    if blank not in masks or after.encoding.masks != masks:
        return ()
    at = masks.index(blank)
    runs = [
        Distribution(run.mask_logits[at]) for run in (before, after) if run.mask_logits is not None
    ]
    words = {candidate.id for run in (before, after) for candidate in _at(run, blank)}
    if also is not None:
        words.add(also)
    found = [
        WordEffect(vocabulary[word], word, *(run.probability(word) for run in runs))
        for word in sorted(words)
    ]
    return tuple(sorted(found, key=lambda word: -max(word.before, word.after)))


@dataclass(frozen=True, slots=True)
class OtherBest:
    """A blank whose best word is another one since the change."""

    blank: int
    before: str
    after: str


def other_best(before: Trace, after: Trace) -> Iterator[OtherBest]:
    """The blanks whose best word differs between two runs of one text."""
    for then, now in zip(before.predictions, after.predictions, strict=False):
        words = then.candidates[0].token, now.candidates[0].token
        if words[0] != words[1]:
            yield OtherBest(then.position, *words)


def map_changes(before: Array, after: Array) -> Array:
    """Mean |ΔA| over the T × T weights of each head (L, H), from weights (L, H, T, T).

    0 where a map differs by rounding only.
    """
    layers, heads, *size = after.shape
    changes, room = np.empty((layers, heads), np.float32), np.empty(size, np.float32)
    for layer in range(layers):
        for head in range(heads):  # one map at a time stays in the processor's cache
            now, then = after[layer, head], before[layer, head]
            sizes = np.abs(np.subtract(now, then, out=room), out=room)
            if 0 < sizes.max() <= ROUNDING:  # weights are 1 at most
                sizes = np.abs(difference(now, then))
            changes[layer, head] = sizes.mean()
    return changes


def _at(run: Trace, blank: int) -> Sequence[Candidate]:
    return next(found.candidates for found in run.predictions if found.position == blank)
