"""The picture of Sizes: small pictures of all tokens over all layers, with the curve of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from bertviz_app.analysis.labels import LETTERS, numbered, placed
from bertviz_app.analysis.raster import Colouring, coloured
from bertviz_app.core.lens import Depth
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Scale
from bertviz_app.core.trace import Array
from bertviz_app.ui import look
from bertviz_app.ui.colours import image_of, ink_table, signed_table
from bertviz_app.ui.parts.lens_words import layer_name
from bertviz_app.ui.parts.painting import RIGHT, focus_ring, looks_mark, outline, plain_text
from bertviz_app.ui.parts.sizes_layout import (
    CURVE,
    FOOT,
    GUTTER,
    HEAD,
    LABELS,
    LINE,
    NUMBER,
    SizeCell,
    SizesLayout,
)
from bertviz_app.ui.parts.token_picture import TokenPicture

DOTTED = 13
"""Curves of at most this many points show them as dots."""


@dataclass(frozen=True, eq=False)
class Panel:
    """One small picture.

    Attributes:
        name: what stands over it.
        values: a number for each layer, the embedding first, and token (L + 1, T); NaN where
            there is none.
        full: the size that has full ink.
        signed: the numbers are cosines or differences.
    """

    name: str
    values: Array
    full: float
    signed: bool = False
    first: int = 0
    number: str = ""


class SizesPicture(TokenPicture):
    """Panels, in each the curve of one token over the picture of all.

    Signals:
        tried(SizeCell | None): the mouse is over another number.
    """

    tried = Signal(object)

    keys = (Qt.Key.Key_Up, Qt.Key.Key_Down)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Lengths of vectors in each layer")
        self._panels: tuple[Panel, ...] = ()
        self._token = 0
        self._cell: SizeCell | None = None
        self._images: list[QImage] = []
        self._made_of: tuple[object, ...] = ()

    @property
    def current(self) -> int | None:
        return self._token

    def show_panels(self, snapshot: Snapshot, panels: Sequence[Panel], token: int) -> None:
        """Show `panels`; the curves are those of `token`."""
        self.snapshot, self._token = snapshot, token
        made_of = (look.current(), [(id(panel.values), panel.full) for panel in panels])
        if made_of != self._made_of:  # a hover changes no number, so no image
            self._made_of, self._images = made_of, []
        self._panels = tuple(panels)
        self.update()

    @property
    def layout_now(self) -> SizesLayout:
        """Where everything stands."""
        layers, tokens = self._panels[0].values.shape if self._panels else (0, 0)
        return SizesLayout(len(self._panels), layers, tokens, QSizeF(self.size()))

    def area_of(self, token: int) -> QRectF:
        return self.layout_now.row_area(0, token)

    def token_at(self, point: QPointF) -> int | None:
        cell = self.cell_at(point)
        return cell.token if cell is not None else None

    def cell_at(self, point: QPointF) -> SizeCell | None:
        """The token and the layer at a point of a picture, or of a curve."""
        return self.layout_now.cell_at(point, self._token)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._try(self.cell_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._try(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._images = []

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._panels and not self._images:
            self._images = list(self._made_images())
        for number, panel in enumerate(self._panels):
            self._paint_words(painter, number, panel)
            painter.drawImage(self.layout_now.map_area(number), self._images[number])
            self._paint_curve(painter, number, panel)
            self._paint_marks(painter, number)
        painter.end()
        if self.hasFocus():
            focus_ring(self)

    def _made_images(self) -> Iterator[QImage]:
        ratio, theme = self.devicePixelRatioF(), look.current().theme
        for number, panel in enumerate(self._panels):
            table = signed_table(theme) if panel.signed else ink_table(theme)
            values = panel.values / np.float32(panel.full or 1)
            area = self.layout_now.map_area(number)
            size = max(round(area.height() * ratio), 1), max(round(area.width() * ratio), 1)
            scale = Scale.LINEAR if panel.signed else Scale.ROOT
            colouring = Colouring(scale, table, signed=panel.signed)
            yield image_of(coloured(np.ascontiguousarray(values.T), *size, colouring))

    def _paint_words(self, painter: QPainter, number: int, panel: Panel) -> None:
        style, area = look.current(), self.layout_now.map_area(number)
        first = self.snapshot.options.first_number
        head = QRectF(area.left(), area.top() - style.px(CURVE + HEAD), area.width(), 0)
        head.setHeight(style.px(HEAD))
        painter.setPen(style.colour("text"))
        plain_text(painter, head, panel.name, style.sans(bold=True))
        foot = QRectF(area.left(), area.bottom(), area.width(), style.px(FOOT))
        painter.setPen(style.colour("muted"))
        plain_text(painter, foot, layer_name(Depth(0), first), style.sans())
        plain_text(
            painter, foot, layer_name(Depth(self.layout_now.layers - 1), first), style.sans(), RIGHT
        )
        if self.layout_now.labelled and self.layout_now.slot(number)[1] == 0:
            self._paint_labels(painter, area)

    def _paint_labels(self, painter: QPainter, area: QRectF) -> None:
        style, trace = look.current(), self.snapshot.trace
        if trace is None:
            return
        names = numbered(trace.encoding.tokens, LETTERS)
        first = (self._token, *trace.encoding.masks, *trace.encoding.added)
        for token, middle in placed(
            self.layout_now.tokens, area.height(), style.px(LINE), first, self._token
        ).items():
            top = area.top() + middle - style.px(LINE) / 2
            label = QRectF(style.px(GUTTER), top, style.px(LABELS - GUTTER - 6), style.px(LINE))
            painter.setPen(style.colour("text" if token == self._token else "muted"))
            plain_text(painter, label, names[token], style.mono(), RIGHT)

    def _paint_curve(self, painter: QPainter, number: int, panel: Panel) -> None:
        """The numbers of the token in question, each curve as high as there is room."""
        style, area = look.current(), self.layout_now.map_area(number)
        room = QRectF(area.left(), area.top() - style.px(CURVE), area.width(), style.px(CURVE - 4))
        painter.fillRect(room, style.colour("paper"))
        line = QRectF(room.left(), room.top(), room.width() - style.px(2), style.px(NUMBER))
        painter.setPen(style.colour("text"))
        plain_text(painter, line, panel.number, style.mono(), RIGHT)
        points = self._curve(panel, room.adjusted(0, style.px(NUMBER + 2), 0, -style.px(3)))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(style.colour("query"), 1.5))
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(style.colour("query"))
        painter.setPen(Qt.PenStyle.NoPen)
        for point in points if self.layout_now.layers <= DOTTED else ():
            painter.drawEllipse(point, style.px(2), style.px(2))
        painter.restore()

    def _curve(self, panel: Panel, room: QRectF) -> list[QPointF]:
        """The points of a curve: 0 at the bottom of `room`, in its middle if there are signs."""
        values = panel.values[panel.first :, self._token]
        largest = float(np.max(np.abs(values), where=np.isfinite(values), initial=0)) or 1.0
        zero, height = room.bottom(), room.height()
        if panel.signed:
            zero, height = room.center().y(), room.height() / 2
        step = room.width() / self.layout_now.layers
        return [
            QPointF(room.left() + (layer + 0.5) * step, zero - value / largest * height)
            for layer, value in enumerate(values.tolist(), panel.first)
            if np.isfinite(value)
        ]

    def _paint_marks(self, painter: QPainter, number: int) -> None:
        style, preview = look.current(), self.snapshot.preview
        query = style.colour("query")
        lit = preview.token if preview is not None else self.hovered
        if lit is not None and lit < self.layout_now.tokens:
            outline(painter, self.layout_now.row_area(number, lit).adjusted(-1, -1, 1, 1), query, 1)
        row, pinned = (
            self.layout_now.row_area(number, self._token),
            self.snapshot.state.selection.token,
        )
        width = 2 if pinned is not None else 1
        outline(painter, row.adjusted(-width, -width, width, width), query, width)
        if self.layout_now.slot(number)[1] == 0:
            mark = QPointF(style.px(GUTTER) / 2, row.center().y())
            looks_mark(painter, mark, style.px(7), query)
        if self._cell is not None:
            area = self.layout_now.map_area(number)
            wide = area.width() / self.layout_now.layers
            left = area.left() + self._cell.layer * wide
            column = QRectF(left, area.top() - style.px(CURVE), wide, 0)
            column.setBottom(area.bottom())
            outline(painter, column, style.colour("muted"), 1)

    def _try(self, cell: SizeCell | None) -> None:
        if cell != self._cell:
            self._cell = cell
            self.tried.emit(cell)
            self.update()
