"""The weight that the arithmetic follows, with the names of what it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bertviz_app.analysis.arithmetic import Exact, LayerOutput, WeightRow
from bertviz_app.analysis.difference import difference
from bertviz_app.analysis.labels import LETTERS, numbered
from bertviz_app.analysis.visible import isolated
from bertviz_app.core.changes import head_name
from bertviz_app.core.request import Head
from bertviz_app.core.trace import Trace
from bertviz_app.ui import numbers


@dataclass(frozen=True, eq=False)
class Followed:
    """The weight that is followed.

    Attributes:
        trace: the run it is of, with q, k and v.
        head: the head; `query` looks at `key`.
        row: its row.
        before: the same weight in the run as is, where something is changed.
        output: what follows the heads, once it is known.
        first_number: what layers and heads are counted from on screen.
        rests: the key is not pinned; it is the strongest of the row.
        differs: changed minus as is is drawn of every number.
    """

    trace: Trace
    head: Head
    query: int
    key: int
    row: WeightRow
    before: Followed | None = None
    output: LayerOutput | None = None
    first_number: int = 1
    rests: bool = False
    differs: bool = False

    def name(self, token: int) -> str:
        """A token for the middle of a sentence, twins told apart."""
        return isolated(numbered(self.trace.encoding.tokens)[token])

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The tokens for a column of labels, twins told apart."""
        return numbered(self.trace.encoding.tokens, LETTERS)

    @property
    def compared(self) -> Followed | None:
        """The same weight as is, where the difference is drawn."""
        return self.before if self.differs else None

    def shown(self, number: Callable[[Followed], Exact | float]) -> Exact:
        """Numbers of this run or, of a difference, changed minus as is."""
        now = np.asarray(number(self), np.float64)
        if self.compared is None:
            return now
        return difference(now, np.asarray(number(self.compared), np.float64))

    @property
    def shown_output(self) -> LayerOutput | None:
        """What follows the heads, or its difference; None while it is not known."""
        now, before = self.output, self.compared
        if now is None or before is None:
            return now
        return now.minus(before.output) if before.output is not None else None

    def written(self, number: Callable[[Followed], float]) -> str:
        """A number as it is written; a difference has its sign."""
        write = numbers.term if self.compared is None else numbers.signed_term
        return write(float(self.shown(number)))

    def as_is(self, number: Callable[[Followed], float]) -> str:
        """A number as is; empty where nothing is changed."""
        return "" if self.before is None else f"(as is {numbers.term(float(number(self.before)))})"

    def aside(self, number: Callable[[Followed], float]) -> str:
        """What stands beside a number: that as is or, beside a difference, both; else nothing."""
        if self.compared is None:
            return self.as_is(number)
        if self.shown(number) == 0:
            return f"({numbers.term(float(number(self)))} in both)"
        then, now = (numbers.term(float(number(one))) for one in (self.compared, self))
        return f"({then} → {now})"

    @property
    def apart(self) -> Exact:
        """How far the weights that are shown are from the model's own (T,)."""
        return np.abs(self.shown(lambda one: one.row.weights - one.row.model))

    @property
    def head_name(self) -> str:
        """The head as it is called on screen."""
        return head_name(*self.head, self.first_number)
