"""Paints the boxes of the token strip."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from bertviz_app.ui import look
from bertviz_app.ui.look import LARGE
from bertviz_app.ui.parts.painting import (
    CENTRE,
    looked_at_mark,
    looks_mark,
    outline,
    plain_text,
)
from bertviz_app.ui.parts.pieces import Kind, StripPiece

PAD, INSET, NOTE_GAP = 10, 4, 5
"""Room for ▸ and ◂ at both ends of a box, the inside margin of a blank, the gap before a note."""

BOX, LINE = 23, 31
"""Heights: of a box, and of a whole line with what is under the box."""


@dataclass(frozen=True, slots=True)
class Marks:
    """How a piece is marked: what it is in the selection, and whether the mouse is over it."""

    pinned: bool = False
    rests: bool = False
    second: bool = False
    hovered: bool = False
    hovered_second: bool = False


def gap_before(piece: StripPiece) -> int:
    """Free pixels before a box; the pieces of one word stand close."""
    return look.current().px(1 if piece.joined else 4)


def piece_width(piece: StripPiece) -> float:
    """How wide a box is; no mark makes it wider, so that nothing moves under the mouse."""
    return _width(piece.kind, piece.text, piece.note, look.current().text_size)


@lru_cache(maxsize=8192)
def _width(kind: Kind, text: str, note: str, _text_size: float) -> float:
    style = look.current()
    if kind is Kind.CUT:
        return look.text_width(style.sans(), text) + 2 * style.px(8)
    width = look.text_width(style.mono(LARGE), text) + 2 * style.px(PAD)
    if kind is Kind.MASK:
        width += 2 * style.px(INSET)
    if note:
        width += look.text_width(style.mono(), note) + style.px(NOTE_GAP)
    return width


def paint_piece(painter: QPainter, area: QRectF, piece: StripPiece) -> None:
    """Paint a box with its underline into `area`, which is a line high."""
    style = look.current()
    box = QRectF(area.left(), area.top(), area.width(), style.px(BOX))
    painter.setClipRect(area.adjusted(-1, -style.px(4), 1, 0))
    if piece.kind is Kind.CUT:
        _paint_chip(painter, box, piece)
    else:
        if piece.kind is not Kind.ADDED:
            painter.fillRect(box, style.colour("paper"))
        _paint_underline(painter, box, piece)
        if piece.kind is Kind.MASK:
            _paint_blank(painter, box, piece)
        else:
            _paint_word(painter, box, piece)
    painter.setClipping(False)


def paint_marks(painter: QPainter, area: QRectF, marks: Marks) -> None:
    """Paint what a piece is in the selection over its box."""
    style = look.current()
    box = QRectF(area.left(), area.top(), area.width(), style.px(BOX))
    size, pad, middle = style.px(6), style.px(PAD), box.center().y()
    query, key = style.colour("query"), style.colour("key")
    if marks.second:
        outline(painter, box, key, 2)
        looked_at_mark(painter, QPointF(box.right() - pad / 2 - 1, middle), size, key)
    elif marks.hovered_second:
        outline(painter, box, key, 1)
    if marks.pinned:
        inside = 3 if marks.second else 0
        outline(painter, box.adjusted(inside, inside, -inside, -inside), query, 2)
    elif marks.rests or marks.hovered:
        outline(painter, box, query, 1)
    if marks.pinned or marks.rests:
        looks_mark(painter, QPointF(box.left() + pad / 2 + 1, middle), size, query)


def _paint_word(painter: QPainter, box: QRectF, piece: StripPiece) -> None:
    style = look.current()
    quiet = piece.kind is not Kind.WORD
    painter.setPen(style.colour("muted" if quiet else "text"))
    inner = box.adjusted(style.px(PAD), 0, -style.px(PAD) + 1, 0)
    plain_text(painter, inner, piece.text, style.mono(LARGE))
    if piece.note:
        left = inner.left() + look.text_width(style.mono(LARGE), piece.text) + style.px(NOTE_GAP)
        painter.setPen(style.colour("text"))
        note = QRectF(left, box.top(), inner.right() - left, box.height())
        plain_text(painter, note, piece.note, style.mono())
    if piece.kind is Kind.UNKNOWN:
        outline(painter, box, style.colour("muted"), 1, Qt.PenStyle.DotLine)


def _paint_blank(painter: QPainter, box: QRectF, piece: StripPiece) -> None:
    """A [MASK] in yellow, its note on paper, and the dashed edge around both."""
    style = look.current()
    edge = box.adjusted(style.px(PAD), style.px(2), -style.px(PAD), -style.px(2))
    text = look.text_width(style.mono(LARGE), piece.text)
    fill = QRectF(edge)
    if piece.note:
        fill.setWidth(text + 2 * style.px(INSET))
    painter.fillRect(fill, style.colour("mask_fill"))
    outline(painter, edge, style.colour("mask_edge"), 1, Qt.PenStyle.DashLine)
    painter.setPen(style.colour("mask_text"))
    plain_text(painter, fill, piece.text, style.mono(LARGE), CENTRE)
    if piece.note:
        painter.setPen(style.colour("change" if piece.changed else "text"))
        note = QRectF(fill.right(), box.top(), edge.right() - fill.right(), box.height())
        plain_text(painter, note, piece.note, style.mono(bold=piece.changed), CENTRE)


def _paint_underline(painter: QPainter, box: QRectF, piece: StripPiece) -> None:
    """Sentence A has one line under it, B has two."""
    style = look.current()
    top = box.bottom() + style.px(1)
    left = box.left() - (gap_before(piece) if piece.joined else 0)
    if piece.sentence == 0:
        painter.fillRect(
            QRectF(left, top, box.right() - left, style.px(2)), style.colour("sentence_a")
        )
        return
    for offset in (0, style.px(3)):
        line = QRectF(left, top + offset, box.right() - left, max(style.px(1), 1))
        painter.fillRect(line, style.colour("sentence_b"))


def _paint_chip(painter: QPainter, box: QRectF, piece: StripPiece) -> None:
    style = look.current()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(style.colour("muted"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    radius = style.px(4)
    painter.drawRoundedRect(box.adjusted(0.5, 2.5, -0.5, -2.5), radius, radius)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    plain_text(painter, box, piece.text, style.sans(), CENTRE)
