"""Paints the rows of Answer: the word, its bar, its numbers on their points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from bertviz_app.analysis.visible import visible
from bertviz_app.ui import look, numbers
from bertviz_app.ui.answer_rows import HeadRow, RestRow, WordRow
from bertviz_app.ui.look import LARGE, SMALL
from bertviz_app.ui.parts.painting import RIGHT, hover_tint, number_at, outline, plain_text
from bertviz_app.ui.parts.row_list import Row, RowPainter

DOT, ENTER, WORD, BAR = 17, 24, 56, 28
"""Least widths at 100 % text: the place of ●, of ↵, of the word, of the bars."""

PROBABILITY, LOGIT, DIFFERENCE = (50, 36), (52, 24), (58, 36)
"""Width of a column of numbers, and how much of it is behind the decimal point."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers: its ends and its decimal point, as x in pixels."""

    left: int
    right: int
    point: int


@dataclass(frozen=True, slots=True)
class Columns:
    """Where everything stands in a row, as x in pixels; a column that does not fit is None."""

    word: tuple[int, int]
    bar: tuple[int, int] | None
    probability: Column
    logit: Column | None
    difference: Column | None

    @classmethod
    def fitting(cls, width: int, longest: float, *, bars: bool, compared: bool) -> Columns:
        """The columns for a list `width` wide whose longest word takes `longest` pixels.

        Beside another run the difference comes before the logit; the bar goes last.
        """
        px = look.current().px
        word = px(DOT) + max(px(WORD), round(min(longest + px(8), 0.4 * width)))
        right = width - px(ENTER)
        free = right - word - px(PROBABILITY[0])
        difference, right = cls._column(DIFFERENCE, right, free if compared else 0)
        free -= px(DIFFERENCE[0]) if compared else 0
        logit, right = cls._column(LOGIT, right, free - (px(BAR) if bars else 0))
        probability, right = cls._column(PROBABILITY, right, width)
        assert probability is not None
        with_bar = bars and right - word >= px(BAR)
        return cls(
            word=(px(DOT), word if with_bar else right),
            bar=(word, right) if with_bar else None,
            probability=probability,
            logit=logit,
            difference=difference,
        )

    @staticmethod
    def _column(kind: tuple[int, int], right: int, free: int) -> tuple[Column | None, int]:
        width, behind = (look.current().px(length) for length in kind)
        if free < width:
            return None, right
        return Column(right - width, right, right - behind), right - width


class AnswerPainter(RowPainter):
    """Paints the rows of Answer in columns that all of them share."""

    def __init__(self) -> None:
        super().__init__()
        self._longest = 0.0
        self._bars, self._compared, self._enters = True, False, False
        self._columns = self._fitting(280)

    def arrange(self, rows: Sequence[WordRow], *, bars: bool, enters: bool) -> None:
        """Lay out the columns for these words; `enters` gives a row under the mouse its ↵."""
        words = (look.text_width(_font(row), visible(row.candidate.token)) for row in rows)
        self._longest = max(words, default=0.0)
        self._compared = any(row.before is not None for row in rows)
        self._bars, self._enters = bars, enters

    def row_height(self, row: Row) -> int:
        return look.current().px(28 if isinstance(row, WordRow) and row.first else 20)

    def paint_row(self, painter: QPainter, area: QRect, row: Row, *, hovered: bool) -> None:
        box = QRectF(area)
        self._columns = self._fitting(area.width())
        if isinstance(row, HeadRow):
            self._paint_head(painter, box)
        elif isinstance(row, RestRow):
            self._paint_rest(painter, box, row)
        elif isinstance(row, WordRow):
            if hovered:
                painter.fillRect(box, hover_tint())
            self._paint_word(painter, box, row)
            self._paint_numbers(painter, box, row)
            if self._enters and (hovered or row.followed):
                _paint_enter(painter, box, look.current().colour("text" if hovered else "muted"))

    def _fitting(self, width: int) -> Columns:
        return Columns.fitting(width, self._longest, bars=self._bars, compared=self._compared)

    def _paint_head(self, painter: QPainter, box: QRectF) -> None:
        columns, style = self._columns, look.current()
        painter.setPen(style.colour("muted"))
        plain_text(painter, _between(box, *columns.word), "word", style.sans())
        names = ((columns.logit, "logit"), (columns.difference, "difference"))
        for column, name in ((columns.probability, "probability"), *names):
            if column is not None:
                wide = _between(box, column.right - style.px(80), column.right)
                plain_text(painter, wide, name, style.sans(), RIGHT)

    def _paint_word(self, painter: QPainter, box: QRectF, row: WordRow) -> None:
        columns, style = self._columns, look.current()
        ink = style.colour("text")
        if row.apart:
            _paint_rule(painter, box)
        if row.followed:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            radius = style.px(7) / 2
            painter.drawEllipse(QPointF(box.left() + style.px(9), box.center().y()), radius, radius)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(ink)
        left, right = columns.word
        word, font = visible(row.candidate.token), _font(row)
        plain_text(painter, _between(box, left, right - style.px(6)), word, font)
        if row.hidden:
            wide = min(look.text_width(font, word), right - left - style.px(6))
            edge = QRectF(left - style.px(3), box.top() + style.px(2), wide + style.px(6), 0)
            edge.setBottom(box.bottom() - style.px(2))
            outline(painter, edge, style.colour("mask_edge"), 1, Qt.PenStyle.DashLine)
        if columns.bar is not None:
            _paint_bars(painter, _between(box, *columns.bar), row)

    def _paint_numbers(self, painter: QPainter, box: QRectF, row: WordRow) -> None:
        columns, style = self._columns, look.current()
        painter.setPen(style.colour("text"))
        large = style.mono(LARGE if row.first else SMALL, bold=row.followed)
        self._paint_number(
            painter, box, columns.probability, numbers.weight(row.candidate.probability), large
        )
        self._paint_number(
            painter, box, columns.logit, numbers.signed(row.candidate.logit), style.mono()
        )
        self._paint_difference(painter, box, row.difference)

    def _paint_rest(self, painter: QPainter, box: QRectF, row: RestRow) -> None:
        columns, style = self._columns, look.current()
        _paint_rule(painter, box)
        painter.setPen(style.colour("muted"))
        words = _between(box, columns.word[0], columns.probability.point - style.px(9))
        plain_text(painter, words, "not in this list", style.sans())
        number = numbers.weight(row.probability)
        self._paint_number(painter, box, columns.probability, number, style.mono())
        self._paint_difference(painter, box, row.difference)

    def _paint_difference(self, painter: QPainter, box: QRectF, difference: float | None) -> None:
        if difference is not None:
            painter.setPen(look.current().colour("change"))
            text, font = numbers.signed(difference), look.current().mono()
            self._paint_number(painter, box, self._columns.difference, text, font)

    @staticmethod
    def _paint_number(
        painter: QPainter, box: QRectF, column: Column | None, text: str, font: QFont
    ) -> None:
        if column is not None:
            number_at(painter, column.point, _between(box, column.left, column.right), text, font)


def _font(row: WordRow) -> QFont:
    return look.current().mono(LARGE if row.first else SMALL, bold=row.followed)


def _between(box: QRectF, left: float, right: float) -> QRectF:
    return QRectF(box.left() + left, box.top(), right - left, box.height())


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


def _paint_enter(painter: QPainter, box: QRectF, colour: QColor) -> None:
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
