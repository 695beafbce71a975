"""Model facts: what is known of a model once it is loaded, apart from any text."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bertviz_app.core.devices import CPU, FLOAT32
from bertviz_app.core.origin import Origin
from bertviz_app.core.pieces import Sort, sort_of
from bertviz_app.core.spec import ModelSpec
from bertviz_app.core.trace import Array

BUNDLED_NAME = "bundled model"
"""What the model is called that comes with the program."""


@dataclass(frozen=True)
class LoadReport:
    """How the weights of a folder were matched to the network, by name.

    Attributes:
        renamed: names that were published differently, as (found, ours).
        missing: optional tensors that the file does not hold, in our names.
        ignored: tensors of the file that this program does not use.
        origin: by which detour they came here; empty if they were read from the file itself.
    """

    renamed: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    origin: str = ""


@dataclass(frozen=True, eq=False)
class ModelFacts:
    """One loaded model, as everything outside the worker may know it.

    The tables are read-only views that share the weights' memory.

    Attributes:
        name: what to call it on screen.
        folder: where it was read from.
        spec: its sizes.
        vocabulary: the piece of each id (V,).
        specials: ids of the tokens that are no words: [CLS], [SEP], those that were added.
        mask_token: how a blank is written in the text; empty if the vocabulary has none.
        has_mlm: it can fill blanks (word-prediction head).
        has_nsp: it can judge whether B follows A (pooler and next-sentence head).
        token_table: (V, W); `segment_table` (S, W); `position_table` (P, W).
        parameters: how many numbers were learned, tied weights counted once.
        tied: the word-prediction head's row of each word is the word's own embedding.
        device: what computes, as shown in the status line ("CPU, up to 2 threads").
        place: the name of that device; `precision`: of its matrix products (`core.devices`).
        devices: the names of all devices there are.
        fallen_back: why the processor computes although another device was asked for, a sentence;
            empty if it was not or does not.
        report: how the file's tensors were matched.
        origin: the files it was read from, and what was found in them.
        fingerprint: tells this model from others, wherever it was saved; see
            `inference.fingerprint` for what it covers.
    """

    name: str
    folder: Path
    spec: ModelSpec
    vocabulary: tuple[str, ...] = field(repr=False)
    mask_token: str
    has_mlm: bool
    has_nsp: bool
    token_table: Array = field(repr=False)
    segment_table: Array = field(repr=False)
    position_table: Array = field(repr=False)
    parameters: int
    device: str
    place: str = CPU
    precision: str = FLOAT32
    devices: tuple[str, ...] = (CPU,)
    fallen_back: str = ""
    tied: bool = False
    specials: frozenset[int] = field(default=frozenset(), repr=False)
    report: LoadReport = field(default=LoadReport(), repr=False)
    origin: Origin = field(default=Origin(), repr=False)
    fingerprint: str = ""

    @property
    def called(self) -> str:
        """Its name for the middle of a sentence."""
        return f"the {self.name}" if self.name == BUNDLED_NAME else self.name

    @property
    def is_reference(self) -> bool:
        """It computes as what others are compared with does: in float32 on the processor."""
        return (self.place, self.precision) == (CPU, FLOAT32)

    @cached_property
    def ids(self) -> dict[str, int]:
        """The id of each piece: of one that the vocabulary repeats, the last."""
        return {piece: number for number, piece in enumerate(self.vocabulary)}

    @cached_property
    def pieces_end(self) -> int:
        """One more than the last id that has a piece."""
        return max((at + 1 for at, piece in enumerate(self.vocabulary) if piece), default=0)

    @cached_property
    def token_lengths(self) -> Array:
        """The length of each row of the token table (V,)."""
        squares: Array = np.einsum("vw,vw->v", self.token_table, self.token_table)
        return np.sqrt(squares)

    @cached_property
    def ordinary(self) -> NDArray[np.bool_]:
        """Which pieces are words or parts of words (V,)."""
        sorts = [self.sort(number) for number in range(len(self.vocabulary))]
        return np.array([sort.is_ordinary for sort in sorts], np.bool_)

    def sort(self, number: int) -> Sort:
        """What sort of piece has this id."""
        piece = self.vocabulary[number]
        if piece and self.ids[piece] != number:
            return Sort.REPEATED
        return sort_of(piece, special=number in self.specials)
