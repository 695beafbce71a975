"""The cells of a head's map: ink, the values written in large ones, and the frames around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from bertviz_app.analysis.heads import HeadMap
from bertviz_app.analysis.raster import Colouring, coloured
from bertviz_app.analysis.scales import codes, curve
from bertviz_app.ui import look, numbers
from bertviz_app.ui.colours import hatch, image_of, ink_table, readable_on, signed_table
from bertviz_app.ui.parts.frames import framed
from bertviz_app.ui.parts.map_layout import Cross, MapLayout
from bertviz_app.ui.parts.painting import CENTRE, outline, plain_text

MARK = 4
"""Pixels of the hatch before an edited row."""

ROOMY = 44
"""Pixels of a cell that holds its value in words."""


def paint_cells(painter: QPainter, shown: HeadMap, layout: MapLayout, ratio: float) -> None:
    """Draw the rows and columns that are in sight, `ratio` device pixels in a pixel."""
    theme = look.current().theme
    table = signed_table(theme) if shown.signed else ink_table(theme)
    colouring = Colouring(shown.scale, table, shown.signed)
    rows, columns = layout.rows.in_sight, layout.columns.in_sight
    top, bottom = layout.rows.span(rows[0])[0], layout.rows.span(rows[-1])[1]
    left, right = layout.columns.span(columns[0])[0], layout.columns.span(columns[-1])[1]
    kept = shown.relatives[0][rows.start : rows.stop, columns.start : columns.stop]
    pieces = [(kept, layout.cells, left, right)]
    for edge in shown.relatives[1:]:
        area = layout.edge_area
        pieces.append((edge[rows.start : rows.stop], area, layout.edge[0], sum(layout.edge)))
    for values, window, first, after in pieces:
        high, wide = round((bottom - top) * ratio), round((after - first) * ratio)
        image = image_of(coloured(values, max(high, 1), max(wide, 1), colouring))
        image.setDevicePixelRatio(ratio)
        painter.setClipRect(window)
        painter.drawImage(QPointF(first, top), image)
        painter.setClipping(False)
        outline(painter, window.adjusted(-1, -1, 1, 1), look.current().colour("hairline"), 1)
    if writes_values(layout):
        _paint_values(painter, shown, layout, colouring)


def writes_values(layout: MapLayout) -> bool:
    """Whether the cells are so large that each holds its value in words."""
    return layout.rows.cell >= look.current().px(ROOMY)


def paint_frames(painter: QPainter, layout: MapLayout, cross: Cross, width: int) -> None:
    """Frame a row in the colour of the query and a column in that of the key."""
    style = look.current()
    whole = layout.cells.united(layout.edge_area) if layout.edge[1] else layout.cells
    margin = width + 2
    painter.save()
    painter.setClipRect(whole.adjusted(-margin, -margin, margin, margin))
    for area, role in _framed_areas(layout, cross, whole):
        framed(painter, area, style.colour(role), width)
    painter.restore()


def paint_edited(painter: QPainter, layout: MapLayout, rows: Sequence[int]) -> None:
    """Hatch the beginning of rows whose weights were given by hand."""
    for row in rows:
        first, after = layout.rows.span(row)
        if layout.rows.start <= first and after <= layout.rows.end:
            area = QRectF(layout.cells.left() - MARK - 1, first, MARK, max(after - first, 2))
            painter.fillRect(area, hatch())


def paint_value(painter: QPainter, shown: HeadMap, layout: MapLayout, cross: Cross) -> None:
    """Say the value of a cell beside it, where it is not written inside."""
    if cross.row is None or cross.column is None or writes_values(layout):
        return
    style = look.current()
    text = value_in_words(shown, shown.value(cross.row, cross.column))
    if not shown.is_kept(cross.row, cross.column):
        text += ", not kept"
    wide, high = look.text_width(style.mono(), text) + style.px(10), float(style.px(20))
    left = float(layout.column_span(cross.column)[1] + style.px(6))
    top = float(layout.rows.span(cross.row)[1] + style.px(6))
    if left + wide > layout.right:
        left = layout.column_span(cross.column)[0] - style.px(6) - wide
    if top + high > layout.rows.end:
        top = layout.rows.span(cross.row)[0] - style.px(6) - high
    tag = QRectF(left, top, wide, high)
    painter.fillRect(tag, style.colour("chrome"))
    outline(painter, tag, style.colour("muted"), 1)
    painter.setPen(style.colour("text"))
    plain_text(painter, tag, text, style.mono(), CENTRE)


def value_in_words(shown: HeadMap, value: float) -> str:
    """A weight or, with its sign, a difference."""
    return numbers.signed(value) if shown.signed else numbers.weight(value)


def _paint_values(
    painter: QPainter, shown: HeadMap, layout: MapLayout, colouring: Colouring
) -> None:
    font, column = look.current().mono(), 0
    spans = [(row, *layout.rows.span(row)) for row in layout.rows.in_sight]
    pens: dict[int, QColor] = {}
    for side, relatives in zip(shown.sides, shown.relatives, strict=True):
        inks = curve(relatives, shown.scale, signed=shown.signed)
        pixels = colouring.table[codes(inks, signed=shown.signed)]
        for values, behind in zip(side.T, pixels.T, strict=True):
            left, right = layout.column_span(column)
            for row, top, bottom in spans:
                area = QRectF(left, top, right - left, bottom - top)
                text = value_in_words(shown, float(values[row]))
                if not shown.is_kept(row, column):
                    continue
                if look.text_width(font, text) <= area.width():
                    colour = int(behind[row])
                    if colour not in pens:
                        pens[colour] = readable_on(QColor.fromRgb(colour))
                    painter.setPen(pens[colour])
                    plain_text(painter, area, text, font, CENTRE)
            column += 1


def _framed_areas(layout: MapLayout, cross: Cross, whole: QRectF) -> Iterator[tuple[QRectF, str]]:
    if cross.column is not None:
        first, after = layout.column_span(cross.column)
        yield QRectF(first, whole.top(), after - first, whole.height()), "key"
    if cross.row is not None:
        first, after = layout.rows.span(cross.row)
        yield QRectF(whole.left(), first, whole.width(), after - first), "query"
