"""The rows of Pieces: one a token, with its id, its place, and the word it was cut from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.core.encoding import Span
from bertviz_app.core.text import word_of
from bertviz_app.core.trace import Trace
from bertviz_app.ui import look, numbers
from bertviz_app.ui.parts.painting import LEFT, RIGHT, hover_tint, outline, plain_text
from bertviz_app.ui.parts.pieces import sentence_of
from bertviz_app.ui.parts.row_head import ColumnPainter
from bertviz_app.ui.parts.row_list import Row
from bertviz_app.ui.parts.row_marks import UNMARKED, RowMarks, paint_row_marks

HEIGHT, WIDEST = 20, 640
"""Height of a row, and how far its columns spread at most."""


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What is known of one token, whatever is chosen.

    Attributes:
        position: which token.
        piece: the token as the vocabulary writes it, with its `id`.
        letter: A or B, the sentence it stands in or at the end of.
        added: it was put around the sentences, not typed.
        blank: it is a [MASK].
        span: its characters in its sentence.
        word: the word these were typed in, and `letters`, which of them they are, from 1.
    """

    position: int
    piece: str
    id: int
    letter: str
    added: bool
    blank: bool = False
    span: Span = (0, 0)
    word: str = ""
    letters: Span = (0, 0)

    @property
    def spoken(self) -> str:
        """The readout of this token."""
        text = f"{isolated(visible(self.piece))}: id {self.id}, position {self.position}"
        if self.added:
            return f"{text}, {'put before the text' if self.position == 0 else self._end}"
        first, last = self.letters
        which = f"letter {first}" if first == last else f"letters {first}–{last}"
        return f"{text}, {which} of “{isolated(visible(self.word))}”"

    @property
    def characters(self) -> str:
        """The numbers of its first and last character, from 1; empty if it was added."""
        start, end = self.span
        if self.added:
            return ""
        return f"{start + 1}–{end}" if end - start > 1 else f"{start + 1}"

    @property
    def _end(self) -> str:
        return f"put at the end of sentence {self.letter}"


@dataclass(frozen=True, slots=True)
class PieceRow:
    """One token, and what it is in the selection."""

    facts: TokenFacts
    marks: RowMarks = UNMARKED

    choosable = True

    @property
    def spoken(self) -> str:
        """The row in words."""
        return self.facts.spoken


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """What of a sentence found no room."""

    pieces: int
    letter: str

    choosable = False

    @property
    def spoken(self) -> str:
        """The row in words."""
        return f"{numbers.count(self.pieces)} pieces of {self.letter} not read"


def token_facts(trace: Trace) -> tuple[TokenFacts, ...]:
    """What is known of each of the T tokens."""
    encoding, texts = trace.encoding, (trace.request.text, trace.request.pair)
    found = []
    for position, (piece, number, sentence, span) in enumerate(
        zip(encoding.tokens, encoding.ids, encoding.sentences, encoding.spans, strict=True)
    ):
        letter = "AB"[sentence_of(encoding, position)]
        if sentence is None:
            found.append(TokenFacts(position, piece, number, letter, added=True))
            continue
        text, blank = texts[sentence], position in encoding.masks
        where = word_of(text, span[0], piece if blank else "[MASK]") or span
        letters = (span[0] - where[0] + 1, max(span[1] - where[0], span[0] - where[0] + 1))
        word = text[slice(*where)]
        found.append(TokenFacts(position, piece, number, letter, False, blank, span, word, letters))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class PieceColumns:
    """Where everything stands in a row, as x in pixels: (left, right)."""

    piece: tuple[int, int]
    id: tuple[int, int]
    letter: tuple[int, int]
    position: tuple[int, int]
    span: tuple[int, int]
    word: tuple[int, int]

    @classmethod
    def of(cls, width: int, longest: float, widest: float) -> PieceColumns:
        """The columns of rows `width` wide whose longest piece and span take so many pixels."""
        px = look.current().px
        width, gap = min(width, px(WIDEST)), px(12)
        left = px(16)
        piece = (left, left + round(min(max(longest + 2, px(72)), 0.34 * width)))
        ends = [piece[1]]
        for wide in (px(48), px(26), px(30), max(px(62), round(widest + 2))):
            ends.append(ends[-1] + gap + wide)
        number, letter, position, span = ((left + gap, right) for left, right in pairwise(ends))
        word = (ends[-1] + gap, max(width - px(16), ends[-1] + gap))
        return cls(piece, number, letter, position, span, word)


