"""The picture of the Mixer: for each part the numbers of one token over those of all tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from bertviz_app.analysis.labels import LETTERS, numbered
from bertviz_app.analysis.raster import Colouring, coloured
from bertviz_app.core.changes import PART_NAMES
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Scale
from bertviz_app.core.trace import Array
from bertviz_app.ui import look
from bertviz_app.ui.colours import image_of, signed_table
from bertviz_app.ui.parts.factor_slider import FactorSlider
from bertviz_app.ui.parts.mixer_layout import GUTTER, LABELS, Cell, MixerLayout
from bertviz_app.ui.parts.painting import (
    RIGHT,
    focus_ring,
    looks_mark,
    number_at,
    outline,
    plain_text,
)
from bertviz_app.ui.parts.signed_bar import SignedBar
from bertviz_app.ui.parts.token_picture import TokenPicture

BETWEEN = 8
"""Pixels between the two scales."""


@dataclass(frozen=True, eq=False)
class MixerPart:
    """One of the five parts.

    Attributes:
        name: what stands over it, at the left; `factor` how much of it is taken, written out.
        length: its length, written out; `share` its share of the sum, or empty.
        values: its numbers for all tokens (T, W).
        full: the size that is drawn in full colour.
    """

    name: str
    factor: str
    length: str
    share: str
    values: Array
    full: float


class MixerPicture(TokenPicture):
    """Five parts below each other, each with the strip of the token in question over all tokens.

    Attributes:
        sliders: over token, segment and position, for their factors.
        bars: below all, for the scale of the parts and the one of LayerNorm.

    Signals:
        tried(Cell | None): the mouse is over another number.
    """

    tried = Signal(object)

    keys = (Qt.Key.Key_Up, Qt.Key.Key_Down)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Parts of the embedding")
        self._parts: tuple[MixerPart, ...] = ()
        self._token = 0
        self._cell: Cell | None = None
        self._footer: tuple[str, ...] = ()
        self.sliders = tuple(FactorSlider(name, self) for name in PART_NAMES)
        self.bars = (SignedBar("parts, sum", self), SignedBar("LayerNorm", self))
        self._images: list[QImage] = []
        self._made_of: tuple[object, ...] = ()

    @property
    def current(self) -> int | None:
        return self._token

    def show_parts(
        self, snapshot: Snapshot, parts: Sequence[MixerPart], token: int, footer: Sequence[str] = ()
    ) -> None:
        """Show `parts`, with the lines of `footer` below them; the strips are those of `token`."""
        self.snapshot, self._parts, self._token = snapshot, tuple(parts), token
        self._footer = tuple(footer)
        of_parts = [(id(part.values), part.full) for part in parts]
        made_of = (look.current(), token, of_parts, len(footer))
        if made_of != self._made_of:  # a hover changes no number, so no image
            self._made_of = made_of
            self._lay_out()
        self.update()

    @property
    def areas(self) -> MixerLayout:
        """Where everything is; only while there are parts."""
        tokens, numbers = self._parts[0].values.shape
        lines = 1 + len(self._footer)
        return MixerLayout(self.width(), self.height(), len(self._parts), tokens, numbers, lines)

    def area_of(self, token: int) -> QRectF:
        return self.areas.row(0, token)

    def token_at(self, point: QPointF) -> int | None:
        cell = self._cell_at(point)
        return cell.token if cell is not None else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._try(self._cell_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._try(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._parts:
            areas = self.areas
            if not self._images:
                self._images = list(self._made_images(areas))
            for part in range(len(self._parts)):
                self._paint_words(painter, areas, part)
                strip, picture = self._images[2 * part : 2 * part + 2]
                painter.drawImage(areas.strip(part), strip)
                painter.drawImage(areas.map(part), picture)
                self._paint_labels(painter, areas, part)
                self._paint_marks(painter, areas, part)
            self._paint_footer(painter, areas)
        painter.end()
        if self.hasFocus():
            focus_ring(self)

    def _cell_at(self, point: QPointF) -> Cell | None:
        return self.areas.cell_at(point, self._token) if self._parts else None

    def _lay_out(self) -> None:
        """The sliders stand in the words over their parts, the scales under all pictures."""
        self._images = []
        if not self._parts:
            return
        areas, px = self.areas, look.current().px
        for part, slider in enumerate(self.sliders):
            slider.setGeometry(areas.slider(part).toRect())
        line = areas.line(0)
        left = line.left()
        for bar in self.bars:
            bar.move(round(left), round(line.top()))
            left += bar.width() + px(BETWEEN)

    def _made_images(self, areas: MixerLayout) -> Iterator[QImage]:
        colouring = Colouring(Scale.LINEAR, signed_table(look.current().theme), signed=True)
        ratio = self.devicePixelRatioF()
        for number, part in enumerate(self._parts):
            relative = part.values / np.float32(part.full)
            for values, area in (
                (relative[self._token : self._token + 1], areas.strip(number)),
                (relative, areas.map(number)),
            ):
                height, width = round(area.height() * ratio), round(area.width() * ratio)
                yield image_of(coloured(values, max(height, 1), max(width, 1), colouring))

    def _paint_words(self, painter: QPainter, areas: MixerLayout, number: int) -> None:
        style, part, line = look.current(), self._parts[number], areas.head(number)
        painter.setPen(style.colour("text"))
        plain_text(painter, line, part.name, style.sans(bold=True))
        plain_text(painter, areas.factor(number), part.factor, style.mono(), RIGHT)
        share = QRectF(line.right() - style.px(52), line.top(), style.px(52), line.height())
        plain_text(painter, share, part.share, style.mono(), RIGHT)
        point = line.right() - style.px(120)
        number_at(painter, point, line, part.length, style.mono())
        painter.setPen(style.colour("muted"))
        words = ((point - style.px(36), "length"), (share.left(), "share" if part.share else ""))
        for right, word in words:
            before = QRectF(right - style.px(60), line.top(), style.px(60), line.height())
            plain_text(painter, before, word, style.sans(), RIGHT)

    def _paint_labels(self, painter: QPainter, areas: MixerLayout, number: int) -> None:
        style, trace = look.current(), self.snapshot.trace
        if not areas.labelled or trace is None:
            return
        for token, piece in enumerate(numbered(trace.encoding.tokens, LETTERS)):
            row = areas.row(number, token)
            label = QRectF(style.px(GUTTER), row.top(), style.px(LABELS - GUTTER - 4), 0)
            label.setHeight(row.height())
            painter.setPen(style.colour("text" if token == self._token else "muted"))
            plain_text(painter, label, piece, style.mono(), RIGHT)

    def _paint_marks(self, painter: QPainter, areas: MixerLayout, number: int) -> None:
        """What is pinned, and what is under the mouse."""
        style, snapshot, preview = look.current(), self.snapshot, self.snapshot.preview
        query = style.colour("query")
        lit = preview.token if preview is not None else self.hovered
        if lit is not None and lit < areas.tokens:
            row = areas.row(number, lit)
            outline(painter, row.adjusted(-1, -1, 1, 1), query, 1)
        pinned = snapshot.state.selection.token is not None
        row, width = areas.row(number, self._token), 2 if pinned else 1
        outline(painter, row.adjusted(-width, -width, width, width), query, width)
        for area in (row, areas.strip(number)):
            mark = QPointF(style.px(GUTTER) / 2, area.center().y())
            looks_mark(painter, mark, style.px(7), query)

    def _paint_footer(self, painter: QPainter, areas: MixerLayout) -> None:
        style = look.current()
        painter.setPen(style.colour("muted"))
        for number, words in enumerate(self._footer):
            plain_text(painter, areas.line(number + 1), words, style.sans())

    def _try(self, cell: Cell | None) -> None:
        if cell != self._cell:
            self._cell = cell
            self.tried.emit(cell)
