"""A picture of who looks at whom: what its map, its pins, its mouse and its keys have in common."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QScrollBar, QWidget

from bertviz_app.analysis.heads import HeadMap
from bertviz_app.core.state import Pick
from bertviz_app.ui import look
from bertviz_app.ui.parts.canvas import CONTROL, SHIFT, Canvas, is_plain
from bertviz_app.ui.parts.map_layout import CellLine, Cross
from bertviz_app.ui.parts.map_moves import pick_of, stepped, token_of
from bertviz_app.ui.parts.painting import CENTRE, plain_text

ALL_FOLDED = "Everything here is folded."

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CrossCanvas(Canvas):
    """Rows look, columns are looked at; `cross_at` and `enlarge` are to write, and the painting.

    Attributes:
        hovered: the row and column under the mouse.

    Signals:
        picked(Pick): two tokens that meet, or the token of a label, were kept.
        previewed(Pick | None): the mouse is over something else, or has left.
        pointed(): `hovered` is different.
        hidden(int, bool): hide the word of a token; with True, one [MASK] a piece.
        menu_wanted(int | None, QPoint): the menu of a label's token, or of the head, was asked
            for at a point of the screen.
    """

    picked = Signal(object)
    previewed = Signal(object)
    pointed = Signal()
    hidden = Signal(int, bool)
    menu_wanted = Signal(object, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hovered = Cross()
        self._point: QPointF | None = None
        self._shown: HeadMap | None = None
        self._words = ""
        self._pinned = Cross()
        self._tried = Cross()

    def cross_at(self, point: QPointF | None) -> Cross:
        """What is at a point of the viewport: a label, or where a row and a column meet."""
        raise NotImplementedError

    def enlarge(self, notches: float, point: QPointF) -> None:
        """Make the cells larger or smaller; what is at `point` of the viewport stays there."""
        raise NotImplementedError

    def hold(self, shown: HeadMap, pinned: Pick, tried: Pick | None) -> bool:
        """Take over a map, and what is kept and hovered elsewhere; True if the pin has moved."""
        before, fold = self._pinned, shown.fold
        self._shown, self._words = shown, ""
        self._pinned = Cross(fold.row(pinned.token), fold.row(pinned.second))
        self._tried = Cross()
        if tried is not None:
            self._tried = Cross(fold.row(tried.token), fold.row(tried.second))
        return self._pinned != before

    def say(self, words: str) -> None:
        """Show a sentence instead of a map."""
        self.forget()
        self._words = words
        self.viewport().update()

    def forget(self) -> None:
        """Show nothing, and hover nothing."""
        self._words = ""
        self._shown = self._point = None
        if self.hovered != Cross():
            self.hovered = Cross()
            self.previewed.emit(None)

    @property
    def tried(self) -> Cross:
        """What is hovered here or, if nothing is, in another picture."""
        return self.hovered if self.hovered != Cross() else self._tried

    def paint_words(self, painter: QPainter) -> None:
        """Say why there is nothing to see."""
        words = ALL_FOLDED if self._shown is not None else self._words
        painter.setPen(look.current().colour("muted"))
        area = QRectF(self.viewport().rect())
        plain_text(painter, area, words, look.current().sans(), CENTRE)

    def point_at(self, point: QPointF | None) -> None:
        self._point = point
        found = self.cross_at(point)
        if found == self.hovered:
            return
        self.hovered = found
        if self._shown is None or found == Cross():
            self.previewed.emit(None)
        else:
            self.previewed.emit(pick_of(self._shown, found))
        self.pointed.emit()
        self.viewport().update()

    def open_menu(self, point: QPointF | None, where: QPoint) -> None:
        if self._shown is None:
            return
        if point is None:
            where = self.viewport().mapToGlobal(self.viewport().rect().center())
        self.menu_wanted.emit(token_of(self._shown, self.cross_at(point)), where)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.point_at(event.position())
        if event.button() is not Qt.MouseButton.LeftButton or self._shown is None:
            return
        pick = pick_of(self._shown, self.hovered)
        if event.modifiers() & CONTROL and self.hovered.column is None:
            pick = Pick(second=pick.token)
        if pick != Pick():
            self.picked.emit(pick)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & CONTROL:
            self.enlarge(event.angleDelta().y() / 120, event.position())
            event.accept()
        else:
            super().wheelEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._shown is None:
            return
        token = token_of(self._shown, self.cross_at(event.position()))
        if token is not None:
            self.hidden.emit(token, bool(event.modifiers() & SHIFT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shown, row = self._shown, self._pinned.row
        if shown is None or not shown.fold.rows:
            event.ignore()
        elif event.key() in ENTER and row is not None and not event.modifiers() & CONTROL:
            self.hidden.emit(shown.fold.kept[row], bool(event.modifiers() & SHIFT))
        elif not is_plain(event) or (to := stepped(shown, self._pinned, event.key())) is None:
            event.ignore()
        else:
            self.picked.emit(pick_of(shown, to))


def bring_into_sight(bar: QScrollBar, line: CellLine, cell: int | None) -> None:
    """Scroll as little as shows a cell of a line."""
    if cell is not None:
        first, after = line.span(cell)
        bar.setValue(bar.value() + min(first - line.start, max(after - line.end, 0)))


def keep_in_place(bar: QScrollBar, at: float, old: CellLine, new: CellLine) -> None:
    """Scroll so that what stood at `at` of the old line stands there in the new one."""
    along = (at - old.start + old.offset) / old.length
    bar.setValue(round(along * new.length - (at - new.start)))
