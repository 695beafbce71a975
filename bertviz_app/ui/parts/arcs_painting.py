"""Paints arcs: lines in the hue of their head, values at their ends, what no line stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from bertviz_app.analysis.arcs import ArcLines, Arcs, Pairs
from bertviz_app.analysis.heads import REST
from bertviz_app.analysis.labels import spread
from bertviz_app.core.request import Head
from bertviz_app.ui import look
from bertviz_app.ui.colours import ink_table, signed_table
from bertviz_app.ui.parts.arcs_layout import ROW, ArcsLayout
from bertviz_app.ui.parts.map_layout import LINE
from bertviz_app.ui.parts.map_words import edge_in_words, number_in_words
from bertviz_app.ui.parts.painting import (
    LEFT,
    RIGHT,
    looked_at_mark,
    looks_mark,
    number_at,
    outline,
    plain_text,
)

DASHES = ((), (5.0, 4.0), (1.5, 3.0))
"""Patterns of lines: plain, and once the hues are used up, dashed and dotted."""

LEVELS = 64
"""Steps of opacity that are told apart."""

LANE, BESIDE = 4.0, 0.7
"""Pixels between the lines of two heads, and the part of a row that all heads share, at most."""

THICK = (-0.6, 0.0, 0.6)
"""Where the thin lines run that make a thick one: they are painted sooner than a thick one."""

SAMPLE = 16
"""Pixels of a line in the legend."""

SWATCH = 12
"""Pixels of the square that shows the ink of what no line stands for."""


@dataclass(frozen=True, eq=False)
class HeadArcs:
    """The lines of one head and how they look.

    Attributes:
        head: the head, counted from 0; `name` is what it is called on screen.
        arcs: its lines.
        number: how many heads are drawn before it; `count` is how many are drawn.
    """

    head: Head
    name: str
    arcs: Arcs
    number: int = 0
    count: int = 1

    def lane(self, layout: ArcsLayout) -> float:
        """Pixels its lines stand aside, so that those of other heads are seen beside them."""
        step = min(LANE, BESIDE * layout.rows.cell / self.count)
        return (self.number - (self.count - 1) / 2) * step

    @property
    def colour(self) -> QColor:
        """Its hue."""
        arcs = look.current().theme.arcs
        return QColor(arcs[self.number % len(arcs)])

    @property
    def dash(self) -> tuple[float, ...]:
        """Its pattern."""
        return DASHES[self.number // len(look.current().theme.arcs) % len(DASHES)]


def paint_lines(
    painter: QPainter, layout: ArcsLayout, of: HeadArcs, lines: ArcLines, *, thick: bool
) -> None:
    """Draw lines, the faintest first; of differences the hue says the sign."""
    signed = of.arcs.shown.signed
    diverging = look.current().theme.diverging
    plus = QColor(diverging[-1]) if signed else of.colour
    minus = QColor(diverging[0])
    shift = layout.rows.middle(0) + of.lane(layout)
    starts = (lines.rows * layout.rows.cell + shift).tolist()
    ends = (lines.columns * layout.rows.cell + shift).tolist()
    levels = np.ceil(np.abs(lines.inks) * LEVELS).astype(int).tolist()
    painter.save()
    painter.setClipRect(layout.lines)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pens: dict[tuple[int, bool], QPen] = {}
    for start, end, level, below in zip(
        starts, ends, levels, (lines.inks < 0).tolist(), strict=True
    ):
        if (level, below) not in pens:
            pens[level, below] = _pen(minus if below else plus, level, of.dash)
        painter.setPen(pens[level, below])
        painter.drawPath(_path(layout, start, end, thick=thick))
    painter.restore()


def _pen(colour: QColor, level: int, dash: Sequence[float]) -> QPen:
    shade = QColor(colour)
    shade.setAlphaF(level / LEVELS)
    pen = QPen(shade, 1)
    if dash:
        pen.setDashPattern(dash)
    return pen


def _path(layout: ArcsLayout, start: float, end: float, *, thick: bool) -> QPainterPath:
    """A line that leaves and arrives level; its height is that of `part_of_way`."""
    left, right, third = layout.left, layout.right, (layout.right - layout.left) / 3
    path = QPainterPath()
    for aside in THICK if thick else (0.0,):
        first, last = start + aside, end + aside
        path.moveTo(left, first)
        path.cubicTo(left + third, first, right - third, last, right, last)
    return path


def part_of_way(along: float) -> float:
    """Which part of its way up or down a line has gone, after a part of its way across."""
    return along * along * (3 - 2 * along)


def paint_headings(painter: QPainter, layout: ArcsLayout) -> None:
    """Say which side looks and which is looked at."""
    style = look.current()
    high, top = style.px(ROW), layout.headings
    mark = style.px(7)
    painter.setPen(style.colour("muted"))
    text = QRectF(0, top, layout.left - mark - style.px(4), high)
    plain_text(painter, text, "looks", style.sans(), RIGHT)
    looks_mark(
        painter, QPointF(layout.left - mark / 2 - 1, text.center().y()), mark, style.colour("query")
    )
    painter.setPen(style.colour("muted"))
    text = QRectF(layout.right + mark + style.px(4), top, layout.width - layout.right - mark, high)
    plain_text(painter, text, "is looked at", style.sans(), LEFT)
    looked_at_mark(
        painter, QPointF(layout.right + mark / 2 + 1, text.center().y()), mark, style.colour("key")
    )


def paint_legend(painter: QPainter, heads: Sequence[HeadArcs], layout: ArcsLayout) -> None:
    """Name the heads beside a piece of their lines."""
    style = look.current()
    x, top = float(style.px(8)), layout.headings - style.px(ROW)
    for of in heads:
        pen = QPen(of.colour, 2)
        if of.dash:
            pen.setDashPattern([length / 2 for length in of.dash])
        painter.setPen(pen)
        middle = top + style.px(ROW) / 2
        painter.drawLine(QLineF(x, middle, x + style.px(SAMPLE), middle))
        x += style.px(SAMPLE + 4)
        wide = look.text_width(style.mono(), of.name) + 1
        painter.setPen(style.colour("text"))
        plain_text(painter, QRectF(x, top, wide, style.px(ROW)), of.name, style.mono())
        x += wide + style.px(8)


def paint_head_names(
    painter: QPainter, layout: ArcsLayout, ends: Sequence[tuple[HeadArcs, float]]
) -> None:
    """Write the number of each head where its strongest line ends, none over another."""
    style = look.current()
    high = style.px(LINE)
    rows = layout.rows
    ordered = sorted(ends, key=lambda end: end[1])
    wanted = [height - rows.start for _, height in ordered]
    for (of, _), middle in zip(ordered, spread(wanted, high, rows.end - rows.start), strict=True):
        wide = look.text_width(style.mono(), of.name) + style.px(4)
        area = QRectF(layout.right - wide, rows.start + middle - high / 2, wide, high)
        painter.fillRect(area, style.colour("paper"))
        painter.setPen(of.colour)
        plain_text(painter, area, of.name, style.mono(), RIGHT)


def paint_values(
    painter: QPainter, layout: ArcsLayout, arcs: Arcs, row: int, places: dict[int, float]
) -> None:
    """Write what a row has on each token that is named at the right."""
    shown, strongest = arcs.shown, arcs.shown.strongest(row)[:1]
    wide, high = layout.value_right - layout.right, look.current().px(ROW)
    for column, middle in places.items():
        if arcs.has_line(row, column):
            area = QRectF(layout.right, middle - high / 2, wide, high)
            _paint_number(painter, area, arcs, shown.drawn(row, column), bold=column in strongest)


def paint_values_of_key(
    painter: QPainter, layout: ArcsLayout, arcs: Arcs, column: int, places: dict[int, float]
) -> None:
    """Write what each named row has on a column, at the start of its line."""
    style = look.current()
    for row, middle in places.items():
        if not arcs.has_line(row, column):
            continue
        text = number_in_words(
            arcs.shown, arcs.shown.drawn(row, column), difference=arcs.shown.compares
        )
        wide = look.text_width(style.mono(), text) + style.px(4)
        area = QRectF(layout.left + 2, middle - style.px(LINE) / 2, wide, style.px(LINE))
        painter.fillRect(area, style.colour("paper"))
        painter.setPen(style.colour("text"))
        plain_text(painter, area, text, style.mono())


def paint_edge(painter: QPainter, layout: ArcsLayout, arcs: Arcs, row: int | None) -> None:
    """Say what no line stands for, and how much of a row, or on average of all, it is."""
    words = beside_in_words(arcs)
    if not words:
        return
    style, shown = look.current(), arcs.shown
    if row is None:
        words += ", mean of all rows"
        value = float(np.mean([arcs.beside(at) for at in range(shown.fold.rows)]))
    else:
        value = arcs.beside(row)
    line = QRectF(style.px(8), layout.edge, layout.value_right - style.px(8), style.px(ROW))
    painter.setPen(style.colour("hairline"))
    painter.drawLine(QLineF(line.left(), line.top(), line.right(), line.top()))
    painter.setPen(style.colour("muted"))
    room = layout.right - line.left() - style.px(SWATCH + 8)
    plain_text(painter, QRectF(line.left(), line.top(), room, line.height()), words, style.sans())
    swatch = QRectF(layout.right - style.px(SWATCH), 0, style.px(SWATCH), style.px(SWATCH))
    swatch.moveTop(line.center().y() - swatch.height() / 2)
    ink, table = arcs.ink_of(value, row or 0), ink_table(style.theme)
    code = round(abs(ink) * 254) if np.isfinite(ink) else 255
    if shown.signed:
        table = signed_table(style.theme)
        code = round(127 + ink * 127) if np.isfinite(ink) else 255
    painter.fillRect(swatch, QColor.fromRgb(int(table[code])))
    outline(painter, swatch, style.colour("muted"), 1)
    _paint_number(painter, line, arcs, value, bold=False)


def paint_note(painter: QPainter, layout: ArcsLayout, words: str, role: str) -> None:
    """Say under everything which lines are not drawn."""
    style = look.current()
    painter.setPen(style.colour(role))
    area = QRectF(style.px(8), layout.note, layout.width - style.px(16), style.px(ROW))
    plain_text(painter, area, words, style.sans())


def paint_hint(painter: QPainter, layout: ArcsLayout, words: str) -> None:
    """Say in the middle what to do where no line is drawn."""
    style, pad = look.current(), look.current().px(16)
    painter.setPen(style.colour("muted"))
    painter.setFont(style.sans())
    wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(layout.lines.adjusted(pad, pad, -pad, -pad), wrapped, words)


def beside_in_words(arcs: Arcs) -> str:
    """What no line stands for; empty if every weight may have its line."""
    shown, found = arcs.shown, []
    if shown.edge_parts == (REST,):
        found.append("not kept")
    elif shown.edge_parts:
        found.append(f"folded: {edge_in_words(shown)}")
    if arcs.pairs is not Pairs.ALL:
        found.append("other pairs")
    return "; ".join(found)


def _paint_number(painter: QPainter, area: QRectF, arcs: Arcs, value: float, *, bold: bool) -> None:
    """A number with its point in the column of values."""
    style, shown = look.current(), arcs.shown
    text = number_in_words(shown, value, difference=shown.compares)
    painter.setPen(style.colour("text"))
    point = area.right() - look.text_width(style.mono(), ".0000")
    number_at(painter, point, area, text, style.mono(bold=bold))
