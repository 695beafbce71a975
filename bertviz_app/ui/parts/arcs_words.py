"""What the arcs say in words: a token that looks, one that is looked at, one line."""

from __future__ import annotations

import math

import numpy as np

from bertviz_app.analysis.arcs import Arcs, Pairs
from bertviz_app.analysis.visible import isolated
from bertviz_app.core.state import WeightKind
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.map_layout import Cross
from bertviz_app.ui.parts.map_words import UNCHANGED, number_in_words

NOT_PARTS = (WeightKind.NORM, WeightKind.GRADIENT)
"""Kinds whose rows come to no whole that a reader knows."""

NAMED = 2
"""Lines that are named one by one."""


def arcs_in_words(arcs: Arcs, cross: Cross) -> str:
    """What is under the mouse or pinned; without either, the strongest line."""
    shown = arcs.shown
    if not shown.fold.rows:
        return "everything is folded"
    if cross == Cross():
        cross = Cross(*shown.strongest_cell(None, None))
    if cross.row is None:
        assert cross.column is not None
        return _looked_at(arcs, cross.column)
    return _looks(arcs, cross.row, [cross.column] if cross.column is not None else None)


def _looks(arcs: Arcs, row: int, columns: list[int] | None) -> str:
    """A token that looks: on whom most (or on `columns`), what is folded, and what is left."""
    shown = arcs.shown
    there = [at for at in range(shown.fold.rows) if arcs.has_line(row, at)]
    named = columns or _strongest(arcs.shown.sides[0][row], there)
    others = [at for at in there if at not in named]
    rest = float(shown.sides[0][row][others].sum(dtype=np.float64))
    beside = [arcs.beside(row)] if arcs.has_beside else []
    values = [shown.value(row, column) for column in named]
    written = iter(_parts(arcs, [*values, *beside, *([rest] if others else [])]))
    if shown.compares and columns is None and not any([*values, *beside, rest]):
        return f"{isolated(shown.names[row])} {UNCHANGED}"
    verb = "changes at" if shown.compares else "looks at"
    words = f"{isolated(shown.names[row])} {verb} " + ", ".join(
        f"{isolated(shown.names[column])} {next(written)}{_beside(arcs, row, column)}"
        for column in named
    )
    if not named:
        words = f"{isolated(shown.names[row])} looks at nothing that is drawn"
    if beside:
        only_folded = arcs.pairs is Pairs.ALL and not shown.fold.filters
        what = "folded" if only_folded else "not drawn"
        words += f"; {what} {next(written)}"
    if others:
        whose = "the other" if len(others) == 1 else f"the other {len(others)} share"
        words += f"; {whose} {next(written)}"
    return words


def _looked_at(arcs: Arcs, column: int) -> str:
    """A token that is looked at: by whom most, and by all on average."""
    shown, values = arcs.shown, arcs.shown.sides[0][:, column]
    there = [at for at in range(shown.fold.rows) if arcs.has_line(at, column)]
    named = _strongest(values, there)
    if not named:
        return f"{isolated(shown.names[column])} is looked at by nobody who is drawn"
    by = ", ".join(
        f"{isolated(shown.names[row])} {_number(arcs, shown.value(row, column))}"
        f"{_beside(arcs, row, column)}"
        for row in named
    )
    mean = float(values[there].mean(dtype=np.float64))
    words = f"{isolated(shown.names[column])} is looked at by {by}; "
    return words + f"mean of {numbers.counted(len(there), 'token')} {_number(arcs, mean)}"


def _strongest(
    values: np.ndarray[tuple[int, ...], np.dtype[np.float32]], among: list[int]
) -> list[int]:
    sizes = np.nan_to_num(np.abs(values), nan=-1.0)
    return sorted(among, key=lambda at: -float(sizes[at]))[:NAMED]


def _beside(arcs: Arcs, row: int, column: int) -> str:
    """What a difference leads to, and the number as is, where something is changed."""
    shown, before = arcs.shown, arcs.shown.of_before(row, column)
    words = f" to {number_in_words(shown, shown.of_now(row, column))}" if shown.compares else ""
    if before is not None and not math.isnan(before):
        words += f" (as is {number_in_words(shown, before)})"
    return words


def _parts(arcs: Arcs, values: list[float]) -> list[str]:
    """Numbers of one row; weights are written so that they add up to the whole row."""
    if arcs.shown.compares or arcs.shown.options.kind in NOT_PARTS:
        return [_number(arcs, value) for value in values]
    return numbers.parts(values)


def _number(arcs: Arcs, value: float) -> str:
    return number_in_words(arcs.shown, value, difference=arcs.shown.compares)
