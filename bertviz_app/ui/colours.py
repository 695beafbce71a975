"""Colours of numbers: tables from a byte to a pixel, images made of pixels, and the hatch."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QBrush, QColor, QImage, qGray

from bertviz_app.analysis.scales import FULL, NOT_A_NUMBER
from bertviz_app.ui import look
from bertviz_app.ui.theme import Theme

Pixels = NDArray[np.uint32]
"""Pixels as Qt's Format_RGB32 has them: 0xffRRGGBB."""

HATCH = 4
"""Pixels from one line of the hatch to the next."""


@lru_cache(maxsize=8)
def ink_table(theme: Theme) -> Pixels:
    """The pixel of each byte of an ink 0..1 (256,); the last is that of NaN."""
    return _table(theme.weights or theme.ink, theme.error)


@lru_cache(maxsize=8)
def signed_table(theme: Theme) -> Pixels:
    """The pixel of each byte of a signed ink -1..1 (256,); the last is that of NaN."""
    return _table(theme.diverging, theme.error)


def blank(width: int, height: int) -> tuple[QImage, Pixels]:
    """An opaque image and its pixels (height, width): writing into the array paints the image."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    return image, np.frombuffer(image.bits(), np.uint32).reshape(height, width)


def image_of(pixels: Pixels) -> QImage:
    """An image that owns a copy of `pixels` (height, width)."""
    height, width = pixels.shape
    image, target = blank(width, height)
    target[...] = pixels
    return image


def pixel(colour: str) -> int:
    """The pixel of a colour written #RRGGBB."""
    return QColor(colour).rgb()


def hatch(role: str = "change") -> QBrush:
    """Lines at 45° in the colour of `role`: the second sign of a change inside BERT."""
    return _hatch(look.current().colour(role).name())


def readable_on(ground: QColor) -> QColor:
    """Text or paper, whichever is seen better on `ground`."""
    style = look.current()
    return max(
        (style.colour("text"), style.colour("paper")),
        key=lambda colour: abs(qGray(colour.rgb()) - qGray(ground.rgb())),
    )


@lru_cache(maxsize=8)
def _hatch(colour: str) -> QBrush:
    texture = QImage(HATCH, HATCH, QImage.Format.Format_ARGB32_Premultiplied)
    texture.fill(0)
    for row in range(HATCH):
        for column in range(HATCH):
            if (row + column) % HATCH < HATCH // 2:
                texture.setPixelColor(column, row, QColor(colour))
    brush = QBrush()
    brush.setTextureImage(texture)
    return brush


def _table(stops: Sequence[str], not_a_number: str) -> Pixels:
    channels = [
        [stop.red(), stop.green(), stop.blue()] for stop in (QColor(name) for name in stops)
    ]
    at = np.linspace(0, len(stops) - 1, FULL + 1)
    red, green, blue = (
        np.rint(np.interp(at, range(len(stops)), channel)).astype(np.uint32)
        for channel in zip(*channels, strict=True)
    )
    table = np.empty(NOT_A_NUMBER + 1, np.uint32)
    table[: FULL + 1] = 0xFF000000 | red << 16 | green << 8 | blue
    table[NOT_A_NUMBER] = pixel(not_a_number)
    table.setflags(write=False)
    return table
