"""What the Mixer says: its readouts, and the lines under its picture."""

from __future__ import annotations

import itertools

from bertviz_app.analysis.apart import Apart
from bertviz_app.analysis.embeddings import Mix, rows
from bertviz_app.analysis.labels import numbered
from bertviz_app.analysis.visible import isolated
from bertviz_app.core.changes import PART_NAMES
from bertviz_app.core.trace import Trace
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.mixer_layout import Cell

NONE = "–"


def of_cell(trace: Trace, other: Trace | None, cell: Cell) -> str:
    """The readout of one number of each part."""
    a, b, c, total, normed = (numbers.term(value) for value in _column(trace, cell))
    piece = isolated(numbered(trace.encoding.tokens)[cell.token])
    text = (
        f"{piece}, number {cell.number + 1} of {trace.spec.width}: "
        f"{a} + {b} + {c} = {total}, after LayerNorm {normed}"
    )
    if other is None:
        return text
    *_, total, normed = (numbers.term(value) for value in _column(other, cell))
    return f"{text} (as is {total}, {normed})"


def of_token(trace: Trace, other: Trace | None, token: int) -> str:
    """The readout of a whole token."""
    a, b, c, total, normed = map(numbers.length, Mix.of(trace.embeddings, token).lengths)
    piece = isolated(numbered(trace.encoding.tokens)[token])
    text = (
        f"{piece}: lengths token {a}, segment {b}, position {c}; sum {total}; "
        f"after LayerNorm {normed}"
    )
    if other is None:
        return text
    *parts, total, normed = map(numbers.length, Mix.of(other.embeddings, token).lengths)
    return f"{text} (as is {', '.join(parts)}; {total}; {normed})"


def cosines(mix: Mix) -> str:
    """The cosines between the parts; a part that is 0 has none."""
    written = []
    for (one, other), cosine in zip(itertools.combinations(range(3), 2), mix.cosines, strict=True):
        there = mix.lengths[one] and mix.lengths[other]
        pair = f"{PART_NAMES[one]}–{PART_NAMES[other]}"
        written.append(f"{pair} {numbers.length(cosine) if there else NONE}")
    return "cosines: " + ", ".join(written)


def against_as_is(apart: Apart, word: str) -> str:
    """How far the changed run is from the run as is; `word` is the one that moved most."""
    text = f"changed − as is, at most: last vectors {numbers.length(apart.vectors)}"
    if apart.probability is None:
        return text
    return f"{text}, probability of {isolated(word)} {numbers.signed(apart.probability)}"


def in_another_order(apart: float, as_is: float | None) -> str:
    """How far the same tokens in another order are, with the changes in force and without."""
    text = f"same tokens, other order: last vectors ≤ {numbers.length(apart)} apart, as measured"
    return text if as_is is None else f"{text}; as is {numbers.length(as_is)}"


def _column(trace: Trace, cell: Cell) -> list[float]:
    return [float(part[cell.token, cell.number]) for part in rows(trace.embeddings)]
