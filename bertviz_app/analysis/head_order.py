"""The order in which heads are laid out: as in the model, or by a measure, most first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bertviz_app.analysis.measures import NAMES
from bertviz_app.core.request import Head
from bertviz_app.core.state import Sorting
from bertviz_app.core.trace import Array


@dataclass(frozen=True)
class HeadOrder:
    """Which head stands where in L rows of H.

    Attributes:
        heads: the heads, row by row (L × H).
        row: how many there are in a row.
        within_layers: each row still is one layer.
    """

    heads: tuple[Head, ...]
    row: int
    within_layers: bool

    @classmethod
    def of(cls, sorting: Sorting | None, measures: Array | None) -> HeadOrder | None:
        """The order that measures (n, L, H) lead to; None is as in the model."""
        if sorting is None or measures is None:
            return None
        values = measures[NAMES.index(sorting.measure)]
        return cls.by(values, within_layers=sorting.within_layers)

    @classmethod
    def by(cls, values: Array, *, within_layers: bool) -> HeadOrder:
        """Heads by a number of each (L, H): most first, NaN last, equals as in the model."""
        heads = values.shape[1]
        rows = values if within_layers else values.reshape(1, -1)
        order = np.argsort(-rows, axis=-1, kind="stable") + np.arange(len(rows))[:, None] * heads
        found = tuple(divmod(number, heads) for number in order.ravel().tolist())
        return cls(found, heads, within_layers)

    def head(self, place: Head) -> Head:
        """The head at a place (row, column)."""
        return self.heads[place[0] * self.row + place[1]]

    def place(self, head: Head) -> Head:
        """The place (row, column) of a head."""
        return divmod(self._places[head], self.row)

    @cached_property
    def _places(self) -> dict[Head, int]:
        return {head: number for number, head in enumerate(self.heads)}
