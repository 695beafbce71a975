"""The token strip: the text as BERT reads it, one box a piece, under the text."""

from __future__ import annotations

import html
from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPointF, QRectF
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui import look
from bertviz_app.ui.parts.painting import focus_ring
from bertviz_app.ui.parts.piece_roll import Roll
from bertviz_app.ui.parts.pieces import StripPiece, described, pieces
from bertviz_app.ui.parts.strip_picture import overview_area, paint_strip, token_in_overview
from bertviz_app.ui.parts.token_picture import TokenPicture

BELOW = 3
"""Free pixels below the overview."""

OVERVIEW_WORDS = (
    "The bar under the pieces is the whole text, a stripe a token: a click goes there. "
    "Colours in it are those of an open view."
)

NOTCH = 120
"""What Qt counts for one notch of a wheel."""


class TokenStrip(TokenPicture):
    """One own-painted line of boxes (or two in a high window) over an overview of all tokens.

    Only what is visible is painted. Wheel and selection scroll; a double click edits the text.
    Signals and keys are those of every picture of tokens.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tokenStrip")
        self.setAccessibleName("Pieces")
        self._roll = Roll()
        self._tints: Mapping[int, QColor] = {}
        self._made_of: tuple[object, ...] = ()
        self._marked: tuple[object, ...] = ()
        self._typed: tuple[str, str, int] | None = None
        self._most_lines = 1
        self._lay_out(())

    @property
    def most_lines(self) -> int:
        """Lines of boxes that a long text gets: one, or two in a high window."""
        return self._most_lines

    @most_lines.setter
    def most_lines(self, most: int) -> None:
        if most != self._most_lines:
            self._most_lines = most
            self._lay_out(self._roll.pieces)
            self._roll.bring(self.snapshot.token)

    @property
    def tints(self) -> Mapping[int, QColor]:
        """Colours of tokens in the overview, by their positions."""
        return self._tints

    @tints.setter
    def tints(self, tints: Mapping[int, QColor]) -> None:
        if tints != self._tints:
            self._tints = tints
            self.update()

    @property
    def readout(self) -> str:
        """What is to say of the token under the mouse, else of the one that looks."""
        token = self.hovered if self.hovered is not None else self.current
        return described(self.snapshot, token) if token is not None else ""

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the pieces of `snapshot`; what is typed, or a pin that has moved, is scrolled to."""
        before, self.snapshot = self.current, snapshot
        made_of = (snapshot.trace, snapshot.other, snapshot.state.hidden, look.current())
        if made_of != self._made_of:  # a hover changes no piece, and another run seldom does
            same_look = self._made_of[3:] == made_of[3:]
            self._made_of, found = made_of, pieces(snapshot)
            if found != self._roll.pieces or not same_look:
                self._lay_out(found)
        if self.hovered not in self._roll.places:
            self.hovered = None
        typed_before, self._typed = self._typed, _typed(snapshot)
        if self._typed is not None and self._typed != typed_before:
            self._roll.bring(self._typed[-1])
            self.update()
        elif self.current != before:
            self._roll.bring(self.current)
        self._describe()
        pinned = snapshot.state.selection.token is not None
        marked = (snapshot.token, pinned, snapshot.second, snapshot.preview, self.hovered)
        if marked != self._marked:
            self._marked = marked
            self.update()

    def hover(self, token: int | None) -> None:
        super().hover(token)
        self._describe()

    def area_of(self, token: int) -> QRectF:
        return self._roll.area(self._roll.places[token])

    def token_at(self, point: QPointF) -> int | None:
        if overview_area(self._roll).contains(point):
            return token_in_overview(self._roll, point)
        return self._roll.token_at(point)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y() or event.angleDelta().x()
        self._roll.turn(-turned / NOTCH)
        self.hover(self.token_at(event.position()))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out(self._roll.pieces)
        self._roll.bring(self.current)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            point = QPointF(event.pos())
            token = self.token_at(point)
            words = described(self.snapshot, token) if token is not None else ""
            if token is not None and overview_area(self._roll).contains(point):
                words = f"{words}. {OVERVIEW_WORDS}"
            tip = f"<qt>{html.escape(words)}</qt>" if words else ""
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_strip(painter, self._roll, self.snapshot, self.hovered, tints=self._tints)
        painter.end()
        if self.hasFocus():
            focus_ring(self)

    def _describe(self) -> None:
        parts = (self.readout, OVERVIEW_WORDS if self._roll.places else "")
        self.setAccessibleDescription(". ".join(part for part in parts if part))

    def _lay_out(self, found: tuple[StripPiece, ...]) -> None:
        self._roll.lay_out(found, self.width(), self._most_lines)
        below = look.current().px(BELOW)
        self.setFixedHeight(round(overview_area(self._roll).bottom()) + below)
        self.update()


def _typed(snapshot: Snapshot) -> tuple[str, str, int] | None:
    """The texts, once they are read as they stand, and the token before the text cursor."""
    trace, cursor = snapshot.trace, snapshot.state.cursor
    if trace is None or cursor is None or not snapshot.state.same_texts(trace.request):
        return None
    sentence, character = cursor
    token = trace.encoding.at(sentence, max(character - 1, 0))
    return (*snapshot.state.texts, token) if token is not None else None
