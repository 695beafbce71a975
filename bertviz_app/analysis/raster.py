"""From numbers to pixels: maps are enlarged by nearest neighbour and reduced by area maximum."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from bertviz_app.analysis.difference import ROUNDING
from bertviz_app.analysis.fold import Fold
from bertviz_app.analysis.scales import FULL, NOT_A_NUMBER, codes, curve, full_ink
from bertviz_app.core.state import Scale
from bertviz_app.core.trace import Array

Pixels = NDArray[np.uint32]
Number = TypeVar("Number", np.float32, np.uint8)

STRIPE = 2
"""Pixels of one stripe of the hatch that marks what is not a number, where there is room."""

SLAB = 1 << 18
"""Numbers that are worked on at a time, so that they stay in the processor's cache."""

SPARSE = 3
"""From this many cells a pixel on, whole rows are compared instead of picked."""


@dataclass(frozen=True, slots=True, eq=False)
class Colouring:
    """How numbers become pixels.

    Attributes:
        scale: how a weight becomes ink.
        table: the pixel of each byte (256,), see `scales.codes`.
        signed: the numbers may be negative.
        full: the number that is full ink on the scales that are the same in every map.
    """

    scale: Scale
    table: Pixels
    signed: bool = False
    full: float = 1.0

    @property
    def paper(self) -> int:
        """The pixel of zero."""
        return int(self.table[FULL // 2 if self.signed else 0])

    @property
    def zero(self) -> float | None:
        """The number from which sizes are counted; None if no number is less."""
        return 0.0 if self.signed else None


def areas(fold: Fold, width: int, gap: int, least: int = 2) -> tuple[slice, ...]:
    """The pixels of each of `fold.parts` on a line of `width`: the kept columns, the edge column.

    The edge column stands `gap` after the others, as wide as one of them but never under `least`.
    """
    if not fold.has_edge:
        return (slice(0, width),)
    edge = max(least, round((width - gap) / (fold.rows + 1)))
    return slice(0, width - gap - edge), slice(width - edge, width)


Slab = tuple[slice, slice]
"""Some layers and, of each, some heads."""


class Maps(Protocol):
    """The maps of all heads, of which some (l, h, T, T) are made when they are read."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(L, H, T, T)."""

    def __getitem__(self, index: Slab, /) -> Array:
        """Some of them."""


def slabs(shape: tuple[int, ...], *, whole_layers: bool = True) -> Iterator[Slab]:
    """As many maps of (L, H, T, T) at a time as are worked on at once, but no less than a layer.

    Without `whole_layers` no less than a head: where much is done to each number, that pays.
    """
    layers = max(1, SLAB // math.prod(shape[1:]))
    heads = shape[1] if whole_layers else max(1, SLAB // math.prod(shape[2:]))
    for layer in range(0, shape[0], layers):
        for head in range(0, shape[1], heads):
            yield slice(layer, layer + layers), slice(head, head + heads)


def paint_slab(
    target: Pixels, maps: Maps, before: Maps | None, fold: Fold, colouring: Colouring, some: Slab
) -> None:
    """Draw some maps of (L, H, T, T) into their tiles of (L, H, S, S); with `before`, the changes.

    A tile is the true map except for what `fold` takes to the edge.
    """
    size = target.shape[-1]
    if fold.has_edge:
        target[some] = colouring.paper
    if not fold.rows:
        return
    columns = areas(fold, size, gap=max(1, size // 24))
    shown = maps[some] if before is None else maps[some] - before[some]
    sides = fold.parts(shown, signed=colouring.signed)
    if colouring.scale is Scale.MAP:  # the largest of a map is among those that are seen
        sides = tuple(
            reduced(side, size, _length(pixels), zero=colouring.zero)
            for side, pixels in zip(sides, columns, strict=True)
        )
    full = full_ink(colouring.scale, *sides, signed=colouring.signed, full=colouring.full)
    if before is not None and full is not None:  # rounding alone is no difference
        full = np.where(full > ROUNDING * colouring.full, full, np.float32(colouring.full))
    for side, pixels in zip(sides, columns, strict=True):
        target[(*some, ..., pixels)] = coloured(side, size, _length(pixels), colouring, full)


def coloured(
    values: Array, height: int, width: int, colouring: Colouring, full: Array | None = None
) -> Pixels:
    """The pixels (..., height, width) of numbers (..., rows, columns) of which `full` is full ink.

    `full` is one number a row (..., rows, 1) or a map (..., 1, 1); without it, 1.
    """
    signed, cells = colouring.signed, values
    of_rows = full if full is not None and full.shape[-2] > 1 else None
    # The largest is the darkest, before as after: few numbers are soon turned into bytes, and
    # many are sooner compared as bytes.
    first = values.shape[-2] >= SPARSE * height
    if first:
        cells = reduced(cells, height, width, zero=colouring.zero, full=of_rows)
    if full is not None and (of_rows is None or not first):
        cells = cells / full
    inks = codes(curve(cells, colouring.scale, signed=signed), signed=signed)
    if not first:
        inks = reduced(inks, height, width, zero=FULL // 2 if signed else None)
    pixels = enlarged(colouring.table.take(inks), height, width)
    if inks.max() == NOT_A_NUMBER and min(height, width) >= 2 * STRIPE * max(inks.shape[-2:]):
        down, right = np.ogrid[:height, :width]
        striped = (down + right) // STRIPE % 2 == 0
        pixels[(pixels == colouring.table[NOT_A_NUMBER]) & striped] = colouring.paper
    return pixels


def reduced(
    values: NDArray[Number],
    height: int,
    width: int,
    *,
    zero: float | None = None,
    full: NDArray[Number] | None = None,
) -> NDArray[Number]:
    """Maps (..., rows, columns) in at most `height` rows and `width` columns.

    The largest of the cells that share a pixel stands for them or, if there is a `zero`, the one
    farthest from it. NaN wins over all, so that it is seen. Numbers with a `full` (..., rows, 1)
    are compared as parts of it.
    """
    high = _most(_most(values, height, -2, np.maximum, full), width, -1, np.maximum)
    if zero is None or high.shape == values.shape:
        return high
    low = _most(_most(values, height, -2, np.minimum, full), width, -1, np.minimum)
    middle = np.int16(zero)  # bytes have no negative numbers
    return np.where(middle - low > high - middle, low, high)


def enlarged(cells: Pixels, height: int, width: int) -> Pixels:
    """Cells (..., rows, columns) over `height` × `width` pixels, each on a rectangle of its own."""
    rows, columns = cells.shape[-2:]
    if columns < width:
        cells = cells.take(cell_at(np.arange(width), columns, width), axis=-1)
    if rows < height:
        cells = cells.take(cell_at(np.arange(height), rows, height), axis=-2)
    return cells


def cell_at(pixel: NDArray[np.intp], cells: int, pixels: int) -> NDArray[np.intp]:
    """The cell on each pixel of a line of `pixels` that `cells` share evenly."""
    return pixel * cells // pixels


def first_pixel(cell: int, cells: int, pixels: int) -> int:
    """The first pixel of a cell on such a line."""
    return -(-cell * pixels // cells)


def _most(
    values: NDArray[Number],
    limit: int,
    axis: int,
    pick: np.ufunc,
    full: NDArray[Number] | None = None,
) -> NDArray[Number]:
    """What `pick` leaves of the rows (axis -2) or columns (-1) that share one of `limit` pixels."""
    count = values.shape[axis]
    if axis == -2 and count >= SPARSE * limit:
        return _most_rows(values, limit, pick, full)
    if full is not None:
        values = np.divide(values, full, dtype=values.dtype)
    if count <= limit:
        return values
    bounds = cell_at(np.arange(limit + 1), count, limit)
    starts, lasts = bounds[:-1], bounds[1:] - 1
    found = _taken(values, starts, axis)
    for step in range(1, int((lasts - starts).max()) + 1):
        pick(found, _taken(values, np.minimum(starts + step, lasts), axis), out=found)
    return found


def _most_rows(
    values: NDArray[Number], limit: int, pick: np.ufunc, full: NDArray[Number] | None
) -> NDArray[Number]:
    """The same for many rows, and whole ones at a time."""
    *many, count, width = values.shape
    rows = np.empty((*many, limit, width), values.dtype)
    bounds = cell_at(np.arange(limit + 1), count, limit).tolist()
    parts = np.empty((*many, -(-count // limit), width), values.dtype)
    for row, (start, end) in enumerate(itertools.pairwise(bounds)):
        some = values[..., start:end, :]
        if full is not None:  # these few numbers stay in the processor's cache
            some = np.divide(some, full[..., start:end, :], out=parts[..., : end - start, :])
        pick.reduce(some, axis=-2, out=rows[..., row, :])
    return rows


def _taken(values: NDArray[Number], indices: NDArray[np.intp], axis: int) -> NDArray[Number]:
    """Some rows or columns; `take` is faster, but first copies what is not contiguous."""
    if axis == -2 and not values.flags.c_contiguous:
        found: NDArray[Number] = values[..., indices, :]
        return found
    return values.take(indices, axis)


def _length(pixels: slice) -> int:
    """How many pixels an area is wide."""
    return int(pixels.stop - pixels.start)
