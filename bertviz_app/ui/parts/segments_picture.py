"""The picture of the segments: both vectors, their difference, and what each token carries."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from bertviz_app.analysis.labels import LETTERS, numbered
from bertviz_app.analysis.raster import Colouring, coloured
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Scale
from bertviz_app.core.trace import Array
from bertviz_app.ui import look
from bertviz_app.ui.colours import hatch, image_of, readable_on, signed_table
from bertviz_app.ui.parts.painting import CENTRE, focus_ring, outline, plain_text
from bertviz_app.ui.parts.token_picture import TokenPicture

HEAD, GAP, BAND, LABEL = 18, 10, 26, 20
"""Heights: words over a strip, between two, the tokens, the words under them."""

LEAST, MOST = 20, 80
"""Heights of a strip."""

LETTERED, LABELLED, HATCHED = 9, 28, 6
"""Tokens of this width have the letter of their sentence in them, and their piece below; the
height of the hatch on what is changed.
"""

NAMES = ("segment A", "segment B", "B − A")


class SegmentsPicture(TokenPicture):
    """Three strips of W numbers, and a line of T tokens in the colours of what they carry.

    Signals:
        tried(int | None): the mouse is over another of the W numbers.
    """

    tried = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Segments")
        self._strips: tuple[Array, ...] = ()
        self._words: tuple[str, ...] = ()
        self._full = 1.0
        self._segments: tuple[tuple[int, ...], ...] = ()
        self._images: list[QImage] = []
        self._made_of: tuple[object, ...] = ()
        self._number: int | None = None

    def show_segments(
        self,
        snapshot: Snapshot,
        strips: Sequence[Array],
        words: Sequence[str],
        full: float,
        segments: Sequence[tuple[int, ...]],
    ) -> None:
        """Show strips (W,) with `full` in full colour and `words` at their right.

        `segments` are those that the tokens have of themselves and, if they differ, are given.
        """
        self.snapshot, self._strips, self._words = snapshot, tuple(strips), tuple(words)
        self._full, self._segments = full, tuple(segments)
        self.update()

    def strip(self, number: int) -> QRectF:
        """Where a strip is."""
        px = look.current().px
        words = 3 * (px(HEAD) + px(GAP)) + px(GAP) + px(LABEL)
        bands = len(self._segments) * (px(HEAD) + px(BAND) + px(GAP))
        high = min(max((self.height() - words - bands) / 3, px(LEAST)), px(MOST))
        top = number * (px(HEAD) + high + px(GAP)) + px(HEAD)
        return QRectF(px(4), top, max(self.width() - px(8), 1), high)

    def band(self, line: int) -> QRectF:
        """Where the tokens are: of themselves (0), and as they are given to BERT (1)."""
        px = look.current().px
        every = px(HEAD) + px(BAND) + px(GAP)
        top = self.strip(2).bottom() + 2 * px(GAP) + px(HEAD) + line * every
        return QRectF(px(4), top, max(self.width() - px(8), 1), px(BAND))

    def cell(self, line: int, token: int) -> QRectF:
        """Where a token is in its line."""
        band, count = self.band(line), len(self._segments[line])
        wide = band.width() / count
        return QRectF(band.left() + token * wide, band.top(), wide, band.height())

    def area_of(self, token: int) -> QRectF:
        return self.cell(0, token)

    def token_at(self, point: QPointF) -> int | None:
        for line, segments in enumerate(self._segments):
            band = self.band(line)
            if band.contains(point):
                token = int((point.x() - band.left()) / band.width() * len(segments))
                return min(token, len(segments) - 1)
        return None

    def number_at(self, point: QPointF) -> int | None:
        """Which of the W numbers is at a point."""
        for number, values in enumerate(self._strips):
            strip = self.strip(number)
            if strip.contains(point):
                found = int((point.x() - strip.left()) / strip.width() * len(values))
                return min(found, len(values) - 1)
        return None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._try(self.number_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._try(None)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._make_images()
        painter = QPainter(self)
        for number, image in enumerate(self._images):
            self._paint_strip(painter, number, image)
        for line in range(len(self._segments)):
            self._paint_tokens(painter, line)
        painter.end()
        if self.hasFocus():
            focus_ring(self)

    def _make_images(self) -> None:
        strips = tuple(map(id, self._strips))
        made_of = (look.current(), self.size(), self._full, len(self._segments), strips)
        if made_of != self._made_of:
            self._made_of, self._images = made_of, list(self._new_images())

    def _new_images(self) -> Iterator[QImage]:
        colouring = Colouring(Scale.LINEAR, signed_table(look.current().theme), signed=True)
        ratio = self.devicePixelRatioF()
        for number, values in enumerate(self._strips):
            area = self.strip(number)
            height, width = round(area.height() * ratio), max(round(area.width() * ratio), 1)
            relative = values[None] / np.float32(self._full)
            yield image_of(coloured(relative, height, width, colouring))

    def _paint_strip(self, painter: QPainter, number: int, image: QImage) -> None:
        style, strip = look.current(), self.strip(number)
        painter.drawImage(strip, image)
        outline(painter, strip.adjusted(-1, -1, 1, 1), style.colour("hairline"), 1)
        above = QRectF(strip.left(), strip.top() - style.px(HEAD), strip.width(), style.px(HEAD))
        painter.setPen(style.colour("text"))
        plain_text(painter, above, NAMES[number], style.sans(bold=True))
        painter.setPen(style.colour("muted"))
        above.setLeft(above.left() + style.px(90))
        plain_text(painter, above, self._words[number], style.sans())

    def _paint_tokens(self, painter: QPainter, line: int) -> None:
        style, band, segments = look.current(), self.band(line), self._segments[line]
        above = QRectF(band.left(), band.top() - style.px(HEAD), band.width(), style.px(HEAD))
        painter.setPen(style.colour("text"))
        name = "what BERT is given" if line else "the segment of each token"
        plain_text(painter, above, name, style.sans(bold=True))
        wide, at = band.width() / len(segments), 0
        for (segment, own), some in itertools.groupby(
            zip(segments, self._segments[0], strict=True)
        ):
            count = len(list(some))
            run = QRectF(band.left() + at * wide, band.top(), count * wide, band.height())
            ground = style.colour("sentence_b" if segment else "sentence_a")
            painter.fillRect(run, ground)
            if segment != own:
                painter.fillRect(run.adjusted(0, run.height() - style.px(HATCHED), 0, 0), hatch())
            if wide >= style.px(LETTERED):
                self._paint_letters(painter, run, count, "AB"[segment], readable_on(ground))
            at += count
        self._paint_pieces(painter, line)
        self._paint_picked(painter, line)

    def _paint_letters(
        self, painter: QPainter, run: QRectF, count: int, letter: str, colour: QColor
    ) -> None:
        """The letter of a sentence in each of its tokens, with a line between them."""
        style, wide = look.current(), run.width() / count
        for token in range(count):
            cell = QRectF(run.left() + token * wide, run.top(), wide, run.height())
            painter.fillRect(cell.adjusted(wide - 1, 0, 0, 0), style.colour("chrome"))
            painter.setPen(colour)
            plain_text(painter, cell, letter, style.mono(), CENTRE)

    def _paint_pieces(self, painter: QPainter, line: int) -> None:
        """The pieces under the last line, where there is room and none is pointed at."""
        style, trace = look.current(), self.trace
        narrow = self.cell(line, 0).width() < style.px(LABELLED)
        if trace is None or narrow or line + 1 < len(self._segments):
            return
        painter.setPen(style.colour("muted"))
        for token, piece in enumerate(numbered(trace.encoding.tokens, LETTERS)):
            cell = self.cell(line, token)
            below = QRectF(cell.left(), cell.bottom() + 2, cell.width() - 2, style.px(LABEL))
            if token != self._shown:
                plain_text(painter, below, piece, style.mono(), CENTRE)

    def _paint_picked(self, painter: QPainter, line: int) -> None:
        """Frames around what is pinned and under the mouse, and its piece below."""
        style, trace, shown = look.current(), self.trace, self._shown
        query, count = style.colour("query"), len(self._segments[line])
        for token, width in ((shown, 1), (self.snapshot.token, 2)):
            if token is not None and token < count:
                cell = self.cell(line, token).adjusted(-width, -width, width, width)
                outline(painter, cell, query, width)
        if trace is None or shown is None or shown >= count or line + 1 < len(self._segments):
            return
        cell, piece = self.cell(line, shown), numbered(trace.encoding.tokens, LETTERS)[shown]
        wide = look.text_width(style.mono(), piece)
        left = min(max(cell.center().x() - wide / 2, 0), max(self.width() - wide, 0))
        below = QRectF(left, cell.bottom() + 2, wide + 1, style.px(LABEL))
        painter.fillRect(below, style.colour("chrome"))
        painter.setPen(query)
        plain_text(painter, below, piece, style.mono())

    @property
    def _shown(self) -> int | None:
        """The token whose piece is written out: under the mouse, else pinned."""
        preview = self.snapshot.preview
        lit = preview.token if preview is not None else self.hovered
        return self.snapshot.token if lit is None else lit

    def _try(self, number: int | None) -> None:
        if number != self._number:
            self._number = number
            self.tried.emit(number)
