"""The mosaic: one small map per head, all of them one image."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPaintEvent
from PySide6.QtWidgets import QWidget

from bertviz_app.analysis.fold import Fold
from bertviz_app.analysis.head_order import HeadOrder
from bertviz_app.analysis.raster import Colouring, Pixels, paint_tiles
from bertviz_app.analysis.weights import EveryHead
from bertviz_app.core.state import Scale
from bertviz_app.ui import look
from bertviz_app.ui.colours import blank, ink_table, pixel, signed_table
from bertviz_app.ui.look import Look
from bertviz_app.ui.parts.head_canvas import HeadCanvas
from bertviz_app.ui.parts.mosaic_layout import MosaicLayout
from bertviz_app.ui.parts.mosaic_marks import TileMarks, paint_marks, paint_numbers


@dataclass(frozen=True, eq=False)
class Mosaic:
    """What the tiles show.

    Attributes:
        maps: the numbers of all heads (L, H, T, T).
        before: the same as is, if what has changed is shown.
        fold: which tokens are drawn.
        scale: how a number becomes ink.
        signed: the numbers may be negative.
    """

    maps: EveryHead = field(repr=False)
    before: EveryHead | None = field(repr=False)
    fold: Fold
    scale: Scale
    signed: bool = False

    @property
    def full(self) -> float:
        """The number that is full ink on the scales that are the same in every map."""
        return max(maps.full for maps in (self.maps, self.before) if maps is not None)

    def same_as(self, other: Mosaic | None) -> bool:
        """Whether another mosaic would be painted the same."""
        if other is None or (self.before is None) != (other.before is None):
            return False
        return (
            self.maps.same_as(other.maps)
            and (self.before is None or self.before.same_as(other.before))
            and (self.fold, self.scale, self.signed) == (other.fold, other.scale, other.signed)
        )


class MosaicPicture(HeadCanvas):
    """All heads at once: one small map per head."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mosaic: Mosaic | None = None
        self._image: tuple[QImage, Pixels] | None = None
        self._composed: tuple[Mosaic, MosaicLayout, Look] | None = None

    @property
    def shape(self) -> tuple[int, int] | None:
        if self._mosaic is None:
            return None
        layers, heads = self._mosaic.maps.shape[:2]
        return layers, heads

    def show_mosaic(self, mosaic: Mosaic, marks: TileMarks, order: HeadOrder | None = None) -> None:
        """Show other maps, or mark other heads; the same maps are not composed again."""
        if not mosaic.same_as(self._mosaic):
            self._mosaic = mosaic
        self.order = order
        self.show_marks(marks)

    def forget(self) -> None:
        """Show nothing, and hover nothing."""
        self._mosaic = self._composed = self._image = self.order = None
        super().forget()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.begin_painting()
        if self._mosaic is not None:
            layout, marks = self.layout_now, self.marks
            tiles = QRectF(self.viewport().rect()).adjusted(layout.left, layout.top, 0, 0)
            painter.setClipRect(tiles.adjusted(-3, -3, 0, 0))
            painter.drawImage(tiles.topLeft() - self.offset, self._composed_image(layout))
            paint_marks(painter, layout, self.offset, marks)
            painter.setClipping(False)
            paint_numbers(painter, layout, self.offset, marks)
        self.end_painting(painter)

    def _composed_image(self, layout: MosaicLayout) -> QImage:
        """All tiles in one image, composed only if something is different."""
        assert self._mosaic is not None
        key = (self._mosaic, layout, look.current())
        if self._image is None or key != self._composed:
            same_place = self._composed is not None and key[1:] == self._composed[1:]
            self._image = compose(self._mosaic, layout, self._image if same_place else None)
            self._composed = key
        return self._image[0]


def compose(
    mosaic: Mosaic, layout: MosaicLayout, over: tuple[QImage, Pixels] | None = None
) -> tuple[QImage, Pixels]:
    """The image of all tiles, and its pixels.

    `over` is an image of the same layout and look to paint over, which saves a new one.
    """
    theme, pitch = look.current().theme, layout.pitch
    if over is None:
        over = blank(layout.heads * pitch, layout.layers * pitch)
        over[0].setDevicePixelRatio(layout.ratio)
        over[1][...] = pixel(theme.chrome)
    table = signed_table(theme) if mosaic.signed else ink_table(theme)
    colouring = Colouring(mosaic.scale, table, mosaic.signed, mosaic.full)
    tiles = over[1].reshape(layout.layers, pitch, layout.heads, pitch)
    target = tiles[:, : layout.tile, :, : layout.tile].transpose(0, 2, 1, 3)
    paint_tiles(target, mosaic.maps, mosaic.before, mosaic.fold, colouring)
    if layout.order is not None:
        rows, columns = np.array(layout.order.heads).reshape(layout.layers, layout.heads, 2).T
        target[...] = target[rows.T, columns.T]
    return over
