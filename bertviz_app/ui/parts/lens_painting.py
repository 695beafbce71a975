"""Paints the table of the lens: cells, heads, names of layers, and what is marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from bertviz_app.analysis.scales import codes, curve
from bertviz_app.core.state import Scale
from bertviz_app.ui import look
from bertviz_app.ui.colours import ink_table, readable_on, signed_table
from bertviz_app.ui.parts.lens_grid import LensCell, LensColumn, LensGrid
from bertviz_app.ui.parts.lens_layout import GUTTER, HEAD, LensLayout
from bertviz_app.ui.parts.lens_words import layer_name
from bertviz_app.ui.parts.painting import RIGHT, looks_mark, outline, plain_text

DOT, LINE = 5, 16
"""Size of the dot of the word in question; height of a line of text in a cell."""


def paint_cells(painter: QPainter, layout: LensLayout, grid: LensGrid) -> None:
    """The cells in sight."""
    style, bottom = look.current(), layout.room.height()
    for number in layout.seen:
        cells = grid.columns[number].cells
        grounds = _grounds([cell.value for cell in cells], signed=grid.signed)
        for row in range(layout.rows):
            box = layout.cell((number, row))
            if box.bottom() < style.px(HEAD) or box.top() > bottom:
                continue
            if row < len(cells):
                _paint_cell(painter, box, cells[row], layout, grounds[row])
            else:
                painter.fillRect(box, style.colour("paper"))


def paint_heads(
    painter: QPainter,
    layout: LensLayout,
    grid: LensGrid,
    token: int | None,
    masks: Iterable[int],
) -> None:
    """What stands over the columns; `token` is the one in question."""
    style = look.current()
    for number in layout.seen:
        column = grid.columns[number]
        left = layout.cell((number, 0)).left()
        area = QRectF(left, 0, layout.width - 1, style.px(HEAD) - 1)
        if grid.of_tokens:
            _paint_token(
                painter, area, column, chosen=column.token == token, blank=column.token in masks
            )
        else:
            painter.setPen(style.colour("muted" if column.is_place else "text"))
            plain_text(painter, area.adjusted(style.px(4), 0, 0, 0), column.head, style.sans())


def paint_layers(painter: QPainter, layout: LensLayout, grid: LensGrid, first_number: int) -> None:
    """The names of the layers, upwards."""
    style = look.current()
    for row, depth in enumerate(grid.depths):
        box = layout.cell((0, row))
        name = QRectF(0, box.top(), style.px(GUTTER - 6), box.height())
        painter.setPen(style.colour("muted" if depth.between or not depth.layer else "text"))
        plain_text(painter, name, layer_name(depth, first_number), style.sans(), RIGHT)


def paint_column(
    painter: QPainter, layout: LensLayout, grid: LensGrid, token: int | None, width: int
) -> None:
    """A line around the column of a token, in a table of tokens."""
    if grid.of_tokens and token is not None and token < len(grid.columns):
        outline(painter, layout.column(token), look.current().colour("query"), width)


def paint_lit(
    painter: QPainter,
    layout: LensLayout,
    grid: LensGrid,
    hovered: LensCell | None,
    word: str | None,
) -> None:
    """Around the cell under the mouse, and around all that speak of a hovered word."""
    text = look.current().colour("text")
    for number in layout.seen:
        for row, cell in enumerate(grid.columns[number].cells):
            if cell == hovered or cell.word == word:
                outline(painter, layout.cell((number, row)), text, 1)


def _paint_cell(
    painter: QPainter, box: QRectF, cell: LensCell, layout: LensLayout, ground: QColor
) -> None:
    style = look.current()
    painter.fillRect(box, ground)
    painter.setPen(readable_on(ground))
    line = box.adjusted(style.px(4), 0, -style.px(2), 0)
    two_lines = bool(cell.number) and layout.two_lines
    if two_lines:
        line = QRectF(line.left(), box.center().y() - style.px(LINE), line.width(), style.px(LINE))
        plain_text(painter, line.translated(0, style.px(LINE)), cell.number, style.mono())
    if cell.followed:
        _paint_dot(painter, line)
        line.setLeft(line.left() + style.px(DOT + 3))
    plain_text(painter, line, cell.text, style.mono(bold=cell.followed))


def _paint_dot(painter: QPainter, line: QRectF) -> None:
    """The sign of the word in question."""
    size = look.current().px(DOT)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(painter.pen().color())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawEllipse(QRectF(line.left(), line.center().y() - size / 2, size, size))
    painter.restore()


def _paint_token(
    painter: QPainter, area: QRectF, column: LensColumn, *, chosen: bool, blank: bool
) -> None:
    style = look.current()
    if chosen:
        mark = QPointF(area.left() + style.px(5), area.center().y())
        looks_mark(painter, mark, style.px(7), style.colour("query"))
        area = area.adjusted(style.px(9), 0, 0, 0)
    if blank:
        painter.fillRect(area, style.colour("mask_fill"))
    painter.setPen(style.colour("mask_text" if blank else "text" if chosen else "muted"))
    words = area.adjusted(style.px(3), 0, 0, 0)
    plain_text(painter, words, column.head, style.mono(bold=chosen))


def _grounds(values: Sequence[float], *, signed: bool) -> list[QColor]:
    """The inks of probabilities, or of differences."""
    table = (signed_table if signed else ink_table)(look.current().theme)
    inks = curve(np.array(values, np.float32), Scale.ROOT, signed=signed)
    return [QColor.fromRgb(int(pixel)) for pixel in table[codes(inks, signed=signed)]]
