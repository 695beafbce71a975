"""The weight that the arithmetic follows, with the names of what it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from bertviz_app.analysis.arithmetic import HeadRow, LayerOutput
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
        before: the row as is, where something is changed.
        output: what follows the heads, once it is known.
        first_number: what layers and heads are counted from on screen.
        rests: the key is not pinned; it is the strongest of the row.
    """

    trace: Trace
    head: Head
    query: int
    key: int
    row: HeadRow
    before: HeadRow | None = None
    output: LayerOutput | None = None
    first_number: int = 1
    rests: bool = False

    def name(self, token: int) -> str:
        """A token for the middle of a sentence, twins told apart."""
        return isolated(numbered(self.trace.encoding.tokens)[token])

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The tokens for a column of labels, twins told apart."""
        return numbered(self.trace.encoding.tokens, LETTERS)

    def as_is(self, number: Callable[[HeadRow], float]) -> str:
        """A number of the row as is; empty where nothing is changed."""
        if self.before is None:
            return ""
        return f"(as is {numbers.term(float(number(self.before)))})"

    @property
    def head_name(self) -> str:
        """The head as it is called on screen."""
        return head_name(*self.head, self.first_number)
