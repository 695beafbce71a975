"""A head's measures in words: how each kind of number is written."""

from __future__ import annotations

import numpy as np

from bertviz_app.analysis.head_table import HeadTable
from bertviz_app.analysis.measures import NAMES, Measure, Unit
from bertviz_app.core.request import Head
from bertviz_app.ui import numbers

NONE = "–"
"""What stands where there was nothing to measure."""


def written(measure: Measure, value: float, *, signed: bool = False) -> str:
    """The number alone, as in a column."""
    if signed:
        return numbers.signed(value)
    plain = measure.unit in (Unit.WEIGHT, Unit.SHARE)
    return numbers.weight(value) if plain else numbers.length(value)


def in_words(measure: Measure, value: float) -> str:
    """The name of the measure and its number: previous 0.98, entropy 1.32 bits."""
    unit = f" {measure.unit.value}" if measure.unit in (Unit.BITS, Unit.TOKENS) else ""
    return f"{measure.name} {written(measure, value)}{unit}"


def head_in_words(table: HeadTable, head: Head, measure: Measure, first_number: int) -> str:
    """What is known of a head: its measure, and which rank that is among all heads."""
    layers, heads = table.shape
    start = f"layer {head[0] + first_number}, head {head[1] + first_number}:"
    if measure.name in table.nothing:
        return f"{start} {measure.name}: there is nothing of that here"
    value = float(table.of(measure)[head])
    words = f"{start} {in_words(measure, value)}"
    if table.signed:
        words = f"{start} {measure.name} {numbers.signed(value)}"
    if table.spread is not None and table.counts is not None:
        number = NAMES.index(measure.name)
        words += f" ± {written(measure, float(table.spread[number][head]))}"
        words += f" over {numbers.counted(table.counts[number], 'sentence')}"
    if value == value:
        words += f", {numbers.ordinal(table.rank(measure, head))} of {layers * heads}"
    if table.as_is is not None:
        before = float(table.as_is[NAMES.index(measure.name)][head])
        words += f" (as is {written(measure, before)})"
    return words


def as_text(table: HeadTable, first_number: int) -> str:
    """One line a head: all measures with all digits, over a file each with its spread."""
    layers, heads = table.shape
    lines = [["layer", "head"]]
    for name in NAMES:
        lines[0] += [name] if table.spread is None else [name, f"± {name}"]
    for layer, head in ((layer, head) for layer in range(layers) for head in range(heads)):
        found = [table.numbers[:, layer, head]]
        found += [table.spread[:, layer, head]] if table.spread is not None else []
        cells = map(numbers.exact, np.stack(found, axis=-1).ravel().tolist())
        lines.append([str(layer + first_number), str(head + first_number), *cells])
    return "\n".join("\t".join(line) for line in lines)
