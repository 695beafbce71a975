"""Paints the rows of Answer: the word, its bar, its numbers on their points."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from bertviz_app.analysis.visible import visible
from bertviz_app.ui import look, numbers
from bertviz_app.ui.answer.columns import Column, Columns, Shown, between
from bertviz_app.ui.answer.rows import ColumnNames, Numbers, RestRow, WordRow
from bertviz_app.ui.look import LARGE, SMALL
from bertviz_app.ui.parts.painting import (
    RIGHT,
    hover_tint,
    number_at,
    outline,
    paint_signed_bar,
    plain_text,
)
from bertviz_app.ui.parts.row_list import Row, RowPainter


class AnswerPainter(RowPainter):
    """Paints the rows of Answer in columns that all of them share.

    Attributes:
        enters: a row under the mouse has its ↵.
    """

    def __init__(self) -> None:
        super().__init__()
        self._longest = 0.0
        self._shown, self.enters = Shown(), False
        self._columns, self._made_for = self.columns(280), (280, look.current())

    def arrange(self, rows: Sequence[WordRow], *, bars: bool, enters: bool) -> None:
        """Lay out the columns for these words; `enters` gives a row under the mouse its ↵."""
        words = (look.text_width(_font(row), visible(row.candidate.token)) for row in rows)
        self._longest = max(words, default=0.0)
        self._shown = Shown(
            bars=bars,
            compared=any(row.before is not None for row in rows),
            what_if=any(row.what_if is not None for row in rows),
            differs=any(row.differs for row in rows),
        )
        self.enters = enters
        self._made_for = (0, look.current())

    def row_height(self, row: Row) -> int:
        return look.current().px(28 if isinstance(row, WordRow) and row.first else 20)

    def paint_row(self, painter: QPainter, area: QRect, row: Row, *, hovered: bool) -> None:
        box = QRectF(area)
        made_for = (area.width(), look.current())
        if made_for != self._made_for:
            self._columns, self._made_for = self.columns(area.width()), made_for
        if isinstance(row, ColumnNames):
            self._paint_head(painter, box, row)
        elif isinstance(row, RestRow):
            self._paint_rest(painter, box, row)
        elif isinstance(row, WordRow):
            if hovered:
                painter.fillRect(box, hover_tint())
            self._paint_word(painter, box, row)
            self.paint_numbers(painter, box, self._columns, row, _font(row))
            if self.enters and (hovered or row.followed):
                paint_enter(painter, box, look.current().colour("text" if hovered else "muted"))

    def columns(self, width: int) -> Columns:
        """Where everything stands in a row of this width."""
        return Columns.fitting(width, self._longest, self._shown)

    def _paint_head(self, painter: QPainter, box: QRectF, row: ColumnNames) -> None:
        columns, style = self._columns, look.current()
        painter.setPen(style.colour("muted"))
        plain_text(painter, between(box, *columns.word), "word", style.sans())
        if row.differs and columns.bar is not None:
            plain_text(painter, between(box, *columns.bar), "±1", style.sans())
        there = (columns.probability, columns.what_if, columns.logit, columns.difference)
        for column, name in zip(there, row.names, strict=True):
            if column is not None:
                wide = between(box, column.right - style.px(80), column.right)
                plain_text(painter, wide, name, style.sans(), RIGHT)

    def _paint_word(self, painter: QPainter, box: QRectF, row: WordRow) -> None:
        columns, style = self._columns, look.current()
        ink = style.colour("text")
        if row.apart:
            _paint_rule(painter, box)
        if row.followed:
            paint_dot(painter, box)
        painter.setPen(ink)
        left, right = columns.word
        word, font = visible(row.candidate.token), _font(row)
        plain_text(painter, between(box, left, right - style.px(6)), word, font)
        if row.hidden:
            wide = min(look.text_width(font, word), right - left - style.px(6))
            edge = QRectF(left - style.px(3), box.top() + style.px(2), wide + style.px(6), 0)
            edge.setBottom(box.bottom() - style.px(2))
            outline(painter, edge, style.colour("mask_edge"), 1, Qt.PenStyle.DashLine)
        if columns.bar is not None and row.differs:
            area = between(box, *columns.bar).adjusted(0, 0, -style.px(4), 0)
            paint_signed_bar(painter, area, row.difference or 0.0)
        elif columns.bar is not None and row.apart:
            painter.setPen(style.colour("muted"))
            rank = numbers.ordinal(row.candidate.rank)
            plain_text(painter, between(box, *columns.bar), rank, style.mono())
        elif columns.bar is not None:
            _paint_bars(painter, between(box, *columns.bar), row)

    def _paint_rest(self, painter: QPainter, box: QRectF, row: RestRow) -> None:
        columns, style = self._columns, look.current()
        _paint_rule(painter, box)
        painter.setPen(style.colour("muted"))
        words = between(box, columns.word[0], columns.probability.point - style.px(9))
        plain_text(painter, words, "not in this list", style.sans())
        self.paint_numbers(painter, box, columns, row, style.mono(), "muted")

    def paint_numbers(
        self,
        painter: QPainter,
        box: QRectF,
        columns: Columns,
        row: Numbers,
        font: QFont,
        role: str = "text",
    ) -> None:
        """The numbers of a row, the first of them in `font` and, with the logit, in `role`."""
        probability, difference = (
            (numbers.weight, row.probability),
            (numbers.signed, row.difference),
        )
        first, last, ink = probability, difference, "change"
        if self._shown.differs:
            first, last, ink = difference, probability, "muted"
        small = look.current().mono()
        for column, (write, value), colour, style in (
            (columns.probability, first, role, font),
            (columns.what_if, (numbers.weight, row.what_if), "muted", small),
            (columns.logit, (numbers.signed, row.logit), role, small),
            (columns.difference, last, ink, small),
        ):
            if value is not None:
                painter.setPen(look.current().colour(colour))
                paint_number(painter, box, column, write(value), style)


def _font(row: WordRow) -> QFont:
    return look.current().mono(LARGE if row.first else SMALL, bold=row.followed)


def _paint_rule(painter: QPainter, box: QRectF) -> None:
    line = QRectF(box.left(), box.top(), box.width(), 1)
    painter.fillRect(line, look.current().colour("hairline"))


def _paint_bars(painter: QPainter, area: QRectF, row: WordRow) -> None:
    """The probability as a bar on 0-1 and, hollow behind it, what it was as is."""
    style = look.current()
    middle = area.center().y()

    def bar(probability: float, height: float) -> QRectF:
        wide = max(probability * area.width(), 1.0)
        return QRectF(area.left(), round(middle - height / 2), round(wide), height)

    painter.fillRect(bar(row.candidate.probability, style.px(8)), style.colour("text"))
    if row.before is not None:
        edge = bar(row.before.probability, style.px(14))
        outline(painter, edge, style.colour("muted"), 1)


def paint_dot(painter: QPainter, box: QRectF) -> None:
    """● at the left end: this is the word in question."""
    style = look.current()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.colour("text"))
    radius = style.px(7) / 2
    painter.drawEllipse(QPointF(box.left() + style.px(9), box.center().y()), radius, radius)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def paint_number(
    painter: QPainter, box: QRectF, column: Column | None, text: str, font: QFont
) -> None:
    """A number of a row in its column, if the column is there."""
    if column is not None:
        number_at(painter, column.point, between(box, column.left, column.right), text, font)


def paint_enter(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """↵ at the right end: this word goes into the blank."""
    unit = look.current().px(4)
    x, y = box.right() - 4.5 * unit, box.center().y() + 0.5 * unit
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    hook = [QPointF(x + 2.5 * unit, y - 1.5 * unit), QPointF(x + 2.5 * unit, y), QPointF(x, y)]
    painter.drawPolyline(QPolygonF(hook))
    tip = [QPointF(x + unit, y - unit), QPointF(x, y), QPointF(x + unit, y + unit)]
    painter.drawPolyline(QPolygonF(tip))
