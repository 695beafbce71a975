"""Frames that are seen on paper and on full ink alike."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from bertviz_app.ui import look
from bertviz_app.ui.parts.painting import outline

PINNED, HOVERED = 2, 1
"""Pixels of the frame around what is kept, and around what is tried."""


def framed(painter: QPainter, area: QRectF, colour: QColor, width: int) -> None:
    """A frame around `area` with one pixel of paper on both sides."""
    outer = area.adjusted(-width - 2, -width - 2, width + 2, width + 2)
    outline(painter, outer, look.current().colour("paper"), width + 2)
    outline(painter, outer.adjusted(1, 1, -1, -1), colour, width)
