"""What of the arcs does not move with the mouse, painted once and kept; and what does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPixmap

from bertviz_app.analysis.arcs import ArcLines
from bertviz_app.ui import look, numbers
from bertviz_app.ui.parts.arcs_layout import ArcsLayout
from bertviz_app.ui.parts.arcs_painting import (
    HeadArcs,
    paint_edge,
    paint_head_names,
    paint_headings,
    paint_hint,
    paint_legend,
    paint_lines,
    paint_note,
    paint_values,
    paint_values_of_key,
    part_of_way,
)
from bertviz_app.ui.parts.map_labels import (
    STRONGEST,
    label_places,
    paint_brackets,
    paint_labels,
    paint_lens,
)
from bertviz_app.ui.parts.map_layout import LINE, Cross
from bertviz_app.ui.parts.resting_map import Labelled, named_first

ALL, OF_ONE = 90_000, 30_000
"""Pixels of lines that are drawn of all tokens, and of one, all heads together."""

TOO_MANY = 200
"""From so many rows on, only the lines of one token are drawn."""

POINT = (
    "{tokens} tokens have too many lines to draw them all. Point to the left of here at a token "
    "that looks, or to the right at one that is looked at, to see its lines; a click keeps them."
)

ROOMY = 12
"""Pixels from one token to the next from which the lines of one token are thick."""


Both = tuple[Labelled, Labelled]
"""The margin of those that look and of those that are looked at."""


@dataclass(frozen=True)
class Scene:
    """What is shown.

    Attributes:
        heads: the heads that are drawn, the one in question first.
        pinned: what is kept.
        focus: the token whose lines are drawn; none if those of all tokens are.
        note: words about the heads that are not drawn.
    """

    heads: tuple[HeadArcs, ...]
    pinned: Cross
    focus: Cross
    note: str = ""

    def drawn(self, cross: Cross, layout: ArcsLayout) -> list[tuple[HeadArcs, ArcLines]]:
        """The lines of each head from a row or to a column, or all of them; the first head last."""
        first = self.heads[0].arcs
        alone = cross == Cross()
        if alone and first.shown.fold.rows > TOO_MANY:
            return []
        most = int((ALL if alone else OF_ONE) / layout.usual_length) // len(self.heads)
        return [(of, of.arcs.lines(cross.row, cross.column, most)) for of in reversed(self.heads)]


class RestingArcs:
    """Labels and lines; each picture is painted when it is first asked for."""

    def __init__(self, scene: Scene, layout: ArcsLayout, size: QSize, ratio: float) -> None:
        self._made_for = (scene, layout, size, ratio, look.current())
        self._scene, self._layout = scene, layout
        self._margins = self._labelled(scene.focus)
        self._lines = scene.drawn(scene.focus, layout)
        self._size, self._ratio = size, ratio

    @cached_property
    def pixmap(self) -> QPixmap:
        """The picture at rest, as large as the viewport."""
        made, painter = self._begun()
        self._paint_lines(painter, self._scene.focus, self._lines, self._margins)
        painter.end()
        return made

    @cached_property
    def bare(self) -> QPixmap:
        """The same without lines."""
        made, painter = self._begun()
        painter.end()
        return made

    def is_of(self, scene: Scene, layout: ArcsLayout, size: QSize, ratio: float) -> bool:
        """Whether it would be painted the same again."""
        return self._made_for == (scene, layout, size, ratio, look.current())

    def paint_tried(self, painter: QPainter, cross: Cross, *, line: bool) -> None:
        """Paint what the mouse is over: a line over all, else the lines of a token alone."""
        margins = self._margins
        if not line:
            if self._layout.rows.cell < look.current().px(LINE):  # other tokens are named now
                margins = self._labelled(cross)
                self._paint_labels(painter, margins)
            self._paint_lines(painter, cross, self._scene.drawn(cross, self._layout), margins)
        if cross.is_cell:
            for of in reversed(self._scene.heads):
                paint_lines(painter, self._layout, of, _single(of, cross), thick=True)
        for (margin, places), cell in zip(margins, (cross.row, cross.column), strict=True):
            if cell is not None and cell < margin.line.cells:
                paint_lens(painter, margin, places, cell)

    def line_at(self, point: QPointF, near: float) -> Cross:
        """The drawn line that passes a point of the viewport most closely, the strongest first."""
        layout, found, closest = self._layout, Cross(), near
        along = (point.x() - layout.left) / (layout.right - layout.left)
        part, cell = part_of_way(along), layout.rows.cell
        for of, lines in reversed(self._lines):
            if not len(lines):
                continue
            top = layout.rows.middle(0) + of.lane(layout)
            heights = top + cell * (lines.rows + (lines.columns - lines.rows) * part)
            away = np.abs(heights - point.y())[::-1]
            at = int(away.argmin())
            if away[at] < closest:
                closest, number = float(away[at]), len(lines) - 1 - at
                found = Cross(int(lines.rows[number]), int(lines.columns[number]))
        return found

    def _labelled(self, focus: Cross) -> Both:
        """Both margins, with the places of what is special and what is strongest in `focus`."""
        shown = self._scene.heads[0].arcs.shown
        named = named_first(shown, self._scene.pinned)
        if focus.row is not None:
            named[1].extend(shown.strongest(focus.row, STRONGEST))
        elif focus.column is not None:
            named[0].extend(shown.strongest_rows(focus.column, STRONGEST))
        rows, columns = self._layout.margins(shown)
        return (rows, label_places(rows, named[0])), (columns, label_places(columns, named[1]))

    def _begun(self) -> tuple[QPixmap, QPainter]:
        made = QPixmap(self._size * self._ratio)
        made.setDevicePixelRatio(self._ratio)
        made.fill(look.current().colour("chrome"))
        painter = QPainter(made)
        self._paint_bare(painter)
        return made, painter

    def _paint_bare(self, painter: QPainter) -> None:
        scene, layout = self._scene, self._layout
        painter.fillRect(layout.lines, look.current().colour("paper"))
        paint_headings(painter, layout)
        if layout.legend:
            paint_legend(painter, scene.heads, layout)
        self._paint_labels(painter, self._margins)
        for margin, _ in self._margins:
            paint_brackets(painter, layout.bracketed(margin))

    def _paint_labels(self, painter: QPainter, margins: Both) -> None:
        pins = (self._scene.pinned.row, self._scene.pinned.column)
        for (margin, places), cell in zip(margins, pins, strict=True):
            painter.fillRect(self._layout.strip_of(margin), look.current().colour("chrome"))
            paint_labels(painter, margin, places, cell)

    def _paint_lines(
        self,
        painter: QPainter,
        focus: Cross,
        drawn: list[tuple[HeadArcs, ArcLines]],
        margins: Both,
    ) -> None:
        """Lines, the numbers at their ends, and what they leave out."""
        scene, layout = self._scene, self._layout
        thick = focus != Cross() and layout.rows.cell >= look.current().px(ROOMY)
        for of, lines in drawn:
            paint_lines(painter, layout, of, lines, thick=thick)
        if len(scene.heads) > 1:
            paint_head_names(painter, layout, list(_strongest_ends(layout, drawn)))
        arcs = scene.heads[0].arcs
        if focus.row is not None:
            paint_values(painter, layout, arcs, focus.row, margins[1][1])
        elif focus.column is not None:
            paint_values_of_key(painter, layout, arcs, focus.column, margins[0][1])
        if focus.row is not None or focus.column is None:
            paint_edge(painter, layout, arcs, focus.row)
        if not drawn:
            paint_hint(painter, layout, POINT.format(tokens=numbers.count(arcs.shown.fold.rows)))
        paint_note(painter, layout, *self._note(focus, drawn))

    def _note(self, focus: Cross, drawn: list[tuple[HeadArcs, ArcLines]]) -> tuple[str, str]:
        """What is not drawn, and the colour to say it in."""
        arcs = self._scene.heads[0].arcs
        if arcs.not_numbers:
            return f"{arcs.not_numbers:,} weights are not numbers and have no line.", "error"
        words = [self._scene.note] if self._scene.note else []
        left_out = sum(lines.left_out for _, lines in drawn)
        if left_out:
            there = sum(len(lines) for _, lines in drawn)
            whose = "" if focus == Cross() else " of this token"
            words.append(f"the {there:,} strongest of {there + left_out:,} lines{whose}")
        return "; ".join(words), "muted"


def _single(of: HeadArcs, cross: Cross) -> ArcLines:
    """One line by itself."""
    rows, columns = (np.array([at], np.intp) for at in (cross.row, cross.column))
    return ArcLines(rows, columns, of.arcs.inks[rows, columns])


def _strongest_ends(
    layout: ArcsLayout, drawn: list[tuple[HeadArcs, ArcLines]]
) -> Iterator[tuple[HeadArcs, float]]:
    """Each head with lines, and the height at which its strongest one ends."""
    for of, lines in drawn:
        if len(lines):
            yield of, layout.rows.middle(int(lines.columns[-1])) + of.lane(layout)
