"""What is asked of the engine: a text, what to change inside BERT, what to keep of the run."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import index

import numpy as np
from numpy.typing import ArrayLike

from bertviz_app.core.spec import ModelSpec

Head = tuple[int, int]
"""(layer, head), both counted from 0."""

RowKey = tuple[int, int, int]
"""(layer, head, query token), all counted from 0."""

RowEdit = tuple[RowKey, tuple[float, ...]]
"""One attention row given by hand: where it stands and its T weights."""


@dataclass(frozen=True)
class Interventions:
    """What is changed inside BERT, for one run; the default changes nothing.

    Sets and mappings are accepted and become sorted tuples, so that equal changes compare equal
    and hash alike. The order of application is: visibility (`causal`) -> softmax -> edited row ->
    head off. A token always sees itself.

    Attributes:
        heads_off: heads whose context is zero; their weights stay in the trace.
        causal: every layer looks left only.
        parts: factors of the token, segment and position embedding, in that order.
        attention: (layer, head, query) -> T weights, used as given after the softmax.

    Raises:
        ValueError: an entry is negative, not a number, or a row sums to zero; the text names it.
    """

    heads_off: tuple[Head, ...] = ()
    causal: bool = False
    parts: tuple[float, float, float] = (1.0, 1.0, 1.0)
    attention: tuple[RowEdit, ...] = ()

    def __init__(
        self,
        heads_off: Iterable[Head] = (),
        causal: bool = False,
        parts: Iterable[float] = (1.0, 1.0, 1.0),
        attention: Mapping[RowKey, ArrayLike] | Iterable[RowEdit] = (),
    ) -> None:
        rows = attention.items() if isinstance(attention, Mapping) else attention
        object.__setattr__(self, "heads_off", tuple(sorted({_head(head) for head in heads_off})))
        object.__setattr__(self, "causal", bool(causal))
        object.__setattr__(self, "parts", _parts(parts))
        object.__setattr__(self, "attention", tuple(sorted(_row(key, row) for key, row in rows)))

    def __bool__(self) -> bool:
        return self != UNCHANGED

    def within(self, spec: ModelSpec) -> Interventions:
        """These changes less those of heads that the model does not have."""

        def there(layer: int, head: int) -> bool:
            return layer < spec.layers and head < spec.heads

        heads = [head for head in self.heads_off if there(*head)]
        rows = [(key, weights) for key, weights in self.attention if there(*key[:2])]
        if len(heads) == len(self.heads_off) and len(rows) == len(self.attention):
            return self
        return Interventions(heads, self.causal, self.parts, rows)

    def check(self, spec: ModelSpec, tokens: int) -> None:
        """Raise ValueError, naming the entry, if something here does not exist in this run."""
        for layer, head in self.heads_off:
            _check_head(f"heads_off {(layer, head)}", layer, head, spec)
        for (layer, head, query), weights in self.attention:
            name = f"attention {(layer, head, query)}"
            _check_head(name, layer, head, spec)
            if query >= tokens:
                raise ValueError(f"{name}: the text has {tokens} tokens, counted from 0")
            if len(weights) != tokens:
                raise ValueError(f"{name}: {len(weights)} weights for {tokens} tokens")


@dataclass(frozen=True, slots=True)
class Capture:
    """What a trace holds beside its usual content.

    Attributes:
        logits_at: token positions whose V logits are wanted.
        qkv: keep queries, keys and values.
        gradients: (token position, vocabulary id) of a logit; the trace then holds the gradient
            of that logit with respect to every attention weight.
        measures: keep the measures of every head.
    """

    logits_at: tuple[int, ...] = ()
    qkv: bool = False
    gradients: tuple[int, int] | None = None
    measures: bool = False

    def __or__(self, other: Capture) -> Capture:
        """Everything either asks for; the left one's gradient target wins."""
        return Capture(
            tuple(sorted({*self.logits_at, *other.logits_at})),
            self.qkv or other.qkv,
            self.gradients if self.gradients is not None else other.gradients,
            self.measures or other.measures,
        )


@dataclass(frozen=True, slots=True)
class Request:
    """One run: the text, an optional second sentence, the changes, and what to keep."""

    text: str
    pair: str = ""
    interventions: Interventions = field(default_factory=Interventions)
    capture: Capture = Capture()


def _head(head: Head) -> Head:
    layer, number = _place("heads_off", head, "(layer, head)")
    return layer, number


def _place(name: str, place: Iterable[int], meaning: str) -> tuple[int, ...]:
    numbers = tuple(index(number) for number in place)
    if len(numbers) != meaning.count(",") + 1:
        raise ValueError(f"{name} {numbers}: {meaning} expected")
    if min(numbers) < 0:
        raise ValueError(f"{name} {numbers}: layers, heads and tokens are counted from 0")
    return numbers


def _parts(parts: Iterable[float]) -> tuple[float, float, float]:
    factors = tuple(float(factor) for factor in parts)
    if len(factors) != 3:
        raise ValueError(f"parts: {len(factors)} factors; token, segment and position are three")
    for name, factor in zip(("token", "segment", "position"), factors, strict=True):
        if not math.isfinite(factor) or factor < 0:
            raise ValueError(f"parts: the {name} factor is {factor}; it must be 0 or more")
    return factors


def _row(key: RowKey, row: ArrayLike) -> RowEdit:
    layer, head, query = _place("attention", key, "(layer, head, query)")
    name = f"attention {(layer, head, query)}"
    weights = np.asarray(row, dtype=np.float64)
    if weights.ndim != 1:
        raise ValueError(f"{name}: a row is a list of weights, found {weights.ndim} dimensions")
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError(f"{name}: weights must be numbers of 0 or more")
    if not weights.sum() > 0:
        raise ValueError(f"{name}: the weights sum to 0")
    return (layer, head, query), tuple(weights.tolist())


def _check_head(name: str, layer: int, head: int, spec: ModelSpec) -> None:
    if layer >= spec.layers or head >= spec.heads:
        raise ValueError(
            f"{name}: the model has {spec.layers} layers and {spec.heads} heads, counted from 0"
        )


UNCHANGED = Interventions()
