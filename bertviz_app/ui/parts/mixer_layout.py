"""Where things are in the picture of the Mixer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF

from bertviz_app.ui import look

HEAD, STRIP, APART, GAP = 18, 12, 2, 8
"""Heights: the words over a part, its strip, between strip and picture, between two parts."""

GUTTER, LABELS = 12, 96
"""Width left of the pictures: for ▸ alone, and for labels too."""

SLIDER_LEFT, SLIDER, SLIDER_LEAST = 80, 120, 40
"""Where the sliders begin; how wide they are, and at least."""

FACTOR, WORDS = 44, 212
"""Width of a factor, and of length and share."""

LABELLED, HIGHEST, LOW = 14, 24, 12
"""Rows of this height get labels; no row is higher; a picture lower than this is too low."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A number: of which token, and which of the W."""

    token: int
    number: int


@dataclass(frozen=True)
class MixerLayout:
    """Areas in pixels, of some parts of T tokens and W numbers each.

    Attributes:
        width: of the whole; `height` likewise.
        parts: how many there are.
        tokens: T; `numbers`, W.
        lines: how many stand below the pictures.
    """

    width: float
    height: float
    parts: int
    tokens: int
    numbers: int
    lines: int

    @cached_property
    def _row(self) -> float:
        """Height of the pictures."""
        free = self._room - self._gap
        return max(min(free, self.tokens * look.current().px(HIGHEST)), 1)

    @cached_property
    def _gap(self) -> float:
        """Between two parts: there is none where it would leave the pictures too low."""
        px = look.current().px
        return px(GAP) if self._room >= px(GAP) + px(LOW) else 0

    @cached_property
    def _room(self) -> float:
        """What words and strips leave of each part's even share of the height."""
        px = look.current().px
        share = (self.height - px(HEAD) * self.lines) // self.parts
        return share - px(HEAD) - px(STRIP) - px(APART)

    @property
    def labelled(self) -> bool:
        """Whether the rows are high enough for labels."""
        return self._row >= self.tokens * look.current().px(LABELLED)

    def head(self, part: int) -> QRectF:
        """The line of words over a part."""
        px = look.current().px
        every = px(HEAD) + px(STRIP) + px(APART) + self._row + self._gap
        return QRectF(px(4), part * every, self.width - px(8), px(HEAD))

    def slider(self, part: int) -> QRectF:
        """Where the slider of a part stands in that line."""
        px, head = look.current().px, self.head(part)
        wide = min(px(SLIDER), self.width - px(SLIDER_LEFT + FACTOR + WORDS))
        return QRectF(px(SLIDER_LEFT), head.top(), max(wide, px(SLIDER_LEAST)), head.height())

    def factor(self, part: int) -> QRectF:
        """Where its value stands, beside it."""
        slider = self.slider(part)
        return QRectF(slider.right(), slider.top(), look.current().px(FACTOR), slider.height())

    def strip(self, part: int) -> QRectF:
        """Where the numbers of the token in question are."""
        px = look.current().px
        left = px(LABELS if self.labelled else GUTTER)
        return QRectF(left, self.head(part).bottom(), self.width - left - px(4), px(STRIP))

    def map(self, part: int) -> QRectF:
        """Where the numbers of all tokens are."""
        strip = self.strip(part)
        top = strip.bottom() + look.current().px(APART)
        return QRectF(strip.left(), top, strip.width(), self._row)

    def row(self, part: int, token: int) -> QRectF:
        """Where the numbers of one token are in the picture of a part."""
        area = self.map(part)
        height = area.height() / self.tokens
        return QRectF(area.left(), area.top() + token * height, area.width(), height)

    def line(self, number: int) -> QRectF:
        """A line of words below all pictures."""
        px = look.current().px
        top = self.map(self.parts - 1).bottom() + 1
        return QRectF(px(4), top + number * px(HEAD), self.width - px(8), px(HEAD))

    def cell_at(self, point: QPointF, token: int) -> Cell | None:
        """The number at a point: in a picture, or in a strip, where it is one of `token`."""
        for part in range(self.parts):
            for area, of_all in ((self.strip(part), False), (self.map(part), True)):
                if area.contains(point):
                    number = int((point.x() - area.left()) / area.width() * self.numbers)
                    row = int((point.y() - area.top()) / area.height() * self.tokens)
                    found = min(row, self.tokens - 1) if of_all else token
                    return Cell(found, min(number, self.numbers - 1))
        return None
