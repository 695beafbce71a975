"""The columns of Answer: which of them fit into a width, and where each stands."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

from bertviz_app.ui import look

DOT, ENTER, WORD, BAR = 17, 24, 56, 28
"""Least widths at 100 % text: the place of ●, of ↵, of the word, of the bars."""

PROBABILITY, WHAT_IF, LOGIT, DIFFERENCE = (50, 36), (56, 36), (52, 24), (58, 36)
"""Width of a column of numbers, and how much of it is behind the decimal point."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers: its ends and its decimal point, as x in pixels."""

    left: int
    right: int
    point: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What the rows have to show beside word, probability and logit.

    Attributes:
        bars: the probability as a length.
        compared: the difference to another run.
        what_if: the probability at another temperature.
        differs: the difference stands where else the probability does, and there is no logit.
    """

    bars: bool = True
    compared: bool = False
    what_if: bool = False
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """Where everything stands in a row, as x in pixels; a column that does not fit is None."""

    word: tuple[int, int]
    bar: tuple[int, int] | None
    probability: Column
    what_if: Column | None
    logit: Column | None
    difference: Column | None

    @classmethod
    def fitting(cls, width: int, longest: float, shown: Shown) -> Columns:
        """The columns for a list `width` wide whose longest word takes `longest` pixels.

        What was asked for comes first: the what-if, then the difference to another run, then the
        logit; the bar takes what is left.
        """
        px = look.current().px
        word = px(DOT) + max(px(WORD), round(min(longest + px(8), 0.4 * width)))
        right = width - px(ENTER)
        first, last = PROBABILITY, DIFFERENCE
        if shown.differs:
            first, last = last, first
        free = right - word - px(first[0])
        wanted = {WHAT_IF: shown.what_if, last: shown.compared, LOGIT: not shown.differs}
        there = {}
        for kind, is_wanted in wanted.items():
            keep = px(BAR) if shown.bars and kind is LOGIT else 0
            there[kind] = is_wanted and free - keep >= px(kind[0])
            free -= px(kind[0]) if there[kind] else 0
        found: list[Column | None] = []
        for kind in (last, LOGIT, WHAT_IF):
            found.append(_column(kind, right) if there[kind] else None)
            right -= px(kind[0]) if there[kind] else 0
        difference, logit, what_if = found
        probability = _column(first, right)
        right = probability.left
        with_bar = shown.bars and right - word >= px(BAR)
        return cls(
            word=(px(DOT), word if with_bar else right),
            bar=(word, right) if with_bar else None,
            probability=probability,
            what_if=what_if,
            logit=logit,
            difference=difference,
        )


def between(box: QRectF, left: float, right: float) -> QRectF:
    """The part of a row from `left` to `right`."""
    return QRectF(box.left() + left, box.top(), right - left, box.height())


def _column(kind: tuple[int, int], right: int) -> Column:
    width, behind = (look.current().px(length) for length in kind)
    return Column(right - width, right, right - behind)
