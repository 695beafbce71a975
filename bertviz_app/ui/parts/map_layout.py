"""Where everything of a head's map stands: labels, rows, columns, the edge column."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QRectF, QSizeF

from bertviz_app.analysis.heads import HeadMap
from bertviz_app.analysis.raster import first_pixel
from bertviz_app.ui import look
from bertviz_app.ui.look import Look

WIDEST = 160
"""Pixels of a cell, at most, while the whole map is shown."""

ENLARGED = 28
"""Pixels of a cell, at most, once it is enlarged by hand."""

LINE = 13
"""Pixels from one label to the next, at least."""

PAD = 5
"""Pixels around everything, for frames and the ring of the focus."""

GUTTER = 11
"""Pixels between the labels and the cells, for marks and brackets."""


BRACKET = 16
"""Pixels of the brackets that say which tokens are of sentence A and which of B."""

LONGEST = 112
"""Pixels of a label, at most."""

LANES, LANE_GAP = 2, 6
"""Lanes in which labels stand in turn where one has no room for all, and pixels between two."""

EDGE_GAP, EDGE_LEAST = 6, 10
"""Pixels before the edge column, and of the edge column at least."""


@dataclass(frozen=True, slots=True)
class Cross:
    """A row and a drawn column, each or none; the edge column comes after the others."""

    row: int | None = None
    column: int | None = None

    @property
    def is_cell(self) -> bool:
        """Whether it names one cell."""
        return self.row is not None and self.column is not None


@dataclass(frozen=True, slots=True)
class CellLine:
    """Cells in a line (rows or columns), seen through a window that may be shorter than they are.

    Attributes:
        cells: how many there are.
        length: pixels of all of them together.
        start: the pixel of the viewport at which the window begins, `room` pixels wide.
        offset: pixels that are scrolled out of sight before it.
    """

    cells: int
    length: int
    start: int
    room: int
    offset: int = 0

    @property
    def cell(self) -> float:
        """Pixels of a cell."""
        return self.length / self.cells if self.cells else 0.0

    @property
    def end(self) -> int:
        """The pixel after the last of the window."""
        return self.start + min(self.room, self.length)

    @property
    def beyond(self) -> int:
        """Pixels of cells for which the window has no room."""
        return max(self.length - self.room, 0)

    def at(self, pixel: float) -> int | None:
        """The cell at a pixel of the viewport, if there is one in sight."""
        if not self.start <= pixel < self.end:
            return None
        return int(pixel - self.start + self.offset) * self.cells // self.length

    def span(self, cell: int) -> tuple[int, int]:
        """The first pixel of a cell in the viewport, and the one after its last."""
        shift = self.start - self.offset
        if self.length < self.cells:
            pixel = cell * self.length // self.cells + shift
            return pixel, pixel + 1
        first, after = (first_pixel(at, self.cells, self.length) for at in (cell, cell + 1))
        return first + shift, after + shift

    def middle(self, cell: int) -> float:
        """The middle of a cell in the viewport."""
        return self.start - self.offset + (cell + 0.5) * self.cell

    @property
    def in_sight(self) -> range:
        """The cells that are at least partly in sight."""
        if not self.cells:
            return range(0)
        last = (self.offset + self.end - self.start - 1) * self.cells // self.length
        return range(self.offset * self.cells // self.length, last + 1)


@dataclass(frozen=True, slots=True)
class MapLayout:
    """The layout of one map in one viewport.

    Attributes:
        rows: from top to bottom, the tokens that look.
        columns: from left to right, the tokens that are looked at.
        edge: left end and width of the edge column; (0, 0) without one.
        turned: column labels are turned by 90°.
        lanes: labels stand in turn in so many lanes, the first of them nearest to the cells.
    """

    rows: CellLine
    columns: CellLine
    edge: tuple[int, int]
    turned: bool
    lanes: int

    @property
    def cells(self) -> QRectF:
        """The window on the kept rows and columns."""
        rows, columns = self.rows, self.columns
        return QRectF(columns.start, rows.start, columns.end - columns.start, rows.end - rows.start)

    @property
    def edge_area(self) -> QRectF:
        """The window on the edge column."""
        return QRectF(self.edge[0], self.rows.start, self.edge[1], self.rows.end - self.rows.start)

    @property
    def right(self) -> int:
        """Where the picture ends on the right."""
        return sum(self.edge) if self.edge[1] else self.columns.end

    def column_at(self, pixel: float) -> int | None:
        """The drawn column at a pixel; the edge column comes after the others."""
        left, width = self.edge
        if width and left <= pixel < left + width:
            return self.columns.cells
        return self.columns.at(pixel)

    def cross_at(self, x: float, y: float) -> Cross:
        """What is at a point of the viewport: a cell, or the label of a row or of a column."""
        row, column = self.rows.at(y), self.column_at(x)
        if column is None and x >= self.columns.start:
            row = None
        if row is None and y >= self.rows.start:
            column = None
        return Cross(row, column)

    def column_span(self, column: int) -> tuple[int, int]:
        """The first pixel of a drawn column, and the one after its last."""
        if column == self.columns.cells:
            return self.edge[0], sum(self.edge)
        return self.columns.span(column)

    @classmethod
    def fitted(
        cls, shown: HeadMap, room: QSizeF, zoom: int | None, offset: tuple[int, int] = (0, 0)
    ) -> MapLayout:
        """The layout in `room`; `zoom` is the pixels of an enlarged cell, None to show all."""
        style = look.current()
        label, edge_label = label_room(shown), widest(shown.edge_labels)
        longest = max(label, widest(("+".join(shown.edge_labels),)))
        far, gutter = far_end(shown), style.px(GUTTER)
        lane, lanes = lane_of(shown), 1
        left, top = far + label + gutter, far + min(longest, style.px(LONGEST)) + gutter
        level_top = far + style.px(LINE) * max(len(shown.edge_labels), 1) + 2 + gutter
        sides = _Sides.of(shown, room, left, level_top)
        turned = max(label, edge_label) + style.px(4) > sides.cell
        if not turned:
            top = level_top
        else:
            sides = _Sides.of(shown, room, left, top)
            staggered = _Sides.of(shown, room, left + lane, top + lane)
            if sides.is_dense(zoom) and not staggered.is_dense(zoom, LANES):
                left, top, lanes, sides = left + lane, top + lane, LANES, staggered
        length = max(sides.length, (zoom or 0) * shown.fold.rows)
        down = max(int(room.height()) - style.px(PAD) - top, 1)
        across = max(int(room.width()) - style.px(PAD) - left - sides.beside, 1)
        rows = CellLine(shown.fold.rows, length, top, down, offset[1])
        columns = CellLine(shown.fold.rows, length, left, across, offset[0])
        edge = (columns.end + sides.beside - sides.edge, sides.edge) if sides.edge else (0, 0)
        return cls(rows, columns, edge, turned, lanes)


@dataclass(frozen=True, slots=True)
class _Sides:
    """How long the sides of the whole map are, how wide the edge column is, alone and with gap."""

    cell: float
    length: int
    edge: int
    beside: int

    @classmethod
    def of(cls, shown: HeadMap, room: QSizeF, left: int, top: int) -> _Sides:
        """The largest sides for which there is room beside `left` and below `top`."""
        style = look.current()
        count, folds = shown.fold.rows, len(shown.sides) > 1
        gap = style.px(EDGE_GAP) if folds else 0
        width = room.width() - left - style.px(PAD) - gap
        height = room.height() - top - style.px(PAD)
        least = style.px(EDGE_LEAST) if folds else 0
        cell = min(width / (count + folds), height / count, style.px(WIDEST))
        if cell < least:
            cell = min((width - least) / count, height / count)
        edge = max(round(cell), least) if folds else 0
        return cls(cell, max(int(cell * count), 1), edge, edge + gap)

    def is_dense(self, zoom: int | None, lanes: int = 1) -> bool:
        """Whether the cells are too small for each to have a label of its own."""
        return max(self.cell, zoom or 0) * lanes < look.current().px(LINE)


def widest(labels: tuple[str, ...]) -> int:
    """Pixels of the widest label."""
    return _widest(labels, look.current())


@lru_cache(maxsize=16)
def _widest(labels: tuple[str, ...], style: Look) -> int:
    font = style.mono()
    return math.ceil(max((look.text_width(font, label) for label in labels), default=0)) + 1


def label_room(shown: HeadMap) -> int:
    """Pixels that the labels beside the cells are given."""
    return min(widest(shown.labels), look.current().px(LONGEST))


def lane_of(shown: HeadMap) -> int:
    """Pixels from the beginning of one lane of labels to that of the next."""
    return label_room(shown) + look.current().px(LANE_GAP)


def far_end(shown: HeadMap) -> int:
    """The pixel at which labels may begin: after the brackets A and B, if there are any."""
    style = look.current()
    return style.px(PAD) + (style.px(BRACKET) if 1 in shown.encoding.sentences else 0)
