"""What a test can see of a widget: its colours, counted, and where one of them stands."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from bertviz_app.ui import look

NEAR = 48
"""Sum of the differences of red, green and blue that is still the same colour."""


def colours(widget: QWidget, area: QRect | QRectF | None = None) -> Counter[str]:
    """How many pixels of each colour (#rrggbb) a widget, or a part of it, is painted with."""
    where = area.toAlignedRect() if isinstance(area, QRectF) else area
    image = (widget.grab(where) if where is not None else widget.grab()).toImage()
    return Counter(
        image.pixelColor(x, y).name() for y in range(image.height()) for x in range(image.width())
    )


def shows(widget: QWidget, role: str, area: QRect | QRectF | None = None) -> int:
    """How many pixels have the colour of a role of the theme, or nearly (the edge of a letter)."""
    wanted = colour(role)
    return sum(count for name, count in colours(widget, area).items() if alike(name, wanted))


def colour(role: str) -> str:
    """The colour of a role of the theme, as `colours` names it."""
    return look.current().colour(role).name()


def alike(one: str, other: str) -> bool:
    """Whether two colours (#rrggbb) are the same to the eye."""
    parts = zip(QColor(one).toTuple(), QColor(other).toTuple(), strict=True)
    return sum(abs(part - wanted) for part, wanted in parts) <= NEAR
