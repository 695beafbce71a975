"""A cloud of points: where they are on the way through the layers, and where their labels stand."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF

from bertviz_app.ui import look
from bertviz_app.ui.parts.vectors import Dot

LABEL, APART = 14, 6
"""Height of a label, and its distance from its point."""

TRIED = 160
"""Labels for which a place is looked for, the important ones first."""


@dataclass(frozen=True, eq=False)
class Cloud:
    """The points at every depth.

    Attributes:
        dots: what they are (N,).
        places: where they lie (L + 1, N, 2).
    """

    dots: tuple[Dot, ...] = ()
    places: NDArray[np.float64] | None = None

    def at(self, depth: float, room: QSizeF) -> NDArray[np.float64]:
        """Where the points are around the middle of a room of pixels (N, 2), x to the right, y up.

        Between two depths they are on the straight way from one to the next. Both directions have
        one unit, and each depth fills the room.
        """
        if self.places is None:
            return np.empty((0, 2))
        below = min(int(depth), len(self.places) - 1)
        above = min(below + 1, len(self.places) - 1)
        ends = [_filling(self.places[layer], room) for layer in (below, above)]
        return ends[0] + (depth - below) * (ends[1] - ends[0])


def free_places(
    points: Sequence[QPointF],
    widths: Sequence[float],
    order: Sequence[int],
    room: QSizeF,
    *,
    sure: Container[int] = (),
) -> dict[int, QRectF]:
    """Where the labels of points stand so that none is over another, nor over a point.

    Those first in `order` are placed first. What finds no place has no label, but those of `sure`
    then stand over points.
    """
    crowd = np.array([(point.x(), point.y()) for point in points]).reshape(-1, 2).T.copy()
    nobody, found = np.empty((2, 0)), dict[int, QRectF]()
    for number in order[:TRIED]:
        for others in (crowd, nobody) if number in sure else (crowd,):
            areas = around(points[number], widths[number], room)
            free = (one for one in areas if not _is_taken(one, found.values(), others))
            if number not in found and (area := next(free, None)) is not None:
                found[number] = area
    return found


def around(point: QPointF, wide: float, room: QSizeF) -> Iterator[QRectF]:
    """Where a label may stand: right of its point, left of it, over it, under it."""
    px = look.current().px
    high, apart = px(LABEL), px(APART)
    for left, top in (
        (point.x() + apart, point.y() - high / 2),
        (point.x() - apart - wide, point.y() - high / 2),
        (point.x() - wide / 2, point.y() - apart - high),
        (point.x() - wide / 2, point.y() + apart),
    ):
        if left >= 0 and left + wide <= room.width():
            yield QRectF(left, top, wide, high)


def _filling(places: NDArray[np.float64], room: QSizeF) -> NDArray[np.float64]:
    """Places (N, 2) moved to the middle and enlarged to fill a room; what is none is at 0."""
    if not np.isfinite(places).all():
        return np.zeros_like(places)
    low, high = places.min(axis=0), places.max(axis=0)
    sides = np.maximum(high - low, 1e-12)
    scale = min(room.width() / sides[0], room.height() / sides[1])
    # Points in one place, or on one line, must not be blown up to the size of their rounding.
    scale = scale if sides.max() > 1e-9 else 0.0
    filled: NDArray[np.float64] = (places - (low + high) / 2) * scale
    return filled


def _is_taken(area: QRectF, taken: Iterable[QRectF], crowd: NDArray[np.float64]) -> bool:
    """Whether another label or one of the points (2, N) is there."""
    xs, ys = crowd
    beside = (xs > area.left()) & (xs < area.right())
    if (beside & (ys > area.top()) & (ys < area.bottom())).any():
        return True
    return any(area.intersects(other) for other in taken)
