"""In which order tokens are said to stand, and in which sentence: rules that hold for any text."""

from __future__ import annotations

from random import Random

from bertviz_app.core.encoding import Encoding
from bertviz_app.core.spec import ModelSpec

REVERSED, SHUFFLED = ORDERS = ("reversed", "shuffled")
"""Rules of positions. Only typed tokens exchange positions, each sentence within itself: [CLS] and
[SEP] keep theirs. So what is said to stand reversed is read as if it were typed in reverse."""

ALL_A, SWAPPED = SEGMENTS = ("all A", "swapped")
"""Rules of segments. [CLS] and [SEP] go with the sentence they belong to."""

# With this seed no sentence of two tokens or more stays in order, nor is it reversed.
_SEED = 4


def position_ids(
    wanted: tuple[int, ...] | str | None, encoding: Encoding
) -> tuple[int, ...] | None:
    """The position that each token is given (T,), or None if all keep their own.

    "shuffled" always shuffles alike: tokens added at the end of a sentence leave the order among
    the others as it was.
    """
    if not isinstance(wanted, str):
        return wanted
    found = list(range(len(encoding)))
    for sentence in (0, 1):
        own = [at for at, number in enumerate(encoding.sentences) if number == sentence]
        moved = own[::-1] if wanted == REVERSED else _shuffled(own)
        for token, position in zip(own, moved, strict=True):
            found[token] = position
    return tuple(found)


def segment_ids(
    wanted: tuple[int, ...] | str | None, encoding: Encoding, spec: ModelSpec
) -> tuple[int, ...] | None:
    """The segment that each token is given (T,), or None if all keep their own.

    A model with one segment has nothing to exchange.
    """
    if not isinstance(wanted, str):
        return wanted
    if wanted == ALL_A or spec.segments < 2:
        return (0,) * len(encoding)
    return tuple(1 - segment for segment in encoding.segments)


def _shuffled(positions: list[int]) -> list[int]:
    chance = Random(_SEED)
    keys = [chance.random() for _ in positions]
    rank = {key: number for number, key in enumerate(sorted(keys))}
    return [positions[rank[key]] for key in keys]
