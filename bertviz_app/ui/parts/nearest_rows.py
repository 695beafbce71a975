"""The rows of Nearest words: a piece, its cosine, its dot product, the length of its vector."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.pieces import Sort
from bertviz_app.core.questions.nearest import Neighbour, Neighbours
from bertviz_app.ui import look, numbers
from bertviz_app.ui.parts.entries import Entry, EntryPainter, column, paint_piece, write
from bertviz_app.ui.parts.painting import number_at


class Nearness(Enum):
    """What nearness is measured by; the value is what it is called on screen."""

    COSINE = "by cosine"
    DOT = "by dot product"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighbourRow(Entry):
    """One piece beside the vector in question.

    Attributes:
        rank: its place by the measure in use, from 1.
        neighbour: its numbers.
        measure: the measure in use.
        itself: the vector in question is this very row of the table.
    """

    rank: int
    neighbour: Neighbour
    measure: Nearness
    itself: bool

    @property
    def value(self) -> str:
        """Its nearness by the measure in use."""
        if self.measure is Nearness.DOT:
            return numbers.signed(self.neighbour.dot)
        return numbers.length(self.neighbour.cosine)

    @property
    def spoken(self) -> str:
        """The readout of this piece."""
        one = self.neighbour
        return (
            f"{isolated(visible(self.piece))}: cosine {numbers.length(one.cosine)}, dot product "
            f"{numbers.signed(one.dot)}, length {numbers.length(one.length)}; "
            f"{numbers.ordinal(self.rank)} {self.measure.value}"
        )


def best(found: Neighbours, measure: Nearness) -> Sequence[Neighbour]:
    """The neighbours in the order of a measure."""
    return found.by_dot if measure is Nearness.DOT else found.by_cosine


def neighbour_rows(
    found: Neighbours,
    measure: Nearness,
    facts: ModelFacts,
    followed: str | None,
    *,
    own: int | None = None,
) -> tuple[NeighbourRow, ...]:
    """The rows of what was found; `own` is the id whose row the vector is, if it is one."""
    return tuple(
        NeighbourRow(
            one.id,
            facts.vocabulary[one.id],
            facts.sort(one.id),
            followed=followed == facts.vocabulary[one.id],
            rank=rank,
            neighbour=one,
            measure=measure,
            itself=one.id == own,
        )
        for rank, one in enumerate(best(found, measure), 1)
    )


def two_best(rows: Sequence[NeighbourRow]) -> str:
    """The two nearest in words, without the row itself."""
    others = [row for row in rows if not row.itself][:2]
    return ", ".join(f"{isolated(visible(row.piece))} {row.value}" for row in others)


class NearestPainter(EntryPainter):
    """Paints a row: piece, cosine with a bar from 0 to 1, dot product, length."""

    def paint_entry(self, painter: QPainter, box: QRectF, row: Entry) -> None:
        if not isinstance(row, NeighbourRow):
            return
        style, one = look.current(), row.neighbour
        piece, cosine, bar, dot, length = _columns(box)
        note = "itself" if row.itself else "" if row.sort.is_ordinary else row.sort.value
        self._paint_name(painter, piece, row, note)
        by_dot = row.measure is Nearness.DOT
        self._paint_number(painter, cosine, numbers.length(one.cosine), quiet=by_dot)
        self._paint_number(painter, dot, numbers.signed(one.dot), quiet=not by_dot)
        self._paint_number(painter, length, numbers.length(one.length), quiet=True)
        if math.isfinite(one.cosine) and one.cosine > 0:
            long = max(round(min(one.cosine, 1.0) * bar.width()), 1)
            high = style.px(8)
            top = round(box.center().y() - high / 2)
            painter.fillRect(QRectF(bar.left(), top, long, high), QColor(style.theme.ink[2]))

    def paint_names(self, painter: QPainter, box: QRectF) -> None:
        piece, cosine, bar, dot, length = _columns(box)
        write(painter, piece, "piece")
        write(painter, cosine, "cosine", right=True)
        write(painter, bar, "0 to 1")
        write(painter, dot, "dot product", right=True)
        write(painter, length, "length", right=True)

    @staticmethod
    def _paint_name(painter: QPainter, area: QRectF, row: NeighbourRow, note: str) -> None:
        style = look.current()
        paint_piece(painter, area, row)
        if note and row.sort is not Sort.NONE:
            wide = look.text_width(style.mono(bold=row.followed), visible(row.piece))
            painter.setPen(style.colour("muted"))
            write(painter, area.adjusted(wide + style.px(8), 0, 0, 0), note)

    @staticmethod
    def _paint_number(painter: QPainter, area: QRectF, text: str, *, quiet: bool) -> None:
        style = look.current()
        painter.setPen(style.colour("muted" if quiet else "text"))
        number_at(painter, area.right() - style.px(22), area, text, style.mono())


def _columns(box: QRectF) -> tuple[QRectF, QRectF, QRectF, QRectF, QRectF]:
    px = look.current().px
    ends = [box.width() - px(16) - px(far) for far in (0, 60, 148)]
    bar = min(max(ends[2] - px(230), px(24)), px(140))
    piece = ends[2] - bar - px(72)
    return (
        column(box, px(16), piece),
        column(box, piece + px(4), ends[2] - bar - px(8)),
        column(box, ends[2] - bar, ends[2]),
        column(box, ends[2] + px(4), ends[1]),
        column(box, ends[1] + px(4), ends[0]),
    )
