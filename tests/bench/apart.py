"""How far two values of one class are apart: traces, answers of jobs, whatever holds numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

import numpy as np

CHOSEN = {"seconds", "request", "rank", "ranks", "followed", "ids", "best"}
"""Fields that are no measurement, or jump where two words are nearly as good."""


def largest(one: object, other: object) -> tuple[float, str]:
    """The largest difference of all numbers below, and the name of its field.

    Each is a part of the largest number of its array, or of 1 where that is smaller.
    """
    return max(_differences(one, other, ""), default=(np.inf, "nothing"))


def _differences(one: object, other: object, name: str) -> Iterator[tuple[float, str]]:
    if isinstance(one, np.ndarray | float):
        yield _apart(np.asarray(one), np.asarray(other)), name
        return
    for inner, mine, yours in _inner(one, other):
        yield from _differences(mine, yours, inner or name)


def _inner(one: object, other: object) -> Iterator[tuple[str, object, object]]:
    """The values inside two values, pair by pair."""
    if is_dataclass(one):
        for part in fields(one):
            if part.name not in CHOSEN:
                yield part.name, getattr(one, part.name), getattr(other, part.name)
    elif isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in one:
            yield str(key), one[key], other[key]
    elif isinstance(one, tuple | list) and isinstance(other, tuple | list):
        for mine, yours in zip(one, other, strict=True):
            yield "", mine, yours


def _apart(here: np.ndarray, there: np.ndarray) -> float:
    if here.dtype.kind != "f" or not here.size:
        return 0.0
    known = ~(np.isnan(here) & np.isnan(there))
    size = max(1.0, float(np.abs(there[known]).max(initial=0)))
    apart = float(np.abs(here.astype(float) - there)[known].max(initial=0)) / size
    return apart if np.isfinite(apart) else np.inf
