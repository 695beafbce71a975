"""Numbers as words: how every kind of number is written on screen."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache

MINUS = "−"
NOT_A_NUMBER = "not a number"
INFINITE = "∞"
EXPONENT_FROM = 1e6
"""From here on a length is written with an exponent, so that it still fits its column."""

ENOUGH_DECIMALS, MOST_DECIMALS = 4, 7
"""Decimals of a part of a whole from which it need not add up, and at most."""

LEAST_WRITTEN_OUT = 0.0001
"""A part that is smaller is written with an exponent."""


def weight(value: float) -> str:
    """A weight or probability: two decimals, one digit when tiny, never 0.00 for what is not 0."""
    if not math.isfinite(value):
        return _without_digits(value)
    if value == 0:
        return "0"
    size, sign = abs(value), MINUS if value < 0 else ""
    if float(f"{size:.1g}") >= 0.01:
        return sign + f"{size:.2f}"
    if float(f"{size:.1g}") >= 0.0001:
        return sign + f"{float(f'{size:.1g}'):.4f}".rstrip("0")
    return sign + _with_exponent(size, 0)


def parts(values: Sequence[float]) -> list[str]:
    """Weights that are parts of one whole: two decimals, or as many as it takes to add up.

    From four on they may be apart in the last one: thirds never add up. None is written as 0 that
    is not.
    """
    if all(map(math.isfinite, values)):
        there = [value for value in values if value != 0]
        for decimals in range(2, MOST_DECIMALS + 1):
            rounded = [round(value, decimals) for value in there]
            apart = abs(sum(rounded) - round(sum(there), decimals))
            if all(rounded) and (apart < 10**-decimals / 2 or decimals >= ENOUGH_DECIMALS):
                return [_part(value, decimals) for value in values]
    return [weight(value) for value in values]


def signed(value: float) -> str:
    """A logit or a difference: signed, two decimals; a tiny one keeps its size."""
    if math.isnan(value) or value == 0:
        return length(value)
    return length(value) if value < 0 else "+" + length(value)


def length(value: float) -> str:
    """A length or cosine: two decimals; a tiny one keeps its size."""
    if not math.isfinite(value):
        return _without_digits(value)
    if abs(value) < 0.005:
        return weight(value)
    size, sign = abs(value), MINUS if value < 0 else ""
    return sign + (f"{size:.2f}" if size < EXPONENT_FROM else _with_exponent(size, 1))


def term(value: float) -> str:
    """A term of a sum that is shown in full: four decimals; a tiny one keeps its size."""
    if not math.isfinite(value):
        return _without_digits(value)
    if abs(value) < 0.00005 or abs(value) >= EXPONENT_FROM:
        return length(value)
    return (MINUS if value < 0 else "") + f"{abs(value):.4f}"


def signed_term(value: float) -> str:
    """A term of a sum with its sign."""
    text = term(value)
    return text if value < 0 or value == 0 or value != value else f"+{text}"


def bits(value: float) -> str:
    """A surprise in bits: one decimal."""
    if not math.isfinite(value):
        return _without_digits(value)
    sign = MINUS if value <= -0.05 else ""
    return sign + f"{abs(value):.1f}"


def ordinal(rank: int) -> str:
    """A rank: 1st, 2nd, 3rd, 26,944th."""
    ending = "th"
    if rank % 100 not in (11, 12, 13):
        ending = {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{rank:,}{ending}"


def count(value: int) -> str:
    """A whole number with separators: 30,522."""
    return f"{value:,}"


def counted(value: int, thing: str) -> str:
    """How many there are of something: 1 head, 12 heads."""
    return f"{count(value)} {thing}{'' if value == 1 else 's'}"


def percent(fraction: float) -> str:
    """A share as a whole percentage."""
    if not math.isfinite(fraction):
        return _without_digits(fraction)
    whole = round(fraction * 100)
    return f"{MINUS if whole < 0 else ''}{abs(whole)} %"


def exact(value: float) -> str:
    """All digits a float32 has, for the clipboard and for programs: ASCII, read back unchanged."""
    return f"{value:.9g}"


@lru_cache(maxsize=4096)
def at_point(text: str) -> tuple[str, str]:
    """A written number as what stands before its decimal point, and the rest.

    Columns are aligned there; without a point the place is after the first digits.
    """
    digits = re.match(r"\D?\d+", text)
    end = digits.end() if digits else len(text)
    return text[:end], text[end:]


def _part(value: float, decimals: int) -> str:
    return weight(value) if abs(value) < LEAST_WRITTEN_OUT else f"{value:.{decimals}f}"


def _without_digits(value: float) -> str:
    if math.isnan(value):
        return NOT_A_NUMBER
    return INFINITE if value > 0 else MINUS + INFINITE


def _with_exponent(size: float, decimals: int) -> str:
    mantissa, exponent = f"{size:.{decimals}e}".split("e")
    sign = MINUS if int(exponent) < 0 else ""
    return f"{mantissa}e{sign}{abs(int(exponent)):02d}"
