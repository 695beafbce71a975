"""Where the boxes of the token strip stand, and which of them are behind its window."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from bertviz_app.ui import look
from bertviz_app.ui.parts.piece_painting import LINE, gap_before, piece_width
from bertviz_app.ui.parts.pieces import StripPiece

TOP, MARGIN = 4, 8
"""Free pixels above the first line, and at both ends of each."""

NEIGHBOUR = 64
"""Pixels that stay visible beside a token that was scrolled to."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where one piece stands: its line, its left end on that line, its width."""

    line: int
    left: float
    width: float

    @property
    def right(self) -> float:
        """Its right end."""
        return self.left + self.width


def _left(box: Box) -> float:
    return box.left


class Flow:
    """The boxes of all pieces, one after the other, on one endless line or on lines of a width.

    Args:
        widths: how wide each box is.
        gaps: what is left free before each box.
        line_width: where lines end; None for one endless line.

    Attributes:
        boxes: where each piece stands.
        width: how wide the widest line is.
    """

    def __init__(
        self, widths: Sequence[float], gaps: Sequence[float], line_width: float | None
    ) -> None:
        self.boxes: list[Box] = []
        self._starts: list[int] = []
        line, left = -1, 0.0
        for number, (width, gap) in enumerate(zip(widths, gaps, strict=True)):
            left += gap
            if line < 0 or (line_width is not None and left + width > line_width):
                line, left = line + 1, 0.0
                self._starts.append(number)
            self.boxes.append(Box(line, left, width))
            left += width
        self.width = max((box.right for box in self.boxes), default=0.0)

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return len(self._starts)

    def between(self, line: int, left: float, right: float) -> range:
        """The pieces of `line` that can be seen between two x."""
        if not 0 <= line < self.lines:
            return range(0)
        first = self._starts[line]
        end = self._starts[line + 1] if line + 1 < self.lines else len(self.boxes)
        start = max(bisect_right(self.boxes, left, first, end, key=_left) - 1, first)
        return range(start, bisect_right(self.boxes, right, first, end, key=_left))

    def at(self, line: int, x: float) -> int | None:
        """The piece at a point, if there is one."""
        for number in self.between(line, x, x):
            if self.boxes[number].left <= x < self.boxes[number].right:
                return number
        return None


class Roll:
    """The boxes of all pieces, and the part of them that is visible: `lines` lines, `width` wide.

    One line scrolls by pixels to the right; several scroll by lines, as a text does. There are no
    more lines than there are pieces for.

    Attributes:
        pieces: what the boxes say.
        places: the place of each token's box among all boxes.
    """

    def __init__(self) -> None:
        self.pieces: tuple[StripPiece, ...] = ()
        self.places: dict[int, int] = {}
        self.lines = 1
        self._inside = 0
        self._scroll = 0
        self._flow = Flow((), (), None)

    def lay_out(self, pieces: tuple[StripPiece, ...], width: int, most: int) -> None:
        """Place the boxes again on at most so many lines: other pieces, width or text size."""
        self.pieces = pieces
        positions = [piece.position for piece in pieces]
        self.places = {at: place for place, at in enumerate(positions) if at is not None}
        self._inside = width - 2 * look.current().px(MARGIN)
        self._flow = Flow(
            [piece_width(piece) for piece in pieces],
            [gap_before(piece) for piece in pieces],
            self._inside if most > 1 else None,
        )
        self.lines = min(max(self._flow.lines, 1), most)
        self._scroll = min(self._scroll, self._furthest)

    @property
    def free(self) -> float:
        """Pixels that are free beside the boxes; below 0 if not all of them are visible."""
        if self._flow.lines > self.lines:
            return -1.0
        return self._inside - self._flow.width

    @property
    def is_whole(self) -> bool:
        """Whether all boxes are visible, on one line."""
        return self.lines == 1 and self.free >= 0

    @property
    def text_area(self) -> QRectF:
        """Where the lines are, without the margins."""
        px = look.current().px
        return QRectF(px(MARGIN), px(TOP), self._inside, self.lines * px(LINE))

    def area(self, place: int) -> QRectF:
        """Where a box stands, a line high; it may be scrolled away."""
        box, px = self._flow.boxes[place], look.current().px
        left, first = self._origin
        top = px(TOP) + (box.line - first) * px(LINE)
        return QRectF(px(MARGIN) + box.left - left, top, box.width, px(LINE))

    def token_at(self, point: QPointF) -> int | None:
        """The token whose box is at a point."""
        px = look.current().px
        line = int((point.y() - px(TOP)) // px(LINE))
        if not 0 <= line < self.lines:
            return None
        left, first = self._origin
        place = self._flow.at(first + line, point.x() - px(MARGIN) + left)
        return self.pieces[place].position if place is not None else None

    def visible(self) -> Iterator[int]:
        """The places of the boxes that can be seen, at least in part."""
        (left, first), margin = self._origin, look.current().px(MARGIN)
        for line in range(first, first + self.lines):
            yield from self._flow.between(line, left - margin, left + self._inside + margin)

    def turn(self, notches: float) -> None:
        """Scroll on by turns of a wheel; back if negative."""
        step = 1 if self.lines > 1 else 3 * look.current().px(LINE)
        self._move(self._scroll + round(notches * step))

    def bring(self, token: int | None) -> None:
        """Scroll as little as it takes to see the box of a token."""
        if token not in self.places:
            return
        box = self._flow.boxes[self.places[token]]
        if self.lines > 1:
            least, most = box.line - self.lines + 1, box.line
        else:
            beside = look.current().px(NEIGHBOUR)
            least = math.ceil(box.right - self._inside + beside)
            most = max(math.floor(box.left - beside), least)
        self._move(min(max(self._scroll, least), most))

    def _move(self, scroll: int) -> None:
        self._scroll = min(max(scroll, 0), self._furthest)

    @property
    def _furthest(self) -> int:
        if self.lines > 1:
            return max(self._flow.lines - self.lines, 0)
        return max(math.ceil(self._flow.width - self._inside), 0)

    @property
    def _origin(self) -> tuple[int, int]:
        """The x and the line where what is visible begins."""
        return (0, self._scroll) if self.lines > 1 else (self._scroll, 0)
