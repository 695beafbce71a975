"""The numbers of all heads as a table: of one text, changed or as is, or over a file."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from bertviz_app.analysis.difference import difference
from bertviz_app.analysis.head_order import HeadOrder
from bertviz_app.analysis.measures import MEASURES, NAMES, Measure, Unit, absent
from bertviz_app.core.questions.heads_over_file import HeadsOverFileAnswer
from bertviz_app.core.request import Head
from bertviz_app.core.trace import Array, Trace

OF_PAIRS = ("A to B", "B to A")
"""Measures that are not offered where there is no second sentence."""


@dataclass(frozen=True, eq=False)
class HeadTable:
    """What is known of every head; arrays are (n, L, H) in the order of `MEASURES`.

    Attributes:
        numbers: the measures, or what has changed in them if `signed`.
        nothing: names of measures that there was nothing for.
        as_is: the measures as is, while something is changed.
        spread: standard deviation over the sentences of a file, and `counts` (n,), how many
            sentences had something for each measure.
        most_bits: the largest entropy there can be; None if that differs from text to text.
        signed: the numbers are changed minus as is.
    """

    numbers: Array = field(repr=False)
    nothing: frozenset[str] = frozenset()
    as_is: Array | None = field(default=None, repr=False)
    spread: Array | None = field(default=None, repr=False)
    counts: tuple[int, ...] | None = None
    most_bits: float | None = None
    signed: bool = False

    @classmethod
    def of_text(cls, trace: Trace, as_is: Trace | None, *, signed: bool) -> HeadTable | None:
        """The measures of a run, or what has changed in them; None if they were not kept."""
        shown, before = trace.measures, as_is.measures if as_is is not None else None
        if shown is None or (as_is is not None and before is None):
            return None
        signed = signed and before is not None
        numbers = shown
        if signed and before is not None:
            numbers = np.stack(list(map(difference, shown, before)))  # each has its own unit
        most = math.log2(len(trace.encoding))
        return cls(numbers, absent(trace.encoding), before, most_bits=most, signed=signed)

    @classmethod
    def over_file(cls, answer: HeadsOverFileAnswer) -> HeadTable:
        """The means over a file."""
        counts = tuple(answer.counts.tolist())
        nothing = frozenset(name for name, count in zip(NAMES, counts, strict=True) if not count)
        return cls(answer.mean, nothing, spread=answer.spread, counts=counts)

    @property
    def shape(self) -> tuple[int, int]:
        """Layers and heads."""
        layers, heads = self.numbers.shape[1:]
        return layers, heads

    @property
    def offered(self) -> tuple[Measure, ...]:
        """The measures that mean something here."""
        return tuple(
            measure
            for measure in MEASURES
            if measure.name not in OF_PAIRS or measure.name not in self.nothing
        )

    def of(self, measure: Measure) -> Array:
        """One measure of every head (L, H)."""
        found: Array = self.numbers[NAMES.index(measure.name)]
        return found

    def full(self, measure: Measure) -> float:
        """What full ink stands for: the most there can be.

        Where that is not known, and for differences, the most that any head has.
        """
        if not self.signed and measure.unit in (Unit.WEIGHT, Unit.SHARE):
            return 1.0
        if not self.signed and measure.unit is Unit.BITS and self.most_bits:
            return self.most_bits
        sizes = np.abs(self.of(measure))
        most = float(sizes[np.isfinite(sizes)].max(initial=0.0))
        return most or 1.0

    def order(self, measure: Measure) -> tuple[Head, ...]:
        """All heads, those with most of a measure first."""
        return HeadOrder.by(self.of(measure), within_layers=False).heads

    def rank(self, measure: Measure, head: Head) -> int:
        """1 + the number of heads with more of it."""
        values = self.of(measure)
        return 1 + int((values > values[head]).sum())
