"""How a row that stands for tokens is marked: ▸ looks, ◂ is looked at, under the mouse."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui import look
from bertviz_app.ui.parts.painting import looked_at_mark, looks_mark, outline


@dataclass(frozen=True, slots=True)
class RowMarks:
    """What the tokens of a row are in the selection.

    Attributes:
        pinned: one is the token that looks; `rests` because nothing else was chosen.
        second: one is the token that is looked at.
        lit: the mouse is over one somewhere.
    """

    pinned: bool = False
    rests: bool = False
    second: bool = False
    lit: bool = False

    @classmethod
    def of(cls, snapshot: Snapshot, *positions: int) -> RowMarks:
        """The marks of the row that stands for the tokens at `positions`."""
        chosen, preview = snapshot.state.selection.token is not None, snapshot.preview
        looks = snapshot.token in positions
        return cls(
            pinned=looks and chosen,
            rests=looks and not chosen,
            second=snapshot.second in positions,
            lit=preview is not None and preview.token in positions,
        )

    @property
    def looks(self) -> bool:
        """Whether one is the token that looks, chosen or not."""
        return self.pinned or self.rests


UNMARKED = RowMarks()


def paint_row_marks(painter: QPainter, box: QRectF, marks: RowMarks) -> None:
    """Paint outlines and signs over a row."""
    style, middle = look.current(), box.center().y()
    query, key, size, at = style.colour("query"), style.colour("key"), style.px(7), style.px(9)
    if marks.second:
        outline(painter, box, key, 2)
        looked_at_mark(painter, QPointF(box.right() - at, middle), size, key)
    if marks.looks:
        outline(painter, box, query, 2 if marks.pinned else 1)
        looks_mark(painter, QPointF(box.left() + at, middle), size, query)
