"""A head's measures in words: how each kind of number is written."""

from __future__ import annotations

from bertviz_app.analysis.measures import Measure, Unit
from bertviz_app.ui import numbers


def written(measure: Measure, value: float) -> str:
    """The number alone, as in a column."""
    plain = measure.unit in (Unit.WEIGHT, Unit.SHARE)
    return numbers.weight(value) if plain else numbers.length(value)


def in_words(measure: Measure, value: float) -> str:
    """The name of the measure and its number: previous 0.98, entropy 1.32 bits."""
    unit = f" {measure.unit.value}" if measure.unit in (Unit.BITS, Unit.TOKENS) else ""
    return f"{measure.name} {written(measure, value)}{unit}"
