"""What of a head's map does not move with the mouse, painted once and kept."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPixmap

from bertviz_app.analysis.fold import ends
from bertviz_app.analysis.heads import HeadMap
from bertviz_app.ui import look
from bertviz_app.ui.parts.frames import PINNED
from bertviz_app.ui.parts.map_cells import paint_cells, paint_frames
from bertviz_app.ui.parts.map_labels import (
    STRONGEST,
    Margin,
    label_places,
    paint_brackets,
    paint_edge_label,
    paint_labels,
)
from bertviz_app.ui.parts.map_layout import Cross, MapLayout

Labelled = tuple[Margin, dict[int, float]]
"""A margin, and the pixels at which its cells are named."""


class RestingMap:
    """Cells, labels, and the frames of what is pinned.

    Attributes:
        margins: those of the rows and of the columns, with the places of their labels.
        pixmap: the picture, as large as the viewport.
    """

    def __init__(
        self, shown: HeadMap, layout: MapLayout, pinned: Cross, size: QSize, ratio: float
    ) -> None:
        self._made_for = (shown, layout, pinned, size, ratio, look.current())
        self.margins = _labelled(shown, layout, pinned)
        self.pixmap = QPixmap(size * ratio)
        self.pixmap.setDevicePixelRatio(ratio)
        self.pixmap.fill(look.current().colour("chrome"))
        painter = QPainter(self.pixmap)
        paint_cells(painter, shown, layout, ratio)
        pins = (pinned.row, pinned.column)
        for (margin, places), cell in zip(self.margins, pins, strict=True):
            paint_labels(painter, margin, places, cell)
            paint_brackets(painter, margin)
        paint_edge_label(painter, self.margins[1][0], layout)
        paint_frames(painter, layout, pinned, PINNED)
        painter.end()

    def is_of(
        self, shown: HeadMap, layout: MapLayout, pinned: Cross, size: QSize, ratio: float
    ) -> bool:
        """Whether it would be painted the same again."""
        return self._made_for == (shown, layout, pinned, size, ratio, look.current())


def named_first(shown: HeadMap, pinned: Cross) -> tuple[list[int], list[int]]:
    """Which rows and which columns are named before others: what is pinned or special."""
    tokens = (*shown.encoding.masks, *ends(shown.encoding.tokens))
    special = [row for token in tokens if (row := shown.fold.row(token)) is not None]
    strongest = shown.strongest(pinned.row, STRONGEST) if pinned.row is not None else []
    rows, columns = (
        [*(cell for cell in own if cell is not None), *special, *others]
        for own, others in (
            ((pinned.row, pinned.column), []),
            ((pinned.column, pinned.row), strongest),
        )
    )
    return rows, columns


def _labelled(shown: HeadMap, layout: MapLayout, pinned: Cross) -> tuple[Labelled, Labelled]:
    """The margins with the places of their labels."""
    (rows, columns), named = Margin.both(shown, layout), named_first(shown, pinned)
    return (rows, label_places(rows, named[0])), (columns, label_places(columns, named[1]))
