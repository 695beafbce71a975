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

HEAD, STRIP, APART, GAP = 18, 12, 2, 8
"""Heights: the words over a part, its strip, between strip and picture, between two parts."""

GUTTER, LABELS = 12, 96
"""Width left of the pictures: for ▸ alone, and for labels too."""

SLIDER_LEFT, SLIDER, SLIDER_LEAST = 80, 120, 40
"""Where the sliders begin; how wide they are, and at least."""

FACTOR, WORDS = 44, 212
"""Width of a factor, and of length and share."""

LABELLED, HIGHEST = 14, 24
"""Rows of this height get labels; no row is higher."""


@dataclass(frozen=True, eq=False)
class Part:
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


@dataclass(frozen=True, slots=True)
class Cell:
    """A number: of which token, and which of the W."""

    token: int
    number: int


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
        self._parts: tuple[Part, ...] = ()
        self._token = 0
        self._cell: Cell | None = None
        self._footer: tuple[str, ...] = ()
        self.sliders = tuple(FactorSlider(name, self) for name in PART_NAMES)
        self.bars = (SignedBar("parts, sum", self), SignedBar("LayerNorm", self))
        self._areas: list[tuple[QRectF, QRectF]] = []
        self._images: list[QImage] = []
        self._made_of: tuple[object, ...] = ()

    @property
    def current(self) -> int | None:
        return self._token

    def show_parts(
        self, snapshot: Snapshot, parts: Sequence[Part], token: int, footer: Sequence[str] = ()
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

    def strip_area(self, part: int) -> QRectF:
        """Where the strip of a part is."""
        return self._areas[part][0]

    def map_area(self, part: int) -> QRectF:
        """Where the numbers of all tokens are."""
        return self._areas[part][1]

    def row_area(self, part: int, token: int) -> QRectF:
        """Where the numbers of one token are in the picture of a part."""
        area = self.map_area(part)
        height = area.height() / self._count
        return QRectF(area.left(), area.top() + token * height, area.width(), height)

    def area_of(self, token: int) -> QRectF:
        return self.row_area(0, token)

    def token_at(self, point: QPointF) -> int | None:
        cell = self.cell_at(point)
        return cell.token if cell is not None else None

    def cell_at(self, point: QPointF) -> Cell | None:
        """The number at a point, in a strip or in a picture."""
        for part, content in enumerate(self._parts):
            for area, of_all in ((self.strip_area(part), False), (self.map_area(part), True)):
                if not area.contains(point):
                    continue
                count, width = content.values.shape
                number = int((point.x() - area.left()) / area.width() * width)
                row = int((point.y() - area.top()) / area.height() * count)
                token = min(row, count - 1) if of_all else self._token
                return Cell(token, min(number, width - 1))
        return None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._try(self.cell_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._try(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._parts and not self._images:
            self._images = list(self._made_images())
        for part, content in enumerate(self._parts):
            self._paint_words(painter, part, content)
            strip, picture = self._images[2 * part : 2 * part + 2]
            painter.drawImage(self.strip_area(part), strip)
            painter.drawImage(self.map_area(part), picture)
            self._paint_rows(painter, part)
        self._paint_footer(painter)
        painter.end()
        if self.hasFocus():
            focus_ring(self)

    @property
    def _count(self) -> int:
        return len(self._parts[0].values)

    @property
    def _labelled(self) -> bool:
        return self.map_area(0).height() / self._count >= look.current().px(LABELLED)

    def _lay_out(self) -> None:
        """Give each part an even share of the height, and its pictures what its words leave."""
        px, parts = look.current().px, len(self._parts)
        self._areas, self._images = [], []
        if not parts:
            return
        above, below = px(HEAD) + px(STRIP) + px(APART), px(HEAD) * (1 + len(self._footer))
        free = (self.height() - below - (parts - 1) * px(GAP)) // parts - above
        height = max(min(free, self._count * px(HIGHEST)), 1)
        left = px(LABELS if height >= self._count * px(LABELLED) else GUTTER)
        for part in range(parts):
            top = part * (above + height + px(GAP)) + px(HEAD)
            strip = QRectF(left, top, self.width() - left - px(4), px(STRIP))
            picture = QRectF(left, strip.bottom() + px(APART), strip.width(), height)
            self._areas.append((strip, picture))
        self._place_controls()

    def _place_controls(self) -> None:
        """The sliders stand in the words over their parts, the scales under all pictures."""
        px = look.current().px
        wide = min(px(SLIDER), self.width() - px(SLIDER_LEFT + FACTOR + WORDS))
        for part, slider in enumerate(self.sliders):
            top = self.strip_area(part).top() - px(HEAD)
            slider.setGeometry(px(SLIDER_LEFT), round(top), max(wide, px(SLIDER_LEAST)), px(HEAD))
        left, top = px(4), round(self.map_area(-1).bottom()) + 1
        for bar in self.bars:
            bar.move(left, top)
            left += bar.width() + px(GAP)

    def _made_images(self) -> Iterator[QImage]:
        colouring = Colouring(Scale.LINEAR, signed_table(look.current().theme), signed=True)
        ratio = self.devicePixelRatioF()
        for number, part in enumerate(self._parts):
            relative = part.values / np.float32(part.full)
            for values, area in (
                (relative[self._token : self._token + 1], self.strip_area(number)),
                (relative, self.map_area(number)),
            ):
                height, width = round(area.height() * ratio), round(area.width() * ratio)
                yield image_of(coloured(values, max(height, 1), max(width, 1), colouring))

    def _paint_words(self, painter: QPainter, number: int, part: Part) -> None:
        style, strip = look.current(), self.strip_area(number)
        if number < len(self.sliders):
            beside = QRectF(self.sliders[number].geometry())
            beside.setLeft(beside.right())
            beside.setWidth(style.px(FACTOR))
            painter.setPen(style.colour("text"))
            plain_text(painter, beside, part.factor, style.mono(), RIGHT)
        line = QRectF(style.px(4), strip.top() - style.px(HEAD), self.width() - style.px(8), 0)
        line.setBottom(strip.top())
        painter.setPen(style.colour("text"))
        plain_text(painter, line, part.name, style.sans(bold=True))
        share = QRectF(line.right() - style.px(52), line.top(), style.px(52), line.height())
        plain_text(painter, share, part.share, style.mono(), RIGHT)
        point = line.right() - style.px(120)
        number_at(painter, point, line, part.length, style.mono())
        painter.setPen(style.colour("muted"))
        words = ((point - style.px(36), "length"), (share.left(), "share" if part.share else ""))
        for right, word in words:
            before = QRectF(right - style.px(60), line.top(), style.px(60), line.height())
            plain_text(painter, before, word, style.sans(), RIGHT)

    def _paint_rows(self, painter: QPainter, number: int) -> None:
        """Labels where there is room, and what is pinned or under the mouse."""
        style, snapshot = look.current(), self.snapshot
        if self._labelled and snapshot.trace is not None:
            for token, piece in enumerate(numbered(snapshot.trace.encoding.tokens, LETTERS)):
                row = self.row_area(number, token)
                label = QRectF(style.px(GUTTER), row.top(), style.px(LABELS - GUTTER - 4), 0)
                label.setHeight(row.height())
                painter.setPen(style.colour("text" if token == self._token else "muted"))
                plain_text(painter, label, piece, style.mono(), RIGHT)
        self._paint_marks(painter, number)

    def _paint_marks(self, painter: QPainter, number: int) -> None:
        style, snapshot, preview = look.current(), self.snapshot, self.snapshot.preview
        query = style.colour("query")
        lit = preview.token if preview is not None else self.hovered
        if lit is not None and lit < self._count:
            row = self.row_area(number, lit)
            outline(painter, row.adjusted(-1, -1, 1, 1), query, 1)
        pinned = snapshot.state.selection.token is not None
        row, width = self.row_area(number, self._token), 2 if pinned else 1
        outline(painter, row.adjusted(-width, -width, width, width), query, width)
        for area in (row, self.strip_area(number)):
            mark = QPointF(style.px(GUTTER) / 2, area.center().y())
            looks_mark(painter, mark, style.px(7), query)

    def _paint_footer(self, painter: QPainter) -> None:
        style = look.current()
        if self._parts:
            top = self.map_area(-1).bottom() + 1 + style.px(HEAD)
            line = QRectF(style.px(4), top, self.width() - style.px(8), style.px(HEAD))
            for words in self._footer:
                painter.setPen(style.colour("muted"))
                plain_text(painter, line, words, style.sans())
                line.translate(0, line.height())

    def _try(self, cell: Cell | None) -> None:
        if cell != self._cell:
            self._cell = cell
            self.tried.emit(cell)
