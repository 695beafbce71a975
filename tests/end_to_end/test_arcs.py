"""The first start in the real window, and from its line to the arithmetic of its weight."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt

from bertviz_app.ui.examples import FIRST
from bertviz_app.ui.parts.arcs_painting import part_of_way
from bertviz_app.ui.parts.arcs_picture import ArcsPicture
from tests.fixtures.desk import Desk

READOUT = "[MASK] looks at woman 0.43, the 0.35; folded 0.06; the other 4 share 0.16"


def line(picture: ArcsPicture, row: int, column: int) -> QPointF:
    """The end of the line from a row to a column, where it is by itself."""
    layout = picture.layout_now
    assert layout is not None
    start, end = layout.rows.middle(row), layout.rows.middle(column)
    x = layout.left + 0.95 * (layout.right - layout.left)
    return QPointF(x, start + (end - start) * part_of_way(0.95))


def test_from_the_line_of_the_first_start_to_its_arithmetic(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    view = desk.view("arcs")
    picture = view.picture
    assert isinstance(picture, ArcsPicture)
    assert view.isVisible()
    assert view.readout == READOUT
    assert "The strongest line" in FIRST.notice[1]

    point = line(picture, 3, 1)  # [CLS] is folded: the woman washed [MASK] hands .
    picture.point_at(point)
    assert view.readout.startswith("[MASK] looks at woman 0.43; folded 0.06")
    desk.qtbot.mouseClick(picture.viewport(), Qt.MouseButton.LeftButton, pos=point.toPoint())
    assert (desk.snapshot.token, desk.snapshot.second) == (4, 2)

    desk.window.open_view("arithmetic")
    arithmetic = desk.view("arithmetic")
    desk.wait(lambda: "softmax over 8: 0.4286" in arithmetic.readout)
    assert not view.isVisible()


def test_typing_and_silencing_are_followed(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.window.actions_by_name["change.silence"].trigger()
    desk.settle()
    as_is = READOUT.replace("0.43", "0.43 (as is 0.43)").replace("0.35", "0.35 (as is 0.35)")
    assert desk.view("arcs").readout == as_is
    desk.retype("The farmers cultivate the [MASK] to grow crops.")
    assert "; the other 10 share " in desk.view("arcs").readout
