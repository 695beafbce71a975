"""What a head does in words, for the views that show every head."""

from __future__ import annotations

import math

import numpy as np

from bertviz_app.analysis.difference import difference
from bertviz_app.analysis.fold import FOLDED, Fold, word
from bertviz_app.analysis.heads import existing, mean_largest, on_ends, strongest_key
from bertviz_app.analysis.labels import numbered
from bertviz_app.analysis.visible import isolated
from bertviz_app.analysis.weights import EveryHead, of_every_head
from bertviz_app.core.request import Head
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Show, ViewOptions, WeightKind
from bertviz_app.core.trace import Array
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.map_words import UNCHANGED

ENDS = " and ".join(FOLDED)


def head_in_words(snapshot: Snapshot, head: Head) -> str:
    """What a head does: with the token that looks, or as a whole if there is none."""
    trace, other, query = snapshot.trace, snapshot.other, snapshot.token
    assert trace is not None
    head = existing(head, trace.spec)
    first, kind = snapshot.options.first_number, snapshot.options.kind
    start = f"layer {head[0] + first}, head {head[1] + first}"
    if query is not None:
        maps = of_every_head(trace, kind)
        named = start if maps.kind is WeightKind.WEIGHT else f"{start}, {maps.kind.value}"
        before = of_every_head(other, kind) if other is not None else None
        return f"{named}: {_row_in_words(snapshot, head, query, maps, before)}"
    weights = trace.attention[head]
    value = numbers.weight(mean_largest(weights))
    folded = numbers.weight(on_ends(weights, trace.encoding.tokens))
    words = f"{start}: the largest weight of a row is {value} on average"
    if other is not None:
        words += f" (as is {numbers.weight(mean_largest(other.attention[head]))})"
    return f"{words}; {folded} of its weight is on {ENDS}"


def drawn_in_words(options: ViewOptions) -> str:
    """How much of every row is drawn where not all of it is; otherwise empty."""
    whole = "what is not folded" if options.fold or options.fold_punctuation else "each row"
    words = (
        f"at least {numbers.percent(options.keep)} of {whole} is drawn" if options.keep < 1 else ""
    )
    if options.above == 0:
        return words
    return f"{words and f'{words}, '}nothing under {options.above:g} is drawn"


def _row_in_words(
    snapshot: Snapshot, head: Head, query: int, maps: EveryHead, before: EveryHead | None
) -> str:
    """What one row does most, among the keys that are drawn."""
    assert snapshot.trace is not None
    tokens, options = snapshot.trace.encoding.tokens, snapshot.options
    fold = Fold.of(tokens, options)
    unit = next(number for number, one in enumerate(fold.units) if query in one)
    names = numbered(tuple(word(tokens, one) for one in fold.units))
    row = _row(maps, head, fold, unit)
    was = _row(before, head, fold, unit) if before is not None else None
    among = fold.drawn or tuple(range(len(fold.units)))
    start = isolated(names[unit])
    if was is not None and options.show is Show.DIFFERENCE:
        change = difference(row, was)
        if not change.any():
            return f"{start} {UNCHANGED}"
        key = strongest_key(np.abs(change), among)
        words = f"{start} changes most at {isolated(names[key])}, "
        words += f"{numbers.signed(float(change[key]))}, to {_number(maps, row[key])}"
        words += f" (as is {_number(maps, was[key])})"
        return f"{words}, of those shown" if fold.folded and fold.drawn else words
    key = strongest_key(row, among)
    if math.isnan(row[key]):
        return f"{start} looks nowhere: its weights are not numbers"
    words = f"{start} looks most at {isolated(names[key])}, {_number(maps, row[key])}"
    if was is not None:
        words += f" (as is {_number(maps, was[key])})"
    words += ", of those shown" if fold.folded and fold.drawn else ""
    if maps.kind is WeightKind.WEIGHT:
        on = on_ends(snapshot.trace.attention[head][list(fold.units[unit])], tokens)
        words += f"; {numbers.weight(on)} of its weight is on {ENDS}"
    return words


def _row(maps: EveryHead, head: Head, fold: Fold, unit: int) -> Array:
    """The row of a unit over all units."""
    row: Array = fold.merged_keys(maps[head][list(fold.units[unit])]).mean(axis=0)
    return row


def _number(maps: EveryHead, value: float) -> str:
    return numbers.signed(float(value)) if maps.signed else numbers.weight(float(value))
