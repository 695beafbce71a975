"""The lens: what the word-prediction head makes of the states inside BERT, layer by layer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]
Whole = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Lens:
    """Where the word-prediction head shall read, beside the masks, and which words to follow.

    Attributes:
        positions: tokens; those that the text does not have are left out.
        between: read between attention and feed-forward too.
        words: vocabulary ids to follow, beside the best words of the last layer.
        compared: tokens at which the best words of each of two runs are followed in both, as far
            as their logits are there: masks, and those of `Capture.logits_at`.
    """

    positions: tuple[int, ...] = ()
    between: bool = False
    words: tuple[int, ...] = ()
    compared: tuple[int, ...] = ()

    def __or__(self, other: Lens) -> Lens:
        """Everything either asks for."""
        return Lens(
            tuple(sorted({*self.positions, *other.positions})),
            self.between or other.between,
            tuple(sorted({*self.words, *other.words})),
            tuple(sorted({*self.compared, *other.compared})),
        )


@dataclass(frozen=True, slots=True)
class Depth:
    """How far BERT has come: after `layer` layers, 0 being the embedding.

    `between` is inside the layer before that: its attention is done, its feed-forward not.
    """

    layer: int
    between: bool = False

    @property
    def at(self) -> float:
        """The place on an axis of layers; between stands half a layer earlier."""
        return self.layer - 0.5 if self.between else float(self.layer)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one word stands at one state. `rank` counts from 1; `probability` is over all V."""

    logit: float
    probability: float
    rank: int


@dataclass(frozen=True, eq=False)
class LensReading:
    """What the head reads at n tokens and R depths: the K best words, and F that are followed.

    The last depth is the model's own output. Probabilities are over all V words.

    Attributes:
        positions: the tokens, in order (n,).
        depths: from the embedding to the last layer (R,).
        ids: the best words, most probable first (n, R, K); `probabilities` likewise.
        followed: the words that are followed at each token (n, F); some may stand there twice.
        logits: of the followed words (n, R, F).
        chances: their probabilities (n, R, F).
        ranks: 1 + the number of words with a strictly larger logit (n, R, F).
    """

    positions: tuple[int, ...]
    depths: tuple[Depth, ...]
    ids: Whole
    probabilities: Numbers
    followed: Whole
    logits: Numbers
    chances: Numbers
    ranks: Whole

    def __post_init__(self) -> None:
        for array in (self.ids, self.probabilities, self.followed):
            array.setflags(write=False)
        for array in (self.logits, self.chances, self.ranks):
            array.setflags(write=False)

    @cached_property
    def places(self) -> dict[int, int]:
        """Where each token stands in the arrays."""
        return {position: place for place, position in enumerate(self.positions)}

    def standings(self, position: int, word: int) -> tuple[Standing, ...]:
        """How a word stands at a token, at each depth (R,); empty if it was not followed there."""
        place = self.places.get(position)
        if place is None:
            return ()
        found = np.flatnonzero(self.followed[place] == word)
        if not len(found):
            return ()
        columns = (part[place, :, found[0]].tolist() for part in self._of_words)
        return tuple(Standing(*numbers) for numbers in zip(*columns, strict=True))

    def leads_from(self, position: int, word: int) -> int | None:
        """The first layer after which a word leads and is never overtaken; 0 is the embedding.

        None if it does not lead at the end, or was not followed.
        """
        standings = self.standings(position, word)
        found = None
        for depth, standing in zip(reversed(self.depths), reversed(standings), strict=False):
            if standing.rank != 1:
                break
            if not depth.between:
                found = depth.layer
        return found

    @property
    def _of_words(self) -> tuple[Numbers, Numbers, Whole]:
        return self.logits, self.chances, self.ranks
