"""Paints the token strip: the boxes in sight, how they are marked, and the overview under them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui import look
from bertviz_app.ui.parts.painting import looked_at_mark, looks_mark, outline, plain_text
from bertviz_app.ui.parts.piece_painting import BOX, Marks, paint_marks, paint_piece
from bertviz_app.ui.parts.piece_roll import Roll

OVERVIEW = 6
"""Height of the overview."""

SPOT = 16
"""A mark in the overview is never wider."""

LEGEND = ("looks", "is looked at", "hidden")


def paint_strip(
    painter: QPainter,
    roll: Roll,
    snapshot: Snapshot,
    hovered: int | None,
    *,
    tints: Mapping[int, QColor],
) -> None:
    """Paint what is visible of `roll`; `tints` colour tokens in the overview."""
    if not roll.pieces:
        return
    visible, marks = list(roll.visible()), _marked(snapshot, hovered)
    for place in visible:
        paint_piece(painter, roll.area(place), roll.pieces[place])
    for place in visible:
        if (mark := marks.get(roll.pieces[place].position)) is not None:
            paint_marks(painter, roll.area(place), mark)
    if roll.free >= _legend_width():
        _paint_legend(painter, roll.text_area)
    _paint_overview(painter, roll, tints.items(), _spots(snapshot))
    shown = [at for place in visible if (at := roll.pieces[place].position) is not None]
    if shown and len(shown) < len(roll.places):
        window = stripe(roll, shown[0]).united(stripe(roll, shown[-1]))
        outline(painter, window.adjusted(-1, -2, 1, 2), look.current().colour("text"), 1)


def overview_area(roll: Roll) -> QRectF:
    """Where all tokens have their stripes."""
    text, wide = roll.text_area, roll.text_area.width()
    if roll.is_whole and roll.places:
        wide = roll.area(max(roll.places.values())).right() - text.left()
    return QRectF(text.left(), text.bottom(), wide, look.current().px(OVERVIEW))


def stripe(roll: Roll, token: int) -> QRectF:
    """The stripe of a token: under its box where all boxes are in sight, else one of equal ones."""
    area = overview_area(roll)
    if roll.is_whole:
        box = roll.area(roll.places[token])
        return QRectF(box.left(), area.top(), box.width(), area.height())
    each = area.width() / len(roll.places)
    return QRectF(area.left() + token * each, area.top(), each, area.height())


def token_in_overview(roll: Roll, point: QPointF) -> int | None:
    """The token whose stripe is at a point of the overview."""
    area, count = overview_area(roll), len(roll.places)
    if not count or not area.contains(point):
        return None
    if roll.is_whole:
        return roll.token_at(QPointF(point.x(), roll.text_area.center().y()))
    return min(int((point.x() - area.left()) / area.width() * count), count - 1)


def _marked(snapshot: Snapshot, hovered: int | None) -> dict[int | None, Marks]:
    """The tokens that are marked in some way, and how."""
    token, second, preview = snapshot.token, snapshot.second, snapshot.preview
    pinned = snapshot.state.selection.token is not None
    lit = {hovered, preview.token if preview is not None else None}
    lit_second = preview.second if preview is not None else None
    return {
        at: Marks(
            pinned=at == token and pinned,
            rests=at == token and not pinned,
            second=at == second,
            hovered=at in lit,
            hovered_second=at == lit_second,
        )
        for at in {token, second, lit_second, *lit} - {None}
    }


def _spots(snapshot: Snapshot) -> Iterator[tuple[int, QColor]]:
    style = look.current()
    masks = snapshot.trace.encoding.masks if snapshot.trace is not None else ()
    yield from ((position, style.colour("mask_fill")) for position in masks)
    for position, role in ((snapshot.second, "key"), (snapshot.token, "query")):
        if position is not None:
            yield position, style.colour(role)


def _paint_overview(
    painter: QPainter,
    roll: Roll,
    tints: Iterable[tuple[int, QColor]],
    spots: Iterable[tuple[int, QColor]],
) -> None:
    """The stripes of all tokens: each in its tint, those that are marked with a spot."""
    painter.fillRect(overview_area(roll), look.current().colour("hairline"))
    for token, colour in tints:
        one = stripe(roll, token)
        one.setWidth(max(one.width(), 1.0))
        painter.fillRect(one, colour)
    for token, colour in spots:
        one = stripe(roll, token)
        width = min(max(one.width() - 1, 2.0), look.current().px(SPOT))
        spot = QRectF(one.center().x() - width / 2, one.top(), width, one.height())
        painter.fillRect(spot, colour)


def _legend_width() -> float:
    """How wide the legend of the strip is."""
    style = look.current()
    return sum(look.text_width(style.sans(), word) + style.px(24) for word in LEGEND)


def _paint_legend(painter: QPainter, area: QRectF) -> None:
    """The signs of the strip, explained at its right end."""
    style = look.current()
    x = area.right() - _legend_width()
    middle = area.top() + style.px(BOX) / 2
    for word in LEGEND:
        sign = QPointF(x + style.px(4), middle)
        if word == "looks":
            looks_mark(painter, sign, style.px(7), style.colour("query"))
        elif word == "is looked at":
            looked_at_mark(painter, sign, style.px(7), style.colour("key"))
        else:
            edge = QRectF(x, middle - style.px(5), style.px(9), style.px(10))
            painter.fillRect(edge, style.colour("mask_fill"))
            outline(painter, edge, style.colour("mask_edge"), 1, Qt.PenStyle.DashLine)
        width = look.text_width(style.sans(), word) + 1
        painter.setPen(style.colour("muted"))
        words = QRectF(x + style.px(12), area.top(), width, style.px(BOX))
        plain_text(painter, words, word, style.sans())
        x += width - 1 + style.px(24)
