"""The three columns of a calculation: a name, a picture, a number."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QPainter

from bertviz_app.ui import look
from bertviz_app.ui.parts.painting import looked_at_mark, looks_mark, number_at, plain_text

NAME, NUMBER, DECIMALS = 112, 84, 42
"""Pixels of the columns of names and of numbers, and of what follows a decimal point."""

LINE = 20
"""Pixels of one row."""

SIGNS = {"query": looks_mark, "key": looked_at_mark}
"""The second sign of the two hues."""


def paint_name(
    painter: QPainter, area: QRectF, name: str, role: str | None, font: QFont | None = None
) -> None:
    """A name in its column, with the sign of its role."""
    style = look.current()
    line = QRectF(area.left(), area.top(), style.px(NAME - 8), style.px(LINE))
    painter.setPen(style.colour(role or "text"))
    if role in SIGNS:
        centre = QPointF(line.left() + style.px(4), line.center().y())
        SIGNS[role](painter, centre, style.px(7), style.colour(role))
        line.setLeft(line.left() + style.px(12))
    plain_text(painter, line, name, font or style.sans())


def paint_number(
    painter: QPainter, area: QRectF, text: str, role: str, font: QFont | None = None
) -> None:
    """A number in its column, on its decimal point."""
    column = number_column(area)
    line = QRectF(column.left(), column.top(), column.width(), look.current().px(LINE))
    painter.setPen(look.current().colour(role))
    number_at(painter, number_point(area), line, text, font or look.current().mono())


def number_column(area: QRectF) -> QRectF:
    """The column of numbers."""
    return area.adjusted(area.width() - look.current().px(NUMBER), 0, 0, 0)


def number_point(area: QRectF) -> float:
    """Where the decimal points of the numbers stand."""
    return area.right() - look.current().px(DECIMALS)


def picture_column(area: QRectF, high: float) -> QRectF:
    """The column between name and number, `high` pixels of it."""
    style = look.current()
    wide = max(area.width() - style.px(NAME + NUMBER), 1.0)
    return QRectF(area.left() + style.px(NAME), area.top() + style.px(3), wide, high)


def term_columns(area: QRectF) -> tuple[QRectF, QRectF, QRectF]:
    """The two numbers of a term, and its bar."""
    middle = picture_column(area, area.height())
    middle.moveTop(area.top())
    wide = look.current().px(NUMBER - 12)
    first = QRectF(middle.left(), area.top(), wide, area.height())
    second = first.translated(wide, 0)
    left = second.right() + look.current().px(8)
    return first, second, QRectF(left, area.top(), max(middle.right() - left, 1.0), area.height())
