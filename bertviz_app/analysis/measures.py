"""Head measures: what each head does with a text, as one number each.

All but the entropies and the largest weight are sums of weights times a fixed (T, T) picture of
what is looked for. Here they are defined; `inference.measuring` takes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bertviz_app.core.encoding import Encoding
from bertviz_app.core.text import is_punctuation
from bertviz_app.core.trace import Array

Targets = NDArray[np.bool_]
"""Which keys a query is to look at (T, T); a row without any does not count."""

CONTINUES = "##"
"""How a piece begins that goes on with the word of the piece before."""


class Unit(Enum):
    """What a measure is counted in; the value is what is written after a number."""

    WEIGHT = ""
    BITS = "bits"
    SHARE = "of log₂ T"
    TOKENS = "tokens"


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of a head.

    Attributes:
        name: what its column is called.
        means: its definition, one sentence.
        unit: what it is counted in; weights and shares run from 0 to 1.
        also: other words for what such a head looks at.
    """

    name: str
    means: str
    unit: Unit = Unit.WEIGHT
    also: str = ""


MEASURES = (
    Measure(
        "entropy",
        "How evenly a token spreads its attention: −Σ w log₂ w of its row, mean over all rows; "
        "0 bits if it looks at one token, log₂ T if at all alike.",
        Unit.BITS,
        "everywhere everything all many tokens alike evenly spread broad uniform",
    ),
    Measure(
        "entropy ÷ log₂ T",
        "The entropy as a part of log₂ T, the most there can be in a text of T tokens.",
        Unit.SHARE,
        "relative normalised",
    ),
    Measure(
        "distance",
        "How far away a token looks: Σ w × the number of tokens between here and there, mean over "
        "all rows.",
        Unit.TOKENS,
        "far away long distant",
    ),
    Measure("self", "The weight of a token on itself, mean over all rows.", also="itself own same"),
    Measure(
        "previous",
        "The weight on the token just before, mean over all rows that have one.",
        also="token before left last preceding",
    ),
    Measure(
        "next",
        "The weight on the token just after, mean over all rows that have one.",
        also="token after right following",
    ),
    Measure(
        "same word",
        "The weight on the other places where the same word stands, mean over the rows of words "
        "that stand there more than once; all pieces of a word count together.",
        also="repeated again duplicate twin other places identical",
    ),
    Measure("[CLS]", "The weight on [CLS], mean over all rows.", also="cls first start begin"),
    Measure("[SEP]", "The weight on all [SEP], mean over all rows.", also="sep end separator"),
    Measure(
        "punctuation",
        "The weight on all marks of punctuation, mean over all rows.",
        also="comma full stop period mark . , ! ?",
    ),
    Measure(
        "largest weight",
        "The largest weight of a row, mean over all rows: 1 if every token looks at one token.",
        also="one single token strongest sharp certain maximum",
    ),
    Measure(
        "A to B",
        "The weight of a token of A on all tokens of B, mean over the rows of A; [CLS] and [SEP] "
        "belong to neither.",
        also="second other sentence",
    ),
    Measure(
        "B to A",
        "The weight of a token of B on all tokens of A, mean over the rows of B; [CLS] and [SEP] "
        "belong to neither.",
        also="first other sentence",
    ),
)

NAMES = tuple(measure.name for measure in MEASURES)
BY_NAME = dict(zip(NAMES, MEASURES, strict=True))


@lru_cache(maxsize=16)
def absent(encoding: Encoding) -> frozenset[str]:
    """The names of the measures that this text has nothing for."""
    names = [name for name, targets in _targets(encoding).items() if not targets.any()]
    if len(encoding) < 2:
        names.append("entropy ÷ log₂ T")
    return frozenset(names)


def pictures(encoding: Encoding) -> dict[str, Array]:
    """How much each weight counts (T, T) in the measures that are plain sums of weights."""
    at = np.arange(len(encoding))
    pictures = {"distance": (np.abs(at[:, None] - at) / len(at)).astype(np.float32)}
    for name, targets in _targets(encoding).items():
        rows = targets.any(axis=-1).sum()
        if rows:
            pictures[name] = (targets / rows).astype(np.float32)
    return pictures


def _targets(encoding: Encoding) -> dict[str, Targets]:
    """What each query may look at, by the name of the measure of the weight on it."""
    tokens, count = encoding.tokens, len(encoding)
    ends = [tokens[place] for place in encoding.added[:2]]
    word, place = _words(encoding)
    side = np.array([-1 if one is None else one for one in encoding.sentences])

    def anyone(columns: Sequence[bool]) -> Targets:
        return np.broadcast_to(np.array(columns, bool), (count, count))

    return {
        "self": np.eye(count, dtype=bool),
        "previous": np.eye(count, k=-1, dtype=bool),
        "next": np.eye(count, k=1, dtype=bool),
        "same word": (word[:, None] == word) & (word >= 0) & (place[:, None] != place),
        "[CLS]": anyone([token in ends[:1] for token in tokens]),
        "[SEP]": anyone([token in ends[1:] for token in tokens]),
        "punctuation": anyone([all(map(is_punctuation, token)) for token in tokens]),
        "A to B": (side[:, None] == 0) & (side == 1),
        "B to A": (side[:, None] == 1) & (side == 0),
    }


def _words(encoding: Encoding) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which word each token belongs to (T,), and which place in the text.

    Words that are written alike have one number; -1 is no word: added and unknown tokens,
    blanks, marks of punctuation. All pieces of a word stand at one place.
    """
    ends = {encoding.tokens[place] for place in encoding.added}
    odd = {*encoding.added, *encoding.masks, *encoding.unknown}
    places: list[list[int]] = []
    for at, token in enumerate(encoding.tokens):
        goes_on = at > 0 and token.startswith(CONTINUES) and at - 1 not in odd
        if goes_on and encoding.sentences[at] == encoding.sentences[at - 1]:
            places[-1].append(at)
        else:
            places.append([at])
    word, place = np.full(len(encoding), -1), np.zeros(len(encoding), int)
    numbers: dict[tuple[str, ...], int] = {}
    for number, positions in enumerate(places):
        pieces = tuple(encoding.tokens[at] for at in positions)
        place[positions] = number
        plain = odd.isdisjoint(positions) and pieces[0] not in ends
        if plain and not all(map(is_punctuation, "".join(pieces))):
            word[positions] = numbers.setdefault(pieces, len(numbers))
    return word, place
