"""Labels of tokens: what they say, and where they stand when there is no room for all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from bertviz_app.analysis.visible import visible

LETTERS = 10
"""Letters of a token that a label beside a picture shows."""

EVERY = (2, 3)
"""Steps in which cells are named where there is no room for all; wider ones say too little."""

_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@lru_cache(maxsize=16)
def numbered(tokens: tuple[str, ...], letters: int | None = None) -> tuple[str, ...]:
    """The tokens in plain sight; twins are told apart as the₁ and the₂.

    With `letters`, … stands for what comes after that many.
    """
    twins, seen = Counter(tokens), Counter[str]()
    found = []
    for token in tokens:
        cut = letters is not None and len(token) > letters
        label = visible(token[:letters]) + "…" if cut else visible(token)
        if twins[token] > 1:
            seen[token] += 1
            label += str(seen[token]).translate(_SUBSCRIPT)
        found.append(label)
    return tuple(found)


def placed(
    cells: int, length: float, line: float, first: Iterable[int], held: int | None = None
) -> dict[int, float]:
    """Which of `cells` that share `length` evenly get a label `line` high, and its middle.

    All if there is room; else those in `first` (the most important first, the others dropped when
    they are too many), moved apart, and between them every second or third cell if there is room
    for so many. The one `held` stays at its cell, and the others are moved apart above and below.
    """
    cell = length / cells if cells else 0.0
    if cell >= line:
        return {at: (at + 0.5) * cell for at in range(cells)}
    room = max(int(length // line), 0)
    chosen = list(dict.fromkeys(at for at in first if 0 <= at < cells))[:room]
    if held in chosen:
        labels = _around(held, chosen, cell, line, length)
    else:
        labels = _apart(chosen, cell, line, 0.0, length)
    middles = list(labels.values())
    steps = [step for step in EVERY if step * cell >= line]
    for at in range(0, cells, steps[0]) if steps else ():
        middle = (at + 0.5) * cell
        if all(abs(middle - other) >= line for other in middles):
            labels[at] = middle
    return labels


def _around(
    held: int, chosen: Sequence[int], cell: float, line: float, length: float
) -> dict[int, float]:
    """The labels of `chosen` apart from that of `held`, which is one of them and stays."""
    middle = min(max((held + 0.5) * cell, line / 2), length - line / 2)
    before = [at for at in chosen if at < held]
    after = [at for at in chosen if at > held]
    return {
        held: middle,
        **_apart(before, cell, line, 0.0, middle - line / 2),
        **_apart(after, cell, line, middle + line / 2, length),
    }


def _apart(
    chosen: Sequence[int], cell: float, line: float, start: float, end: float
) -> dict[int, float]:
    """As many of `chosen` as find room between `start` and `end`, moved apart."""
    room = max(int((end - start) // line), 0)
    some = sorted(chosen[:room])
    middles = spread([(at + 0.5) * cell - start for at in some], line, end - start)
    return {at: middle + start for at, middle in zip(some, middles, strict=True)}


def spread(wanted: Sequence[float], line: float, length: float) -> list[float]:
    """Middles of labels `line` high, as close as can be to where they are `wanted` (rising).

    None overlaps another and all lie within `length`, as long as there is room for them. Least
    squares, by pooling adjacent violators.
    """
    groups: list[tuple[float, int]] = []
    for number, middle in enumerate(wanted):
        total, count = middle - number * line, 1
        while groups and groups[-1][0] / groups[-1][1] > total / count:
            before, size = groups.pop()
            total, count = total + before, count + size
        groups.append((total, count))
    lowest, highest = line / 2, length - line / 2 - (len(wanted) - 1) * line
    starts = [total / count for total, count in groups for _ in range(count)]
    return [
        min(max(start, lowest), max(highest, lowest)) + number * line
        for number, start in enumerate(starts)
    ]
