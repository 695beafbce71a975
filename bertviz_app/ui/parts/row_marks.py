"""How a row that stands for a token is marked: ▸ looks, ◂ is looked at, under the mouse."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui import look
from bertviz_app.ui.parts.painting import looked_at_mark, looks_mark, outline


@dataclass(frozen=True, slots=True)
class RowMarks:
    """What a token is in the selection.

    Attributes:
        pinned: it is the token that looks; `rests` because nothing else was chosen.
        second: it is the token that is looked at.
        lit: the mouse is over it somewhere.
    """

    pinned: bool = False
    rests: bool = False
    second: bool = False
    lit: bool = False

    @classmethod
    def of(cls, snapshot: Snapshot, position: int) -> RowMarks:
        """The marks of the token at `position`."""
        chosen, preview = snapshot.state.selection.token is not None, snapshot.preview
        return cls(
            pinned=position == snapshot.token and chosen,
            rests=position == snapshot.token and not chosen,
            second=position == snapshot.second,
            lit=preview is not None and position == preview.token,
        )


UNMARKED = RowMarks()


def paint_row_marks(painter: QPainter, box: QRectF, marks: RowMarks) -> None:
    """Paint outlines and signs over a row."""
    style, middle = look.current(), box.center().y()
    query, key, size, at = style.colour("query"), style.colour("key"), style.px(7), style.px(9)
    if marks.second:
        outline(painter, box, key, 2)
        looked_at_mark(painter, QPointF(box.right() - at, middle), size, key)
    if marks.pinned or marks.rests:
        outline(painter, box, query, 2 if marks.pinned else 1)
        looks_mark(painter, QPointF(box.left() + at, middle), size, query)
