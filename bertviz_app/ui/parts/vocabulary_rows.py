"""The rows of Vocabulary: as many as a model has, made only when they are seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import overload

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.pieces import Sort
from bertviz_app.ui import look, numbers
from bertviz_app.ui.parts.entries import Entry, EntryPainter, column, paint_piece, write


@dataclass(frozen=True, slots=True)
class VocabularyRow(Entry):
    """One piece, how often it stands in the text, and the id it is read as."""

    here: int = 0
    read_as: int = 0

    @property
    def spoken(self) -> str:
        """The readout of this piece."""
        if not self.piece:
            return f"id {self.id}: the model has a row for it, but the vocabulary no piece"
        if self.sort is Sort.REPEATED:
            read = f"repeated as id {self.read_as}, which texts are read as"
            return f"{isolated(visible(self.piece))}: id {self.id}, {read}"
        times = f", {self.times} in your text" if self.here else ""
        return f"{isolated(visible(self.piece))}: id {self.id}, {self.sort.value}{times}"

    @property
    def times(self) -> str:
        """How often it stands in the text, in words."""
        return "once" if self.here == 1 else f"{numbers.count(self.here)} times"


@dataclass(frozen=True)
class VocabularyRows(Sequence[VocabularyRow]):
    """Rows for `found` ids; each is made when it is asked for.

    Attributes:
        facts: the model whose vocabulary it is.
        found: the ids, in order.
        here: how often each id stands in the text.
        followed: the word that is followed; `pinned`, the id of the token that looks.
    """

    facts: ModelFacts
    found: Sequence[int]
    here: Mapping[int, int] = field(default_factory=dict)
    followed: str | None = None
    pinned: int | None = None

    def __len__(self) -> int:
        return len(self.found)

    @overload
    def __getitem__(self, at: int) -> VocabularyRow: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[VocabularyRow, ...]: ...
    def __getitem__(self, at: int | slice) -> VocabularyRow | tuple[VocabularyRow, ...]:
        if isinstance(at, slice):
            return tuple(self._row(number) for number in self.found[at])
        return self._row(self.found[at])

    def _row(self, number: int) -> VocabularyRow:
        piece = self.facts.vocabulary[number]
        return VocabularyRow(
            number,
            piece,
            self.facts.sort(number),
            piece != "" and piece == self.followed,
            number == self.pinned,
            self.here.get(number, 0),
            self.facts.ids.get(piece, number),
        )


class VocabularyPainter(EntryPainter):
    """Paints a row: id, piece, how often it stands in the text, sort."""

    def paint_entry(self, painter: QPainter, box: QRectF, row: Entry) -> None:
        number, piece, here, sort = _columns(box)
        painter.setPen(look.current().colour("muted"))
        write(painter, number, str(row.id), right=True, mono=True)
        if row.sort is not Sort.WORD:
            write(painter, sort, row.sort.value)
        if isinstance(row, VocabularyRow) and row.here:
            painter.setPen(look.current().colour("text"))
            write(painter, here, row.times)
        paint_piece(painter, piece, row)

    def paint_names(self, painter: QPainter, box: QRectF) -> None:
        number, piece, here, sort = _columns(box)
        write(painter, number, "id", right=True)
        for area, name in ((piece, "piece"), (here, "in your text"), (sort, "sort")):
            write(painter, area, name)


def _columns(box: QRectF) -> tuple[QRectF, QRectF, QRectF, QRectF]:
    px = look.current().px
    sort = box.width() - px(108)
    here = sort - px(84)
    return (
        column(box, px(16), px(64)),
        column(box, px(76), here - px(8)),
        column(box, here, sort - px(8)),
        column(box, sort, box.width() - px(14)),
    )
