"""The rows of Which words mattered: what each word gives a logit, and how that is painted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QPainter

from bertviz_app.analysis.scales import codes, full_of
from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.core.questions.attribution import AttributionAnswer, Contribution
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.trace import Trace
from bertviz_app.ui import look, numbers
from bertviz_app.ui.colours import signed_table
from bertviz_app.ui.parts.painting import hover_tint, number_at, paint_signed_bar, plain_text
from bertviz_app.ui.parts.row_list import Row, RowPainter
from bertviz_app.ui.parts.row_marks import UNMARKED, RowMarks, paint_row_marks
from bertviz_app.ui.parts.target_word import TargetWord

HEIGHT, WIDEST = 20, 640
"""Height of a row, and how far its columns spread at most."""


@dataclass(frozen=True, slots=True)
class ContributionRow:
    """One token, or one word whose pieces were masked together.

    Attributes:
        tokens: the positions it stands for.
        piece: how it is written.
        value: what it gives the logit.
        full: the size whose bar is full.
        readout: what is said of it.
        marks: what they are in the selection.
    """

    tokens: tuple[int, ...]
    piece: str
    value: float
    full: float
    readout: str
    marks: RowMarks = UNMARKED

    choosable = True

    @property
    def spoken(self) -> str:
        """The readout of this row."""
        return self.readout


def contribution_rows(
    snapshot: Snapshot, trace: Trace, target: TargetWord, answer: AttributionAnswer
) -> tuple[ContributionRow, ...]:
    """One row for each contribution, in the order of the text."""
    full = full_of(one.value for one in answer.contributions)
    whole = in_all(answer)

    def row(contribution: Contribution) -> ContributionRow:
        pieces = [trace.encoding.tokens[at] for at in contribution.tokens]
        piece = visible(pieces[0] + "".join(piece.removeprefix("##") for piece in pieces[1:]))
        value = numbers.signed(contribution.value)
        readout = f"{isolated(piece)}: {value} of {logit_words(target)}; {whole}"
        marks = RowMarks.of(snapshot, *contribution.tokens)
        return ContributionRow(contribution.tokens, piece, contribution.value, full, readout, marks)

    return tuple(map(row, answer.contributions))


def logit_words(target: TargetWord) -> str:
    """What the contributions are parts of."""
    logit = f"the logit of {target.shown}"
    return logit if target.against is None else f"the change of {logit}"


def in_all(answer: AttributionAnswer) -> str:
    """What all contributions come to, what they are held against, and the gap between."""
    together, whole = numbers.signed(answer.together), numbers.signed(answer.whole)
    return f"together {together} of {whole}, gap {numbers.signed(answer.gap)}"


def contribution_tints(answer: AttributionAnswer) -> dict[int, QColor]:
    """The signed colour of each token whose contribution is known."""
    known = answer.contributions
    full = full_of(one.value for one in known)
    inks = codes(np.array([one.value / full for one in known], np.float32), signed=True)
    colours = map(QColor.fromRgb, signed_table(look.current().theme)[inks].tolist())
    return {at: tint for one, tint in zip(known, colours, strict=True) for at in one.tokens}


class ContributionPainter(RowPainter):
    """Paints a row: piece, number, and a bar to the right of the middle line, or to the left."""

    def __init__(self) -> None:
        super().__init__()
        self._longest = 0.0

    def arrange(self, rows: Sequence[ContributionRow] | Iterable[ContributionRow]) -> None:
        """Lay out the columns for these words."""
        font = look.current().mono()
        self._longest = max((look.text_width(font, row.piece) for row in rows), default=0.0)

    def row_height(self, row: Row) -> int:
        return look.current().px(HEIGHT)

    def paint_row(self, painter: QPainter, area: QRect, row: Row, *, hovered: bool) -> None:
        if not isinstance(row, ContributionRow):
            return
        style, box = look.current(), QRectF(area)
        px, wide = style.px, min(float(area.width()), style.px(WIDEST))
        if hovered or row.marks.lit:
            painter.fillRect(box, hover_tint())
        painter.setPen(style.colour("text"))
        piece = QRectF(
            box.left() + px(18), box.top(), min(self._longest + 2, 0.4 * wide), px(HEIGHT)
        )
        plain_text(painter, piece, row.piece, style.mono())
        number = QRectF(piece.right() + px(8), box.top(), px(64), px(HEIGHT))
        number_at(painter, number.left() + px(24), number, numbers.signed(row.value), style.mono())
        bars = QRectF(
            number.right(), box.top(), box.left() + wide - px(18) - number.right(), px(HEIGHT)
        )
        paint_signed_bar(painter, bars, row.value / row.full)
        paint_row_marks(painter, box, row.marks)
