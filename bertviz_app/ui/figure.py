"""The figure of an exhibit, as one puts it into a paper: no buttons, no mouse, no keyboard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QImage, QPainter, QPixmap, QRegion, QTextOption
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QWidget,
)

from bertviz_app.ui import look
from bertviz_app.ui.exhibit import Exhibit

CONTROLS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)
"""What is there to be touched, and says nothing on paper; bars for scrolling are sliders too."""

MARGIN, GAP, NARROWEST = 12, 8, 320
"""Around everything, between its parts, and the least width of the words; in pixels."""

HIGHEST = 10_000
"""More pixels than any of its words need."""


@dataclass(frozen=True)
class FigureLine:
    """Words of a figure, in a font and in a colour of the theme."""

    words: str
    font: QFont
    role: str = "text"


@contextmanager
def at_rest(exhibit: Exhibit) -> Iterator[None]:
    """Let the mouse and the keyboard be elsewhere while the exhibit is looked at.

    The mouse is heard of again when it moves; the keyboard comes back at once.
    """
    for part in exhibit.findChildren(QWidget):
        if part.underMouse():
            QCoreApplication.sendEvent(part, QEvent(QEvent.Type.Leave))
    focused = exhibit.window().focusWidget()
    inside = focused is not None and exhibit.isAncestorOf(focused)
    if focused is not None and inside:
        focused.clearFocus()
    exhibit.rest(True)
    try:
        yield
    finally:
        exhibit.rest(False)
        if focused is not None and inside:
            focused.setFocus()


def figure(exhibit: Exhibit, above: Sequence[FigureLine], below: Sequence[FigureLine]) -> QImage:
    """The pictures of an exhibit with their legends, between lines of words."""
    style, ratio = look.current(), exhibit.devicePixelRatioF()
    pictures = list(_trimmed(_shot(picture, ratio) for picture in exhibit.pictures))
    legends = [_shot(legend, ratio) for legend in exhibit.legends]
    widths = [image.deviceIndependentSize().width() for image in pictures]
    width = round(max([*widths, style.px(NARROWEST)]))
    heads, feet = ([_written(line, width, ratio) for line in lines] for lines in (above, below))
    rows = [*([one] for one in (*heads, *pictures)), legends, *([one] for one in feet)]
    return _stacked([row for row in rows if row], width, ratio)


def _stacked(rows: Sequence[Sequence[QImage]], width: int, ratio: float) -> QImage:
    """Rows of images under each other, those of a row beside each other."""
    px = look.current().px
    heights = [max(round(one.deviceIndependentSize().height()) for one in row) for row in rows]
    height = sum(heights) + px(GAP) * (len(rows) - 1)
    image = _empty(QSize(width + 2 * px(MARGIN), height + 2 * px(MARGIN)), ratio)
    painter, top = QPainter(image), px(MARGIN)
    for row, high in zip(rows, heights, strict=True):
        left = px(MARGIN)
        for one in row:
            painter.drawImage(QPoint(left, top), one)
            left += round(one.deviceIndependentSize().width()) + px(GAP)
        top += high + px(GAP)
    painter.end()
    return image


def _shot(widget: QWidget, ratio: float) -> QImage:
    """A widget as it looks, without its controls."""
    image = _empty(widget.size(), ratio)
    painter = QPainter(image)
    _paint(painter, widget, QPoint(), QRect(QPoint(), widget.size()))
    painter.end()
    return image


def _paint(painter: QPainter, widget: QWidget, corner: QPoint, seen: QRect) -> None:
    """Paint a widget at a corner, then what stands in it, as far as it is seen."""
    alone = QPixmap((widget.size() * painter.device().devicePixelRatioF()).expandedTo(QSize(1, 1)))
    alone.setDevicePixelRatio(painter.device().devicePixelRatioF())
    alone.fill(Qt.GlobalColor.transparent)
    # That of a plot is another one, which paints its scene alone.
    QWidget.render(widget, alone, QPoint(), QRegion(), QWidget.RenderFlag(0))
    painter.setClipRect(seen)
    painter.drawPixmap(corner, alone)
    for child in widget.children():
        if isinstance(child, QWidget) and child.isVisibleTo(widget) and not child.isWindow():
            area = QRect(corner + child.pos(), child.size())
            if not isinstance(child, CONTROLS):
                _paint(painter, child, area.topLeft(), seen & area)


def _written(line: FigureLine, width: int, ratio: float) -> QImage:
    """Words on as many lines as they need; a word that is longer than a line is parted."""
    wrapping = QTextOption()
    wrapping.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    height = round(_write(_empty(QSize(width, 1), ratio), line, wrapping).height() + 0.5)
    image = _empty(QSize(width, height), ratio)
    _write(image, line, wrapping)
    return image


def _write(image: QImage, line: FigureLine, wrapping: QTextOption) -> QRectF:
    """Write into an image; returns the room that it takes, which may be more."""
    painter = QPainter(image)
    painter.setFont(line.font)
    painter.setPen(look.current().colour(line.role))
    whole = QRectF(0, 0, image.deviceIndependentSize().width(), HIGHEST)
    painter.drawText(whole, line.words, wrapping)
    room = painter.boundingRect(whole, line.words, wrapping)
    painter.end()
    return room


def _trimmed(images: Iterable[QImage]) -> Iterator[QImage]:
    """Images without the empty rows at their edges; those that are all empty are left out."""
    for image in images:
        pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)
        drawn = np.flatnonzero((pixels != pixels[0, 0]).any(axis=1))
        if len(drawn):
            first, last = int(drawn[0]), int(drawn[-1])
            yield image.copy(QRect(0, first, image.width(), last - first + 1))


def _empty(size: QSize, ratio: float) -> QImage:
    image = QImage((size * ratio).expandedTo(QSize(1, 1)), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(look.current().colour("chrome"))
    return image
