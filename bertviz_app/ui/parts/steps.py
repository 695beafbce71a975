"""A calculation laid out to be read: numbered headings, words, results, bars and strips.

A block paints itself into the room it is given and says which of its items is at a point.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from bertviz_app.analysis.raster import Colouring, coloured
from bertviz_app.core.state import Scale
from bertviz_app.ui import look
from bertviz_app.ui.colours import image_of, signed_table
from bertviz_app.ui.parts.painting import (
    LEFT,
    RIGHT,
    hover_tint,
    number_at,
    outline,
    plain_text,
)
from bertviz_app.ui.parts.step_columns import (
    DECIMALS,
    LINE,
    number_column,
    number_point,
    paint_name,
    paint_number,
    picture_column,
    term_columns,
)

CHART, STRIP = 44, 14
"""Pixels of a chart of bars, and of a strip of colours."""

WIDE_BARS = 5
"""Pixels from one bar to the next from which a gap between them is seen."""

WRAPPED = LEFT | Qt.TextFlag.TextWordWrap

Values = NDArray[np.float64]


class Block:
    """One thing in the column of blocks; what is to be written raises NotImplementedError."""

    def height(self, width: float) -> float:
        """How high it is at a width."""
        raise NotImplementedError

    def paint(self, painter: QPainter, area: QRectF, lit: int | None) -> None:
        """Paint it into `area`, the item `lit` as what the mouse is over."""
        raise NotImplementedError

    def item_at(self, _point: QPointF, _area: QRectF) -> int | None:
        """The item at a point; None if there is nothing to point at."""
        return None


@dataclass(frozen=True)
class Heading(Block):
    """The number of a step and what is done in it."""

    number: int
    text: str

    def height(self, _width: float) -> float:
        return look.current().px(LINE + 16)

    def paint(self, painter: QPainter, area: QRectF, _lit: int | None) -> None:
        style = look.current()
        line = QRectF(area.left(), area.bottom() - style.px(LINE + 2), area.width(), style.px(LINE))
        if self.number > 1:
            painter.setPen(style.colour("hairline"))
            painter.drawLine(QLineF(line.left(), line.top() - 5, line.right(), line.top() - 5))
        painter.setPen(style.colour("muted"))
        plain_text(painter, line, str(self.number), style.mono(bold=True))
        painter.setPen(style.colour("text"))
        plain_text(
            painter, line.adjusted(style.px(LINE), 0, 0, 0), self.text, style.sans(bold=True)
        )


@dataclass(frozen=True)
class Words(Block):
    """A sentence over as many lines as it needs, in the colour of a role."""

    text: str
    role: str = "muted"

    def height(self, width: float) -> float:
        box = QFontMetricsF(look.current().sans()).boundingRect(
            QRectF(0, 0, width, 10_000), int(WRAPPED), self.text
        )
        return box.height() + look.current().px(4)

    def paint(self, painter: QPainter, area: QRectF, _lit: int | None) -> None:
        painter.setFont(look.current().sans())
        painter.setPen(look.current().colour(self.role))
        painter.drawText(area, int(WRAPPED), self.text)


@dataclass(frozen=True)
class Result(Block):
    """A number with its name; `aside` stands between them."""

    name: str
    number: str
    aside: str = ""
    role: str = "text"
    bold: bool = False

    def height(self, _width: float) -> float:
        return look.current().px(LINE)

    def paint(self, painter: QPainter, area: QRectF, _lit: int | None) -> None:
        style = look.current()
        font = style.mono(bold=self.bold)
        before = look.text_width(font, self.number.partition(".")[0])
        room = number_point(area) - before - style.px(8) - area.left()
        painter.setPen(style.colour(self.role))
        number_at(painter, number_point(area), area, self.number, font)
        name_font = style.sans(bold=self.bold)
        wide = min(look.text_width(name_font, self.name) + 1, room)
        name_area = QRectF(area.left(), area.top(), wide, area.height())
        plain_text(painter, name_area, self.name, name_font)
        left = area.left() + wide + style.px(8)
        painter.setPen(style.colour("muted"))
        rest = QRectF(left, area.top(), area.left() + room - left, area.height())
        if rest.width() > style.px(LINE):
            plain_text(painter, rest, self.aside, style.sans())


@dataclass(frozen=True, eq=False)
class Bars(Block):
    """Numbers as bars up (+) and down (−) from a line, up to ±`full`.

    `role` is the colour of the name, with its sign; None for words without one.
    """

    name: str
    values: Values = field(repr=False)
    full: float
    number: str
    role: str | None = None

    def height(self, _width: float) -> float:
        return look.current().px(CHART + 8)

    def paint(self, painter: QPainter, area: QRectF, lit: int | None) -> None:
        style = look.current()
        paint_name(painter, area, self.name, self.role)
        paint_number(painter, area, self.number, "muted")
        chart = picture_column(area, style.px(CHART))
        painter.fillRect(chart, style.colour("paper"))
        middle, half = chart.center().y(), chart.height() / 2 - 1
        each = chart.width() / len(self.values)
        if lit is not None:
            band = QRectF(chart.left() + lit * each, chart.top(), each, chart.height())
            painter.fillRect(band, hover_tint())
        gap = 1.0 if each >= WIDE_BARS else 0.0
        minus, plus = (QColor(style.theme.diverging[end]) for end in (0, -1))
        sizes = np.clip(np.nan_to_num(self.values / self.full), -1, 1)
        for at, size in enumerate(sizes.tolist()):
            left = chart.left() + at * each
            bar = QRectF(left, middle - max(size, 0) * half, each - gap, abs(size) * half)
            painter.fillRect(bar, plus if size > 0 else minus)
        painter.setPen(style.colour("muted"))
        painter.drawLine(QLineF(chart.left(), middle, chart.right(), middle))

    def item_at(self, point: QPointF, area: QRectF) -> int | None:
        chart = picture_column(area, look.current().px(CHART))
        if not chart.contains(point):
            return None
        along = (point.x() - chart.left()) / chart.width()
        return min(int(along * len(self.values)), len(self.values) - 1)


@dataclass(frozen=True, eq=False)
class Strip(Block):
    """Numbers as colours side by side; full colour means ±`full`."""

    name: str
    values: Values = field(repr=False)
    full: float
    number: str
    role: str | None = None

    def height(self, _width: float) -> float:
        return look.current().px(LINE)

    def paint(self, painter: QPainter, area: QRectF, _lit: int | None) -> None:
        style = look.current()
        paint_name(painter, area, self.name, self.role)
        paint_number(painter, area, self.number, "text")
        strip = picture_column(area, style.px(STRIP))
        colouring = Colouring(Scale.LINEAR, signed_table(style.theme), signed=True)
        parts = (self.values / self.full).astype(np.float32)[np.newaxis]
        ratio = painter.device().devicePixelRatioF()
        wide, high = (max(round(side * ratio), 1) for side in (strip.width(), strip.height()))
        painter.drawImage(strip, image_of(coloured(parts, high, wide, colouring)))
        outline(painter, strip.adjusted(-1, -1, 1, 1), style.colour("hairline"), 1)


@dataclass(frozen=True)
class TermHead(Block):
    """What stands in the columns of `Term`."""

    names: tuple[str, str, str, str]

    def height(self, _width: float) -> float:
        return look.current().px(LINE)

    def paint(self, painter: QPainter, area: QRectF, _lit: int | None) -> None:
        style = look.current()
        first, second, _ = term_columns(area)
        painter.setPen(style.colour("muted"))
        name, *numbers, last = self.names
        plain_text(painter, area, name, style.sans())
        for column, text in zip((first, second), numbers, strict=True):
            plain_text(painter, column, text, style.sans(), RIGHT)
        plain_text(painter, number_column(area), last, style.sans(), RIGHT)


@dataclass(frozen=True)
class Term(Block):
    """One token of a row: two numbers, a bar of `part` (0..1) and a third number.

    `position` is the token, None for what is summed up; `chosen` marks the key that is followed;
    `signed`: the part is a difference (−1..1), and the colour of its bar says which way it goes.
    """

    name: str
    numbers: tuple[str, str, str]
    part: float
    position: int | None = None
    chosen: bool = False
    bold: bool = False
    signed: bool = False

    def height(self, _width: float) -> float:
        return look.current().px(LINE)

    def paint(self, painter: QPainter, area: QRectF, lit: int | None) -> None:
        style = look.current()
        if lit is not None:
            painter.fillRect(area, hover_tint())
        font = style.mono(bold=self.bold or self.chosen)
        paint_name(painter, area, self.name, "key" if self.chosen else None, font)
        painter.setPen(style.colour("text"))
        columns = term_columns(area)
        for column, text in zip(columns[:2], self.numbers[:2], strict=True):
            number_at(painter, column.right() - style.px(DECIMALS), column, text, font)
        paint_number(painter, area, self.numbers[-1], "text", font)
        bar = columns[2].adjusted(0, style.px(6), 0, -style.px(6))
        painter.fillRect(bar, style.colour("paper"))
        size = abs(self.part) if self.signed else self.part
        if size > 0:  # and not NaN
            bar.setWidth(max(bar.width() * min(size, 1.0), 1.0))
            way = QColor(style.theme.diverging[-1 if self.part > 0 else 0])
            painter.fillRect(bar, way if self.signed else style.colour("text"))

    def item_at(self, _point: QPointF, _area: QRectF) -> int | None:
        return None if self.position is None else 0
