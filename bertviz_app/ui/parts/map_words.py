"""What the pictures of attention say in words: whose numbers they are, and what a cell holds."""

from __future__ import annotations

import math

from bertviz_app.analysis.difference import change
from bertviz_app.analysis.heads import REST, HeadMap, existing
from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.analysis.weights import heads_meant, is_difference
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import WeightKind
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.map_layout import Cross
from bertviz_app.ui.parts.words import cannot_fill

NO_BLANK = "Nothing is hidden, so there is no word whose gradient could be taken."
NO_FLOW = "The flow is found by a search of its own for every two tokens."

ONE_RUN = "A flow is of one run: show the changed one or the one as is."

UNCHANGED = "changes nowhere"
"""What is said of a token whose row is the same in both runs."""

NOT_ONE_PIECE = "The followed word is no single piece of the vocabulary, so it has no logit."


def source_in_words(snapshot: Snapshot) -> str:
    """Whose numbers are shown, and of which kind."""
    trace, options = snapshot.trace, snapshot.options
    assert trace is not None
    layer, head = (at + options.first_number for at in existing(snapshot.head, trace.spec))
    if options.kind is WeightKind.MEAN:
        heads = heads_meant(snapshot)
        of_layer = {one for one, _ in heads} == {layer - options.first_number}
        where = f" of layer {layer}" if of_layer else ""
        return f"mean of {numbers.counted(len(heads), 'head')}{where}"
    if options.kind in (WeightKind.ROLLOUT, WeightKind.FLOW):
        through = "of" if options.kind is WeightKind.ROLLOUT else "through"
        first = options.first_number
        layers = f"layer {layer}" if layer == first else f"layers {first} to {layer}"
        return f"{options.kind.value} {through} {layers}"
    words = f"layer {layer}, head {head}"
    if options.kind is WeightKind.NORM:
        words += ", norm-weighted"
    elif options.kind is WeightKind.GRADIENT:
        words += f", gradient × weight for {isolated(visible(snapshot.word or ''))}"
    return words


def missing(snapshot: Snapshot) -> str:
    """Why there is no map of the kind that is wanted; empty if it is still being computed."""
    if snapshot.options.kind is WeightKind.FLOW:
        return ONE_RUN if is_difference(snapshot) else NO_FLOW
    if snapshot.options.kind is not WeightKind.GRADIENT or snapshot.facts is None:
        return ""
    if reason := cannot_fill(snapshot.facts):
        return reason
    if snapshot.blank is None:
        return NO_BLANK
    known = snapshot.word is None or snapshot.word in snapshot.facts.ids
    return "" if known else NOT_ONE_PIECE


def number_in_words(shown: HeadMap, value: float, *, difference: bool = False) -> str:
    """A weight or, where there may be negative ones, a number with its sign."""
    signed = difference or shown.options.kind is WeightKind.GRADIENT
    return numbers.signed(value) if signed else numbers.weight(value)


def edge_in_words(shown: HeadMap) -> str:
    """What is summed at the edge."""
    parts = ["what is not kept" if part == REST else part for part in shown.edge_parts]
    *names, last = parts
    return f"{', '.join(names)} and {last}" if names else last


def cell_in_words(snapshot: Snapshot, shown: HeadMap, cross: Cross) -> str:
    """What a map holds at a cell; where a row or a column is missing, at its strongest cell."""
    start = f"{source_in_words(snapshot)}:"
    if not shown.fold.rows:
        return f"{start} everything is folded"
    row, column = shown.strongest_cell(cross.row, cross.column)
    at_edge = column == shown.fold.rows
    if shown.compares and not cross.is_cell and shown.drawn(row, column) == 0:
        seen = ", of those shown" if shown.fold.folded else ""
        return f"{start} {isolated(shown.names[row])} {UNCHANGED}{seen}"
    value, before = shown.of_now(row, column), shown.of_before(row, column)
    key = edge_in_words(shown) if at_edge else isolated(shown.names[column])
    verb = "changes most at" if shown.compares and not cross.is_cell else "looks at"
    words = f"{start} {isolated(shown.names[row])} {verb} {key} "
    words += f"with {number_in_words(shown, value)}"
    if before is not None:
        if shown.compares:
            words += f", {number_in_words(shown, change(value, before), difference=True)}"
        words += f" (as is {number_in_words(shown, before)})"
    if at_edge:
        return f"{words} together"
    if math.isnan(value):
        return words
    return words + _standing_in_words(shown, row, column) + _beside_in_words(shown, row)


def _standing_in_words(shown: HeadMap, row: int, column: int) -> str:
    """What a cell is among those of its row."""
    words = ""
    if not shown.compares:  # a rank would be that of the weight, not of its change
        words += f", its {numbers.ordinal(shown.rank(row, column))}"
        words += " of those shown" if shown.fold.folded else ""
    return words if shown.is_kept(row, column) else f"{words}, not kept"


def _beside_in_words(shown: HeadMap, row: int) -> str:
    """What a row has at the edge, each part under its own name."""
    parts = [
        f"{what} {number_in_words(shown, value)}"
        for what, value in zip(("not drawn", "folded"), shown.beside(row), strict=True)
        if value is not None
    ]
    return f"; {', '.join(parts)}" if parts else ""
