"""The picture of Where words live: points in a plane, between two depths too, with their words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui import look
from bertviz_app.ui.parts.cloud import LABEL, Cloud, around, free_places
from bertviz_app.ui.parts.painting import CENTRE, focus_ring, outline, plain_text
from bertviz_app.ui.parts.token_picture import TokenPicture
from bertviz_app.ui.parts.vectors import Dot, Source, as_is_pairs, same_word

NEAR, RADIUS, EDGE = 12, 4, 32
"""How near the mouse must be, half the size of a point, and the free edge of the picture."""

MANY = 100
"""From so many points on they are half as large."""


class ScatterPicture(TokenPicture):
    """Points; those of the text are tokens, the others can be pointed at.

    Signals:
        tried(Dot | None): the mouse is over another point.
        kept(Dot): Ctrl click on a point of the text: keep its vector.
    """

    tried = Signal(object)
    kept = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Where the vectors of the tokens lie")
        self._cloud = Cloud()
        self._depth = 0.0
        self._dot: Dot | None = None
        self._resting: tuple[tuple[object, ...], QPixmap] | None = None

    def show_cloud(self, snapshot: Snapshot, cloud: Cloud, depth: float) -> None:
        """Show the points at a depth."""
        self.snapshot, self._cloud, self._depth = snapshot, cloud, depth
        if not cloud.dots:
            self._resting = None
        self.update()

    @property
    def cloud(self) -> Cloud:
        """What is shown."""
        return self._cloud

    def dot_at(self, point: QPointF) -> Dot | None:
        """The point nearest to one of this widget; of equal ones, one of the text."""
        best, found = float(look.current().px(NEAR)), None
        for dot, place in zip(self._cloud.dots, self._points(), strict=True):
            distance = QLineF(point, place).length()
            if distance < best:
                best, found = distance, dot
        return found

    def token_at(self, point: QPointF) -> int | None:
        dot = self.dot_at(point)
        return dot.token if dot is not None and dot.source is Source.TEXT else None

    def area_of(self, token: int) -> QRectF:
        for dot, place in zip(self._cloud.dots, self._points(), strict=True):
            if dot.source is Source.TEXT and dot.token == token:
                return self._box(place)
        return QRectF(self.rect())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._try(self.dot_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._try(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        dot = self.dot_at(event.position())
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and dot is not None and event.button() is Qt.MouseButton.LeftButton:
            if dot.source is Source.TEXT:
                self.kept.emit(dot)
        else:
            super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._resting_pixmap())
        for dot, point in zip(self._cloud.dots, self._points(), strict=True):
            if self._is_lit(dot):
                self._paint_lit(painter, dot, point)
        painter.end()
        if self.hasFocus():
            focus_ring(self)

    def _resting_pixmap(self) -> QPixmap:
        """All that no hover changes."""
        style, snapshot, ratio = look.current(), self.snapshot, self.devicePixelRatioF()
        pinned = snapshot.state.selection.token
        marked = (snapshot.token, snapshot.second, pinned, snapshot.trace)
        made_of = (self._cloud, self._depth, self.size(), ratio, style, *marked)
        if self._resting is not None and self._resting[0] == made_of:
            return self._resting[1]
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(style.colour("paper"))
        painter, points = QPainter(pixmap), self._points()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_lines(painter, points)
        self._paint_dots(painter, points)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        self._paint_labels(painter, points)
        painter.end()
        self._resting = made_of, pixmap
        return pixmap

    def _points(self) -> list[QPointF]:
        """Where all points are; what is not a number is in the middle."""
        middle, edge = QRectF(self.rect()).center(), look.current().px(EDGE)
        room = QSizeF(max(self.width() - 3 * edge, 1), max(self.height() - edge, 1))
        places = self._cloud.at(self._depth, room).tolist()
        return [QPointF(middle.x() - edge / 2 + x, middle.y() - y) for x, y in places]

    def _paint_lines(self, painter: QPainter, points: list[QPointF]) -> None:
        style = look.current()
        painter.setPen(QPen(style.colour("muted"), 1))
        pairs = same_word(self._cloud.dots)
        painter.drawLines([QLineF(points[one], points[other]) for one, other in pairs])
        painter.setPen(QPen(style.colour("change"), 1, Qt.PenStyle.DashLine))
        pairs = as_is_pairs(self._cloud.dots)
        painter.drawLines([QLineF(points[one], points[other]) for one, other in pairs])

    def _paint_dots(self, painter: QPainter, points: list[QPointF]) -> None:
        style, masks, token = look.current(), self._masks, self.snapshot.token
        radius = style.px(RADIUS if len(points) < MANY else RADIUS // 2)
        pens = {source: QPen(style.colour("text"), 1.5) for source in Source}
        pens[Source.KEPT] = QPen(style.colour("muted"), 1.5)
        paper = style.colour("paper")
        for dot, point in zip(self._cloud.dots, points, strict=True):
            painter.setPen(pens[dot.source])
            if dot.source is Source.TEXT:
                fill = "mask_fill" if dot.token in masks else "muted" if dot.added else "text"
                painter.setBrush(style.colour(fill))
            else:
                painter.setBrush(paper)
            if dot.source is Source.KEPT:
                painter.drawRect(self._box(point))
            else:
                painter.drawEllipse(point, radius, radius)
            if dot.source is Source.TEXT and dot.token == token:
                self._paint_ring(painter, point, radius + 3)

    def _paint_ring(self, painter: QPainter, point: QPointF, radius: int) -> None:
        """Around the token in question, twice as wide where it is pinned."""
        pinned = self.snapshot.state.selection.token is not None
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.current().colour("query"), 2 if pinned else 1))
        painter.drawEllipse(point, radius, radius)

    def _paint_labels(self, painter: QPainter, points: list[QPointF]) -> None:
        """Beside each point its word, the important ones first."""
        style, dots = look.current(), self._cloud.dots
        named = [at for at, dot in enumerate(dots) if dot.source is not Source.AS_IS]
        chosen = (self.snapshot.token, self.snapshot.second, *self._masks)
        sure = {at for at in named if _lateness(dots[at], chosen[:2]) == 0}
        order = sorted(named, key=lambda at: (at not in sure, _lateness(dots[at], chosen)))
        widths = [look.text_width(style.mono(), dot.label) + 2 for dot in dots]
        room = self.size().toSizeF()
        for number, area in free_places(points, widths, order, room, sure=sure).items():
            if number in sure:  # points may lie under it
                painter.fillRect(area, style.colour("paper"))
            muted = dots[number].source is Source.KEPT or dots[number].added
            painter.setPen(style.colour("muted" if muted else "text"))
            plain_text(painter, area, dots[number].label, style.mono())

    def _paint_lit(self, painter: QPainter, dot: Dot, point: QPointF) -> None:
        """The label of what is under the mouse, over all others."""
        style = look.current()
        wide = look.text_width(style.mono(bold=True), dot.label) + style.px(4)
        room = self.size().toSizeF()
        area = next(around(point, wide, room), QRectF(0, 0, room.width(), style.px(LABEL)))
        painter.fillRect(area, style.colour("paper"))
        outline(painter, area.adjusted(-2, -1, 2, 1), style.colour("query"), 1)
        painter.setPen(style.colour("text"))
        plain_text(painter, area, dot.label, style.mono(bold=True), CENTRE)

    def _is_lit(self, dot: Dot) -> bool:
        """Whether the mouse is over it, here or elsewhere."""
        preview = self.snapshot.preview
        hovered = preview is not None and preview.token == dot.token
        return dot == self._dot or (dot.source is Source.TEXT and hovered)

    @property
    def _masks(self) -> tuple[int, ...]:
        return self.trace.encoding.masks if self.trace is not None else ()

    def _box(self, point: QPointF) -> QRectF:
        radius = look.current().px(RADIUS)
        return QRectF(point.x() - radius, point.y() - radius, 2 * radius, 2 * radius)

    def _try(self, dot: Dot | None) -> None:
        if dot != self._dot:
            self._dot = dot
            self.tried.emit(dot)
            self.update()


def _lateness(dot: Dot, chosen: Sequence[int | None]) -> int:
    """How late a point gets its label: those chosen, the blanks among them, come first."""
    if dot.source is Source.KEPT:
        return 1
    return 0 if dot.token in chosen else 3 if dot.added else 2
