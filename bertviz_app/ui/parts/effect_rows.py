"""The rows of Effect: a word for the blank, as is and changed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QPainter

from bertviz_app.analysis.effects import WordEffect
from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.core.state import Show
from bertviz_app.ui import look, numbers
from bertviz_app.ui.parts.painting import hover_tint, number_at, outline, plain_text
from bertviz_app.ui.parts.row_list import Row, RowPainter

HEIGHT, WIDEST = 20, 640
"""Height of a row, and how far its columns spread at most."""

COLUMNS = ("as is", "changed", "difference")
NUMBER = 72
"""Width of a column of numbers."""


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """The names of the columns; that of the words says which blank they are for, of several."""

    words: str = "word"

    choosable = False

    @property
    def spoken(self) -> str:
        """The row in words."""
        return ", ".join((self.words, *COLUMNS))


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One word.

    Attributes:
        effect: its probabilities.
        show: which run, or the difference, is drawn as the bar.
        followed: it is the word in question.
        best: what is said of the best word of the blank.
    """

    effect: WordEffect
    show: Show
    followed: bool
    best: str

    choosable = True

    @property
    def spoken(self) -> str:
        """The readout of this word."""
        effect, word = self.effect, isolated(visible(self.effect.token))
        before, after = numbers.weight(effect.before), numbers.weight(effect.after)
        difference = numbers.signed(effect.difference)
        return f"{word}: {before} as is, {after} changed, {difference}; {self.best}"


class EffectPainter(RowPainter):
    """Paints a row: word, three numbers, and a bar for what is shown."""

    def row_height(self, row: Row) -> int:
        return look.current().px(HEIGHT)

    def paint_row(self, painter: QPainter, area: QRect, row: Row, *, hovered: bool) -> None:
        style, box = look.current(), QRectF(area)
        box.setWidth(min(box.width(), style.px(WIDEST)))
        number = style.px(NUMBER)
        word = QRectF(box.left() + style.px(20), box.top(), 0.24 * box.width(), box.height())
        cells = [
            QRectF(word.right() + at * number, box.top(), number, box.height()) for at in range(3)
        ]
        bar = QRectF(cells[-1].right() + style.px(8), box.top(), 0, box.height())
        bar.setRight(box.right() - style.px(8))
        if isinstance(row, HeadingRow):
            painter.setPen(style.colour("muted"))
            plain_text(painter, word, row.words, style.sans())
            for cell, name in zip(cells, COLUMNS, strict=True):
                plain_text(painter, cell, name, style.sans())
        elif isinstance(row, EffectRow):
            if hovered:
                painter.fillRect(QRectF(area), hover_tint())
            _paint_word(painter, word, row)
            _paint_numbers(painter, cells, row)
            _paint_bar(painter, bar, row)


def _paint_word(painter: QPainter, area: QRectF, row: EffectRow) -> None:
    style = look.current()
    painter.setPen(style.colour("text"))
    if row.followed:
        plain_text(painter, area.translated(-style.px(14), 0), "●", style.sans())
    plain_text(painter, area, visible(row.effect.token), style.mono(bold=row.followed))


def _paint_numbers(painter: QPainter, cells: list[QRectF], row: EffectRow) -> None:
    style, effect = look.current(), row.effect
    words = (
        numbers.weight(effect.before),
        numbers.weight(effect.after),
        numbers.signed(effect.difference),
    )
    for cell, text, show in zip(
        cells, words, (Show.AS_IS, Show.CHANGED, Show.DIFFERENCE), strict=True
    ):
        role = "change" if show is Show.DIFFERENCE else "text"
        painter.setPen(style.colour(role))
        font = style.mono(bold=show is row.show)
        number_at(painter, cell.left() + style.px(18), cell, text, font)


def _paint_bar(painter: QPainter, area: QRectF, row: EffectRow) -> None:
    """A bar from 0 to 1, with that as is behind it; of a difference, from −1 to 1."""
    style, effect = look.current(), row.effect
    if area.width() < style.px(24) or not math.isfinite(effect.difference):
        return
    bar = QRectF(area.left(), area.center().y() - style.px(4), area.width(), style.px(8))
    if row.show is Show.DIFFERENCE:
        middle, half = round(bar.center().x()), bar.width() / 2
        colour = QColor(style.theme.diverging[-1 if effect.difference > 0 else 0])
        length = effect.difference * half
        painter.fillRect(QRectF(middle, bar.top(), length, bar.height()).normalized(), colour)
        painter.fillRect(QRectF(middle, area.top(), 1, area.height()), style.colour("muted"))
        return
    shown = effect.before if row.show is Show.AS_IS else effect.after
    filled = QRectF(bar.left(), bar.top(), max(shown * bar.width(), 1), bar.height())
    painter.fillRect(filled, style.colour("text"))
    if row.show is Show.CHANGED:
        behind = QRectF(
            bar.left(), bar.top() - 2, max(effect.before * bar.width(), 2), bar.height() + 4
        )
        outline(painter, behind, style.colour("muted"), 1)
