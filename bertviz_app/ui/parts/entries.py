"""Rows that stand for entries of the vocabulary, and what all of them are painted with."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter

from bertviz_app.analysis.visible import visible
from bertviz_app.core.pieces import Sort
from bertviz_app.ui import look
from bertviz_app.ui.parts.painting import LEFT, RIGHT, hover_tint, looks_mark, outline, plain_text
from bertviz_app.ui.parts.row_head import ColumnPainter
from bertviz_app.ui.parts.row_list import Row

HEIGHT, WIDEST = 20, 720
"""Height of a row, and how far its columns spread at most."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of the vocabulary.

    Attributes:
        id: its number there.
        piece: the piece as the vocabulary writes it; empty where the model has none.
        sort: what sort of piece it is.
        followed: it is the word that is followed.
        pinned: it is the piece of the token that looks.
    """

    id: int
    piece: str
    sort: Sort
    followed: bool = False
    pinned: bool = False

    @property
    def choosable(self) -> bool:
        """A click means something where there is a piece."""
        return bool(self.piece)

    @property
    def spoken(self) -> str:
        """The readout of this piece."""
        raise NotImplementedError


class EntryPainter(ColumnPainter):
    """Paints a row in columns; `columns` and `paint_entry` are what to write."""

    def row_height(self, row: Row) -> int:
        return look.current().px(HEIGHT)

    def paint_row(self, painter: QPainter, area: QRect, row: Row, *, hovered: bool) -> None:
        if not isinstance(row, Entry):
            return
        style, box = look.current(), _narrowed(QRectF(area))
        if hovered:
            painter.fillRect(box, hover_tint())
        self.paint_entry(painter, box, row)
        if row.followed:
            mark = QRectF(box.left() + style.px(2), box.top(), style.px(14), box.height())
            painter.setPen(style.colour("text"))
            plain_text(painter, mark, "●", style.sans())
        if row.pinned:
            outline(painter, box, style.colour("query"), 1)
            centre = box.center()
            centre.setX(box.right() - style.px(8))
            looks_mark(painter, centre, style.px(7), style.colour("query"))

    def paint_head(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(look.current().colour("muted"))
        self.paint_names(painter, _narrowed(box))

    def paint_entry(self, painter: QPainter, box: QRectF, row: Entry) -> None:
        """Paint what `row` says."""
        raise NotImplementedError

    def paint_names(self, painter: QPainter, box: QRectF) -> None:
        """Paint the names of the columns."""
        raise NotImplementedError


def paint_piece(painter: QPainter, area: QRectF, row: Entry) -> None:
    """The piece itself; quiet if texts are not cut into such, bold if it is followed."""
    style = look.current()
    painter.setPen(style.colour("text" if row.sort.is_ordinary else "muted"))
    text = visible(row.piece) if row.piece else "no piece"
    plain_text(painter, area, text, style.mono(bold=row.followed))


def write(
    painter: QPainter, area: QRectF, words: str, *, right: bool = False, mono: bool = False
) -> None:
    """Words in the pen's colour, at the left end of their column or at the right."""
    style = look.current()
    font = style.mono() if mono else style.sans()
    plain_text(painter, area, words, font, RIGHT if right else LEFT)


def column(box: QRectF, left: float, right: float) -> QRectF:
    """The part of a row between two distances from its left end."""
    return QRectF(box.left() + left, box.top(), max(right - left, 0.0), box.height())


def _narrowed(box: QRectF) -> QRectF:
    box.setWidth(min(box.width(), look.current().px(WIDEST)))
    return box
