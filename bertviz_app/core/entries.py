"""The entries of the interventions, checked one by one; every error names the entry."""

from __future__ import annotations

import math
from collections.abc import Iterable
from operator import index

import numpy as np
from numpy.typing import ArrayLike

from bertviz_app.core.spec import ModelSpec


def head(found: Iterable[int]) -> tuple[int, int]:
    """One head that is off."""
    layer, number = _place("heads_off", found, "(layer, head)")
    return layer, number


def parts(found: Iterable[float]) -> tuple[float, float, float]:
    """The factors of the three parts of an embedding."""
    factors = tuple(float(factor) for factor in found)
    if len(factors) != 3:
        raise ValueError(f"parts: {len(factors)} factors; token, segment and position are three")
    for name, factor in zip(("token", "segment", "position"), factors, strict=True):
        if not math.isfinite(factor) or factor < 0:
            raise ValueError(f"parts: the {name} factor is {factor}; it must be 0 or more")
    return factors


def row(key: Iterable[int], found: ArrayLike) -> tuple[tuple[int, int, int], tuple[float, ...]]:
    """One attention row given by hand."""
    layer, number, query = _place("attention", key, "(layer, head, query)")
    name = f"attention {(layer, number, query)}"
    weights = np.asarray(found, dtype=np.float64)
    if weights.ndim != 1:
        raise ValueError(f"{name}: a row is a list of weights, found {weights.ndim} dimensions")
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError(f"{name}: weights must be numbers of 0 or more")
    if not weights.sum() > 0:
        raise ValueError(f"{name}: the weights sum to 0")
    return (layer, number, query), tuple(weights.tolist())


def choice(name: str, found: str, choices: tuple[str, ...]) -> str:
    """One of a few words."""
    if found not in choices:
        raise ValueError(f"{name}: {found!r} is none of {', '.join(map(repr, choices))}")
    return found


def ids(
    name: str, found: Iterable[int] | str | None, rules: tuple[str, ...]
) -> tuple[int, ...] | str | None:
    """An id for each token, or a rule that gives them for any text, or None."""
    if found is None or isinstance(found, str):
        return None if found is None else choice(name, found, rules)
    return tuple(_counted(f"{name} of token {n}", number) for n, number in enumerate(found))


def tokens(name: str, found: Iterable[int]) -> tuple[int, ...]:
    """Tokens, each once, in order."""
    return tuple(sorted({_counted(name, number) for number in found}))


def places(name: str, found: Iterable[int]) -> tuple[int, ...]:
    """Tokens in the order given."""
    if not isinstance(found, Iterable):
        raise TypeError(f"{name}: {found!r}; several tokens are expected, as in ({found!r},)")
    return tuple(_counted(name, number) for number in found)


def text(name: str, found: str) -> None:
    """Raise TypeError unless this is a text; None is none."""
    if not isinstance(found, str):
        raise TypeError(f"{name}: a text is expected, found {found!r}; none at all is ''")


def check_head(name: str, layer: int, head: int, spec: ModelSpec) -> None:
    """Raise ValueError if the model has no such head."""
    if layer >= spec.layers or head >= spec.heads:
        raise ValueError(
            f"{name}: the model has {spec.layers} layers and {spec.heads} heads, counted from 0"
        )


def check_token(name: str, token: int, count: int) -> None:
    """Raise ValueError if a text of `count` tokens has no such token."""
    if token >= count:
        raise ValueError(f"{name}: the text has {count} tokens, counted from 0")


def check_ids(name: str, found: tuple[int, ...] | str | None, count: int, limit: int) -> None:
    """Raise ValueError unless ids given one by one are `count`, each below `limit`."""
    if found is None or isinstance(found, str):
        return
    if len(found) != count:
        raise ValueError(f"{name}: {len(found)} ids for {count} tokens")
    for token, number in enumerate(found):
        if number >= limit:
            raise ValueError(
                f"{name} of token {token}: {number}; the model has {limit}, counted from 0"
            )


def _place(name: str, place: Iterable[int], meaning: str) -> tuple[int, ...]:
    try:
        numbers = tuple(index(number) for number in place)
    except TypeError as error:
        raise TypeError(f"{name} {place!r}: {meaning} expected, in whole numbers") from error
    if len(numbers) != meaning.count(",") + 1:
        raise ValueError(f"{name} {numbers}: {meaning} expected")
    if min(numbers) < 0:
        raise ValueError(f"{name} {numbers}: layers, heads and tokens are counted from 0")
    return numbers


def _counted(name: str, number: int) -> int:
    try:
        counted = index(number)
    except TypeError as error:
        raise TypeError(f"{name}: {number!r}; ids and tokens are whole numbers") from error
    if counted < 0:
        raise ValueError(f"{name}: {counted}; ids and tokens are counted from 0")
    return counted
