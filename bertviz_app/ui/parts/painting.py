"""Strokes that several pictures share: plain text, numbers on their point, marks, focus."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from bertviz_app.ui import look, numbers

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter


def plain_text(
    painter: QPainter, area: QRectF, text: str, font: QFont, align: Qt.AlignmentFlag = LEFT
) -> None:
    """Write `text` on one line, exactly as it is, with … where it does not fit."""
    wide, room = look.text_width(font, text), area.width()
    if wide > room:
        text = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room)
        wide = look.text_width(font, text)
    left = area.left()
    if align != LEFT:
        left += (room - wide) * (1.0 if align == RIGHT else 0.5)
    _write(painter, left, area, text, font)


def number_at(painter: QPainter, point: float, area: QRectF, text: str, font: QFont) -> None:
    """Write a number with its decimal point at x = `point`, on the middle line of `area`."""
    before, after = numbers.at_point(text)
    if not after and not before[-1:].isdigit():  # words such as "not a number" end at the column
        plain_text(painter, area, text, font, RIGHT)
        return
    _write(painter, point - look.text_width(font, before), area, before + after, font)


def _write(painter: QPainter, left: float, area: QRectF, text: str, font: QFont) -> None:
    """Write from x = `left` on; what is written often is not shaped anew each time."""
    foot = area.top() + area.height() / 2 + look.baseline(font)
    painter.setFont(font)
    if text.isascii():
        made, ascent = look.shaped(font, text)
        painter.drawStaticText(QPointF(left, foot - ascent), made)
    else:  # other fonts and other directions are left to Qt
        painter.drawText(QPointF(left, foot), text)


def looks_mark(painter: QPainter, centre: QPointF, size: float, colour: QColor) -> None:
    """▸, the sign of the token that looks."""
    _triangle(painter, centre, size, colour, towards=1)


def looked_at_mark(painter: QPainter, centre: QPointF, size: float, colour: QColor) -> None:
    """◂, the sign of the token that is looked at."""
    _triangle(painter, centre, size, colour, towards=-1)


def outline(
    painter: QPainter,
    area: QRectF,
    colour: QColor,
    width: float,
    style: Qt.PenStyle = Qt.PenStyle.SolidLine,
) -> None:
    """A line along the inner edge of `area`."""
    pen = QPen(colour, width, style, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin)
    if style is Qt.PenStyle.DashLine:
        pen.setDashPattern([3 / width, 2 / width])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inset = width / 2
    painter.drawRect(area.adjusted(inset, inset, -inset, -inset))


def hover_tint() -> QColor:
    """What a row under the mouse is tinted with."""
    colour = QColor(look.current().colour("hairline"))
    colour.setAlphaF(0.5)
    return colour


def focus_ring(widget: QWidget) -> None:
    """The ring of ink around what has the keyboard's focus; call it last, inside `paintEvent`."""
    painter = QPainter(widget)
    outline(painter, QRectF(widget.rect()), look.current().colour("text"), 2)
    painter.end()


def _triangle(
    painter: QPainter, centre: QPointF, size: float, colour: QColor, *, towards: int
) -> None:
    half = size / 2
    tip = QPointF(centre.x() + towards * half, centre.y())
    back = centre.x() - towards * half
    corners = [tip, QPointF(back, centre.y() - half), QPointF(back, centre.y() + half)]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF(corners))
    painter.restore()


def paint_signed_bar(painter: QPainter, area: QRectF, part: float) -> None:
    """A bar from the middle of `area`, as long as `part` (-1..1) of half of it."""
    style, middle = look.current(), round(area.center().x())
    if area.width() <= 0:
        return
    if math.isfinite(part):
        length = min(max(part, -1.0), 1.0) * area.width() / 2
        top, height = round(area.center().y()) - style.px(4), style.px(8)
        colour = QColor(style.theme.diverging[-1 if part > 0 else 0])
        painter.fillRect(QRectF(middle, top, length, height).normalized(), colour)
    painter.fillRect(QRectF(middle, area.top(), 1, area.height()), style.colour("muted"))