class PiecePainter(ColumnPainter):
    """Paints a row: piece, id, sentence, position, characters, word."""

    def __init__(self) -> None:
        super().__init__()
        self._longest = self._span = 0.0

    def arrange(self, tokens: Sequence[TokenFacts]) -> None:
        """Lay out the columns for these tokens."""
        longest = max((visible(token.piece) for token in tokens), key=len, default="")
        span = max((token.characters for token in tokens), key=len, default="")
        self._longest, self._span = (
            look.text_width(look.current().mono(), text) for text in (longest, span)
        )

    def _columns(self, width: float) -> PieceColumns:
        return PieceColumns.of(round(width), self._longest, self._span)

    def row_height(self, row: Row) -> int:
        return look.current().px(HEIGHT)

    def paint_head(self, painter: QPainter, box: QRectF) -> None:
        style, columns = look.current(), self._columns(box.width())
        painter.setPen(style.colour("muted"))
        for where, words, right in (
            (columns.piece, "piece", False),
            (columns.id, "id", True),
            (columns.letter, "A/B", False),
            (columns.position, "at", True),
            (columns.span, "characters", True),
            (columns.word, "of the word", False),
        ):
            _write(painter, box, where, words, right=right, mono=False)

    def paint_row(self, painter: QPainter, area: QRect, row: Row, *, hovered: bool) -> None:
        style, box, columns = look.current(), QRectF(area), self._columns(area.width())
        if isinstance(row, UnreadRow):
            painter.setPen(style.colour("muted"))
            _write(painter, box, (columns.piece[0], columns.word[1]), row.spoken, mono=False)
        elif isinstance(row, PieceRow):
            if hovered or row.marks.lit:
                painter.fillRect(box, hover_tint())
            self._paint_token(painter, box, columns, row.facts)
            paint_row_marks(painter, box, row.marks)

    @staticmethod
    def _paint_token(
        painter: QPainter, box: QRectF, columns: PieceColumns, token: TokenFacts
    ) -> None:
        style = look.current()
        if token.blank:
            _paint_blank(painter, box, columns.piece, token)
        painter.setPen(style.colour(_ink(token)))
        _write(painter, box, columns.piece, visible(token.piece))
        painter.setPen(style.colour("muted" if token.added else "text"))
        _write(painter, box, columns.id, str(token.id), right=True)
        _write(painter, box, columns.letter, token.letter)
        _write(painter, box, columns.position, str(token.position), right=True)
        if not token.added:
            _write(painter, box, columns.span, token.characters, right=True)
            goes_on = token.letters[0] > 1
            painter.setPen(style.colour("muted" if goes_on else "text"))
            _write(painter, box, columns.word, visible(token.word))


def _ink(token: TokenFacts) -> str:
    if token.blank:
        return "mask_text"
    return "muted" if token.added else "text"


def _paint_blank(painter: QPainter, box: QRectF, where: tuple[int, int], token: TokenFacts) -> None:
    """The yellow of a [MASK] with its dashed edge, behind its letters."""
    style = look.current()
    wide = min(look.text_width(style.mono(), visible(token.piece)), where[1] - where[0])
    area = QRectF(where[0] - style.px(3), box.top() + 2, wide + style.px(6), box.height() - 4)
    painter.fillRect(area, style.colour("mask_fill"))
    outline(painter, area, style.colour("mask_edge"), 1, Qt.PenStyle.DashLine)


def _write(
    painter: QPainter,
    box: QRectF,
    where: tuple[int, int],
    text: str,
    *,
    right: bool = False,
    mono: bool = True,
) -> None:
    style = look.current()
    area = QRectF(box.left() + where[0], box.top(), where[1] - where[0], box.height())
    font = style.mono() if mono else style.sans()
    plain_text(painter, area, text, font, RIGHT if right else LEFT)
