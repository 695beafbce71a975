"""Fold: the keys [CLS] and [SEP] become one edge column, and their query rows are left out.

The folded weight is summed and drawn on the same scale; it is never spread over the other keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bertviz_app.core.trace import Array

FOLDED = ("[CLS]", "[SEP]")


@dataclass(frozen=True, slots=True)
class Fold:
    """Which tokens of a text are drawn, and which are folded.

    Attributes:
        kept: positions that have a row and a column.
        folded: positions whose columns are summed at the edge; none if nothing is folded.
    """

    kept: tuple[int, ...]
    folded: tuple[int, ...] = ()

    @classmethod
    def of(cls, tokens: Sequence[str], *, folds: bool) -> Fold:
        """The fold of a text; typed [CLS] and [SEP] count as much as those that were added."""
        folded = ends(tokens) if folds else ()
        kept = [at for at, token in enumerate(tokens) if not folds or token not in FOLDED]
        return cls(tuple(kept), folded)

    @property
    def rows(self) -> int:
        """How many rows are drawn."""
        return len(self.kept)

    def parts(self, maps: Array) -> tuple[Array, ...]:
        """Maps (..., T, T) as they are drawn: the kept rows and columns (..., rows, rows).

        If anything is folded, beside them stands the edge column (..., rows, 1).
        """
        if not self.folded:
            return (maps,)
        rows: Array = maps[..., _indices(self.kept), :]
        body: Array = rows[..., _indices(self.kept)]
        edge: Array = rows[..., list(self.folded)]
        return body, edge.sum(axis=-1, keepdims=True)

    def row(self, position: int | None) -> int | None:
        """The row of a token, or None if it is folded."""
        return self.kept.index(position) if position in self.kept else None


def ends(tokens: Sequence[str]) -> tuple[int, ...]:
    """The positions of all [CLS] and [SEP]."""
    return tuple(at for at, token in enumerate(tokens) if token in FOLDED)


def _indices(positions: tuple[int, ...]) -> slice | list[int]:
    """Positions as an index; neighbours become a slice, which copies nothing."""
    if positions and positions[-1] - positions[0] + 1 == len(positions):
        return slice(positions[0], positions[-1] + 1)
    return list(positions)
