"""The rows of Every position: what each says, and how it is painted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QPainter

from bertviz_app.analysis.scales import full_of
from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.core.questions.every_position import Guess
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.trace import Candidate, Trace
from bertviz_app.ui import look, numbers
from bertviz_app.ui.parts.painting import (
    hover_tint,
    number_at,
    paint_signed_bar,
    plain_text,
)
from bertviz_app.ui.parts.row_head import ColumnPainter
from bertviz_app.ui.parts.row_list import Row
from bertviz_app.ui.parts.row_marks import UNMARKED, RowMarks, paint_row_marks
from bertviz_app.ui.parts.surprise import full_surprise, guesses

HEIGHT, WIDEST = 20, 720
"""Height of a row, and how far its columns spread at most."""


@dataclass(frozen=True, slots=True)
class SurpriseRow:
    """One token.

    Attributes:
        position: which token.
        piece: the token as the vocabulary writes it.
        guess: what is known of it; None if it was not computed, or is a blank.
        blank: it is hidden already.
        full: the surprise in bits (or the change of it) whose bar is full.
        most: no piece surprises more (or changes more).
        marks: what it is in the selection.
    """

    position: int
    piece: str
    guess: Guess | None
    blank: bool
    full: float
    most: bool = False
    marks: RowMarks = UNMARKED

    choosable = True

    @property
    def spoken(self) -> str:
        """The readout of this token."""
        piece = isolated(visible(self.piece))
        if self.guess is None:
            return f"{piece}: hidden in the text" if self.blank else f"{piece}: not computed"
        text = f"{piece} surprises by {numbers.bits(self.guess.surprise)} bits"
        if self.guess.without is not None:
            text += f" (as is {numbers.bits(self.guess.without)})"
        if self.guess.hidden_best:
            best = self.guess.hidden_best[0]
            word, probability = isolated(visible(best.token)), numbers.weight(best.probability)
            text += f"; hidden, BERT would say {word} {probability}"
        return text


def surprise_rows(snapshot: Snapshot, trace: Trace) -> tuple[SurpriseRow, ...]:
    """One row for each token that was typed."""
    encoding, known = trace.encoding, guesses(snapshot)
    sizes = {at: abs(guess.drawn) for at, guess in known.items() if math.isfinite(guess.drawn)}
    most = max(sizes, key=sizes.__getitem__, default=None)
    differs = any(guess.without is not None for guess in known.values())
    usual = full_surprise(trace.spec.vocabulary)
    full = full_of(sizes.values()) if differs else max([usual, *sizes.values()])
    return tuple(
        SurpriseRow(
            position=at,
            piece=piece,
            guess=known.get(at),
            blank=at in encoding.masks,
            full=full,
            most=at == most,
            marks=RowMarks.of(snapshot, at),
        )
        for at, piece in enumerate(encoding.tokens)
        if at not in encoding.added
    )


@dataclass(frozen=True, slots=True)
class SurpriseColumns:
    """Where everything stands in a row, as x in pixels."""

    piece: tuple[int, int]
    bits: tuple[int, int]
    bar: tuple[int, int]
    hidden: tuple[int, int]
    seen: tuple[int, int]

    @classmethod
    def of(cls, width: int, longest: float) -> SurpriseColumns:
        """The columns of rows `width` wide whose longest piece takes `longest` pixels."""
        px = look.current().px
        width = min(width, px(WIDEST))
        left, right = px(16), width - px(16)
        guess = max(round(0.23 * width), px(88))
        seen = (right - guess, right)
        hidden = (seen[0] - guess - px(8), seen[0] - px(8))
        piece = (left, left + min(max(math.ceil(longest) + 1, px(48)), round(0.25 * width)))
        bits = (piece[1] + px(4), piece[1] + px(48))
        return cls(piece, bits, (bits[1] + px(8), hidden[0] - px(12)), hidden, seen)


class SurprisePainter(ColumnPainter):
    """Paints a row: piece, bits, bar, the best guess hidden and seen."""

    def __init__(self) -> None:
        super().__init__()
        self._longest = 0.0
        self._differs = False

    def arrange(self, rows: Sequence[SurpriseRow], *, differs: bool) -> None:
        """Lay out the columns for these pieces, and name them."""
        self._differs = differs
        longest = max((visible(row.piece) for row in rows), key=len, default="")
        self._longest = look.text_width(look.current().mono(bold=True), longest)

    def row_height(self, row: Row) -> int:
        return look.current().px(HEIGHT)

    def paint_row(self, painter: QPainter, area: QRect, row: Row, *, hovered: bool) -> None:
        if not isinstance(row, SurpriseRow):
            return
        style, box, columns = (
            look.current(),
            QRectF(area),
            SurpriseColumns.of(area.width(), self._longest),
        )
        if hovered or row.marks.lit:
            painter.fillRect(box, hover_tint())
        painter.setPen(style.colour("muted" if row.guess is None else "text"))
        font = style.mono(bold=row.most)
        plain_text(painter, _between(box, columns.piece), visible(row.piece), font)
        if row.guess is not None:
            self._paint_guess(painter, box, columns, row, row.guess)
        paint_row_marks(painter, box, row.marks)

    def paint_head(self, painter: QPainter, box: QRectF) -> None:
        """The names of the columns."""
        style, columns = look.current(), SurpriseColumns.of(round(box.width()), self._longest)
        painter.setPen(style.colour("muted"))
        surprise = (columns.bits[0], max(columns.bits[1], columns.bar[1]))
        for where, words in (
            (columns.piece, "piece"),
            (surprise, "change, bits" if self._differs else "surprise, bits"),
            (columns.hidden, "hidden: BERT says"),
            (columns.seen, "left in"),
        ):
            plain_text(painter, _between(box, where), words, style.sans())

    def _paint_guess(
        self,
        painter: QPainter,
        box: QRectF,
        columns: SurpriseColumns,
        row: SurpriseRow,
        guess: Guess,
    ) -> None:
        style = look.current()
        bits = _between(box, columns.bits)
        font = style.mono(bold=row.most)
        signed, bar = guess.without is not None, _between(box, columns.bar)
        text = numbers.signed(guess.drawn) if signed else numbers.bits(guess.surprise)
        number_at(painter, bits.right() - style.px(16), bits, text, font)
        if signed:
            paint_signed_bar(painter, bar, guess.drawn / row.full)
        elif bar.width() > 0 and math.isfinite(guess.surprise):
            part = min(max(guess.surprise / row.full, 0.0), 1.0)
            length, height = max(round(part * bar.width()), 1), style.px(8)
            top = round(box.center().y() - height / 2)
            colour = style.colour("text") if row.most else QColor(style.theme.ink[2])
            painter.fillRect(QRectF(bar.left(), top, length, height), colour)
        _paint_best(painter, _between(box, columns.hidden), guess.hidden_best, row.piece)
        _paint_best(painter, _between(box, columns.seen), guess.seen_best, row.piece)


def _paint_best(painter: QPainter, area: QRectF, best: tuple[Candidate, ...], piece: str) -> None:
    """The best guess and its probability; a guess that is right is quieter than one that is not."""
    if not best:
        return
    style = look.current()
    painter.setPen(style.colour("muted" if best[0].token == piece else "text"))
    word = QRectF(area.left(), area.top(), area.width() - style.px(46), area.height())
    plain_text(painter, word, visible(best[0].token), style.mono())
    text = numbers.weight(best[0].probability)
    number_at(painter, area.right() - style.px(36), area, text, style.mono())


def _between(box: QRectF, ends: tuple[int, int]) -> QRectF:
    return QRectF(box.left() + ends[0], box.top(), ends[1] - ends[0], box.height())
