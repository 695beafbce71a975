"""Composing the mosaic: all small maps in one image, a part at a time where that takes long."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from PySide6.QtGui import QImage

from bertviz_app.analysis.fold import Fold
from bertviz_app.analysis.raster import Colouring, Pixels, paint_slab, slabs
from bertviz_app.analysis.weights import EveryHead
from bertviz_app.core.state import Scale
from bertviz_app.ui import look
from bertviz_app.ui.colours import blank, ink_table, pixel, signed_table
from bertviz_app.ui.look import Look
from bertviz_app.ui.parts.mosaic_layout import MosaicLayout

AT_ONCE = 0.008
"""Seconds after which the rest of a costly mosaic waits for the next turn of the event loop."""

LARGE = 1 << 26
"""Numbers that are read for all tiles, from which a mosaic is costly in any case."""


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

    @property
    def is_costly(self) -> bool:
        """Whether there is too much to compose it between two frames."""
        arrays = 1 + (self.maps.factors is not None) + (self.before is not None)
        large = arrays * math.prod(self.maps.shape) > LARGE
        return large or self.fold.filters or self.fold.merges

    def same_as(self, other: Mosaic | None) -> bool:
        """Whether another mosaic would be painted the same."""
        if other is None or (self.before is None) != (other.before is None):
            return False
        return (
            self.maps.same_as(other.maps)
            and (self.before is None or self.before.same_as(other.before))
            and (self.fold, self.scale, self.signed) == (other.fold, other.scale, other.signed)
        )


@dataclass(frozen=True, eq=False)
class TileImage:
    """What a mosaic is painted into; the next one of the same layout and look is painted over it.

    Attributes:
        image: the tiles, in the order of the layout.
        places: their pixels in the image (rows, columns, S, S).
        tiles: the pixels of each head (L, H, S, S), in the order of the model: those of the image,
            unless the layout has an order of its own.
    """

    layout: MosaicLayout
    style: Look
    image: QImage
    places: Pixels
    tiles: Pixels

    @classmethod
    def blank(cls, layout: MosaicLayout) -> TileImage:
        """An empty one in the look in force."""
        style, size, pitch = look.current(), layout.tile, layout.pitch
        image, pixels = blank(layout.heads * pitch, layout.layers * pitch)
        image.setDevicePixelRatio(layout.ratio)
        pixels[...] = pixel(style.theme.chrome)
        grid = pixels.reshape(layout.layers, pitch, layout.heads, pitch)
        places = grid[:, :size, :, :size].transpose(0, 2, 1, 3)
        tiles = places if layout.order is None else places.copy()
        return cls(layout, style, image, places, tiles)

    def fits(self, layout: MosaicLayout) -> bool:
        """Whether it is of this layout and of the look in force."""
        return (self.layout, self.style) == (layout, look.current())

    def place(self) -> None:
        """Put the tiles into the image where the layout wants them, unless they stand there."""
        layout = self.layout
        if layout.order is not None:
            rows, columns = np.array(layout.order.heads).reshape(layout.layers, layout.heads, 2).T
            self.places[...] = self.tiles[rows.T, columns.T]


class Composition:
    """The way from a mosaic to its image; what is not composed yet shows what was there before.

    Attributes:
        finished: whether every tile is of this mosaic.
    """

    def __init__(self, mosaic: Mosaic, painted: TileImage) -> None:
        self.mosaic = mosaic
        self.painted = painted
        self.finished = False
        table = signed_table if mosaic.signed else ink_table
        colours = table(painted.style.theme)
        self._colouring = Colouring(mosaic.scale, colours, mosaic.signed, mosaic.full)
        self._slabs = slabs(mosaic.maps.shape, whole_layers=not mosaic.is_costly)

    def advance(self, seconds: float) -> None:
        """Go on for so long, and as long as one more slab takes."""
        end, mosaic = perf_counter() + seconds, self.mosaic
        for some in self._slabs:
            paint_slab(
                self.painted.tiles, mosaic.maps, mosaic.before, mosaic.fold, self._colouring, some
            )
            if perf_counter() >= end:
                break
        else:
            self.finished = True
        self.painted.place()
