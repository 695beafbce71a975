"""Paints the rows of Why these pieces; the look-ups stand as stairs under their word."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from bertviz_app.analysis.visible import visible
from bertviz_app.core.pieces import INSIDE
from bertviz_app.core.questions.wordpiece import Fate
from bertviz_app.ui import look, numbers
from bertviz_app.ui.parts.painting import RIGHT, hover_tint, outline, plain_text
from bertviz_app.ui.parts.row_list import Row, RowPainter
from bertviz_app.ui.parts.row_marks import paint_row_marks
from bertviz_app.ui.parts.wordpiece_rows import (
    FoldRow,
    RemarkRow,
    ResultRow,
    SplitRow,
    StepRow,
    StoryRow,
    TitleRow,
    TryRow,
)

HEIGHT, LABEL, VERDICT = 20, 112, 88
"""Height of a row, width of the names of steps at its left, and of the verdict at its right."""

GAP = 10
"""Room between two pieces."""

WIDEST = 720
"""How far the columns spread at most."""


class WordPiecePainter(RowPainter):
    """Paints one row."""

    def row_height(self, row: Row) -> int:
        return look.current().px(HEIGHT)

    def paint_row(self, painter: QPainter, area: QRect, row: Row, *, hovered: bool) -> None:
        box = QRectF(area)
        box.setWidth(min(box.width(), look.current().px(WIDEST)))
        if row.choosable and (hovered or (isinstance(row, TryRow | StoryRow) and row.marks.lit)):
            painter.fillRect(box, hover_tint())
        _PAINTERS[type(row)](painter, box, row)


def _label(painter: QPainter, box: QRectF, words: str) -> None:
    style = look.current()
    area = QRectF(box.left() + style.px(16), box.top(), style.px(LABEL - 24), box.height())
    _muted(painter, area, words)


def _content(box: QRectF) -> QRectF:
    """Where the letters of a row stand."""
    px = look.current().px
    return box.adjusted(px(LABEL), 0, -px(VERDICT), 0)


def _muted(painter: QPainter, area: QRectF, words: str) -> None:
    style = look.current()
    painter.setPen(style.colour("muted"))
    plain_text(painter, area, words, style.sans())


def _verdict(painter: QPainter, box: QRectF, words: str, *, found: bool) -> None:
    style = look.current()
    area = box.adjusted(box.width() - style.px(VERDICT), 0, -style.px(20), 0)
    painter.setPen(style.colour("text" if found else "muted"))
    plain_text(painter, area, words, style.sans(bold=found), RIGHT)


def _step(painter: QPainter, box: QRectF, row: StepRow) -> None:
    style = look.current()
    if row.quiet:
        area = box.adjusted(style.px(16), 0, -style.px(16), 0)
        _muted(painter, area, f"{row.name}: {row.letters}")
        return
    _label(painter, box, row.name)
    painter.setPen(style.colour("text"))
    wide = box.adjusted(style.px(LABEL), 0, -style.px(16), 0)
    plain_text(painter, wide, visible(row.letters, len(row.letters)), style.mono())


def _split(painter: QPainter, box: QRectF, row: SplitRow) -> None:
    """The words side by side; the one in question in a box."""
    style = look.current()
    _label(painter, box, row.name)
    x, right = box.left() + style.px(LABEL), box.right() - style.px(16)
    first = max(row.at - 3, 0)
    for number, word in enumerate(row.words[first:], first):
        font = style.mono(bold=number == row.at)
        text = visible(word)
        wide = look.text_width(font, text)
        area = QRectF(x, box.top(), min(wide, max(right - x, 0.0)) + 1, box.height())
        if area.width() <= 1:
            break
        painter.setPen(style.colour("text" if number == row.at else "muted"))
        plain_text(painter, area, text, font)
        if number == row.at:
            edge = area.adjusted(-style.px(3), style.px(2), style.px(3), -style.px(1))
            outline(painter, edge, style.colour("muted"), 1)
        x += wide + style.px(14)


def _try(painter: QPainter, box: QRectF, row: TryRow) -> None:
    """The part that was looked up, under the place in the word where it stands."""
    style, tried, content = look.current(), row.tried, _content(box)
    font = style.mono(bold=tried.found)
    painter.setPen(style.colour("text" if tried.found else "muted"))
    left = _stair(row.word, tried.start, content.width())
    if left is None:
        piece = visible(tried.piece, len(tried.piece))
        middle = Qt.TextElideMode.ElideMiddle  # the ends are what differs
        shown = QFontMetricsF(font).elidedText(piece, middle, content.width())
        plain_text(painter, content, shown, font)
    else:
        x = content.left() + left
        if tried.start:
            mark = look.text_width(style.mono(), INSIDE)
            before = QRectF(x - mark, content.top(), mark + 1, content.height())
            plain_text(painter, before, INSIDE, style.mono())
        _letters(painter, content, x, row.word[tried.start : tried.end], font)
        painter.setPen(style.colour("hairline"))
        after = x + look.text_width(style.mono(), row.word[tried.start : tried.end])
        _letters(painter, content, after, row.word[tried.end :], style.mono())
    words = f"id {row.id}" if tried.found else "not there"
    _verdict(painter, box, words, found=tried.found)
    _label(painter, box, row.name)
    paint_row_marks(painter, box, row.marks)


def _fold(painter: QPainter, box: QRectF, row: FoldRow) -> None:
    content = _content(box)
    left = _stair(row.word, row.start, content.width()) or 0.0
    area = content.adjusted(left, 0, 0, 0)
    _muted(painter, area, f"… {numbers.count(row.count)} shorter")
    _verdict(painter, box, "not there", found=False)


def _stair(word: str, start: int, room: float) -> float | None:
    """How far to the right a part stands that begins at letter `start`.

    None if the word is too wide for its stairs, or its letters do not stand side by side.
    """
    font = look.current().mono()
    indent = look.text_width(font, INSIDE)
    whole = look.text_width(font, word)
    alone = sum(look.text_width(font, letter) for letter in word)
    if indent + whole > room or abs(whole - alone) > 1 or visible(word, len(word)) != word:
        return None
    return indent + look.text_width(font, word[:start])


def _letters(painter: QPainter, content: QRectF, x: float, text: str, font: QFont) -> None:
    wide = look.text_width(font, text) + 1
    plain_text(painter, QRectF(x, content.top(), wide, content.height()), text, font)


def _result(painter: QPainter, box: QRectF, row: ResultRow) -> None:
    """The pieces, each in a box; those that found no room muted."""
    style = look.current()
    _label(painter, box, row.name)
    area = box.adjusted(style.px(LABEL), 0, -style.px(16), 0)
    _boxes(painter, area, row.pieces, row.read)


def _boxes(painter: QPainter, area: QRectF, pieces: Sequence[str], read: int) -> float:
    """Paint pieces side by side and count the others; returns where the next would stand."""
    style, x = look.current(), area.left()
    font = style.mono(bold=True)
    texts = [visible(piece) for piece in pieces]
    count = pieces_shown(texts, font, area.width())
    for number, text in enumerate(texts[:count]):
        wide = look.text_width(font, text)
        at = QRectF(x, area.top(), min(wide, area.right() - x) + 1, area.height())
        painter.setPen(style.colour("text" if number < read else "muted"))
        plain_text(painter, at, text, font)
        edge = at.adjusted(-style.px(3), style.px(2), style.px(3), -style.px(1))
        outline(painter, edge, style.colour("hairline"), 1)
        x += wide + style.px(GAP)
    if count < len(texts):
        more = _more(len(texts) - count)
        _muted(painter, QRectF(x, area.top(), area.right() - x, area.height()), more)
        x += look.text_width(style.sans(), more) + style.px(GAP)
    return x


def pieces_shown(texts: Sequence[str], font: QFont, room: float) -> int:
    """How many pieces stand side by side in `room` with the number of the others behind them."""
    gap = look.current().px(GAP)
    ends = list(accumulate(look.text_width(font, text) + gap for text in texts))
    if not ends or ends[-1] - gap <= room:
        return len(texts)
    rest = look.text_width(look.current().sans(), _more(len(texts)))
    return max(bisect_right(ends, room - rest), 1)  # one alone is shortened


def _more(count: int) -> str:
    return f"+{numbers.count(count)}"


def _sentence(painter: QPainter, box: QRectF, row: RemarkRow) -> None:
    px = look.current().px
    _muted(painter, box.adjusted(px(16), 0, -px(16), 0), row.spoken)


def _thirds(box: QRectF) -> tuple[QRectF, QRectF, QRectF]:
    """Where a word stands as typed, as it is looked up, and its pieces."""
    px = look.current().px
    typed = QRectF(box.left() + px(16), box.top(), 0.27 * box.width(), box.height())
    looked_up = typed.translated(typed.width() + px(8), 0)
    pieces = QRectF(looked_up.right() + px(8), box.top(), 0.0, box.height())
    pieces.setRight(box.right() - px(20))
    return typed, looked_up, pieces


def _titles(painter: QPainter, box: QRectF, row: TitleRow) -> None:
    for area, name in zip(_thirds(box), row.names, strict=True):
        _muted(painter, area, name)


def _word(painter: QPainter, box: QRectF, row: StoryRow) -> None:
    """A word of the whole text: as typed, as it is looked up, its pieces."""
    style, story = look.current(), row.story
    typed, looked_up, pieces = _thirds(box)
    painter.setPen(style.colour("text"))
    plain_text(painter, typed, visible(row.typed), style.mono())
    if story.fate is not Fate.SPECIAL:
        painter.setPen(style.colour("muted" if story.word == row.typed else "text"))
        plain_text(painter, looked_up, visible(story.word), style.mono())
    end = _boxes(painter, pieces, story.pieces, story.read)
    _muted(painter, pieces.adjusted(end - pieces.left(), 0, 0, 0), row.reason)
    paint_row_marks(painter, box, row.marks)


_PAINTERS: dict[type, Callable[[QPainter, QRectF, Any], None]] = {
    StepRow: _step,
    SplitRow: _split,
    TryRow: _try,
    FoldRow: _fold,
    ResultRow: _result,
    StoryRow: _word,
    RemarkRow: _sentence,
    TitleRow: _titles,
}
