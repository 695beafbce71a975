"""Tests of the arcs as they are painted: lines read back from pixels, hovering, keys, scrolling."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bertviz_app.analysis.arcs import Arcs, Pairs
from bertviz_app.analysis.heads import HeadMap
from bertviz_app.core.encoding import Encoding
from bertviz_app.core.state import Pick, Show, ViewOptions
from bertviz_app.core.trace import Array
from bertviz_app.ui import look
from bertviz_app.ui.parts.arcs_layout import LEAST, ArcsLayout
from bertviz_app.ui.parts.arcs_painting import HeadArcs, part_of_way
from bertviz_app.ui.parts.arcs_picture import ArcsPicture
from bertviz_app.ui.parts.map_layout import PAD, Cross
from bertviz_app.ui.theme import LIGHT
from tests.synthetic import encoding, sentence
from tests.ui.looking import shows

LEFT, NONE, CTRL = (
    Qt.MouseButton.LeftButton,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
)


@pytest.fixture
def picture(qtbot: QtBot) -> Iterator[ArcsPicture]:
    look.load_fonts()
    look.apply(look.Look())
    made = ArcsPicture()
    qtbot.addWidget(made)
    made.resize(505, 480)
    made.show()
    yield made
    look.apply(look.Look())


def of(
    weights: Array,
    encoded: Encoding | None = None,
    *,
    number: int = 0,
    count: int = 1,
    pairs: Pairs = Pairs.ALL,
    before: Array | None = None,
    **options: object,
) -> HeadArcs:
    encoded = encoded or encoding(sentence(len(weights) - 2))
    shown = HeadMap(weights, encoded, ViewOptions(show=Show.DIFFERENCE, **options), before)  # type: ignore[arg-type]
    return HeadArcs((0, number), f"1.{number + 1}", Arcs(shown, pairs), number, count)


def looks_at(T: int, step: int, weight: float = 1.0) -> Array:
    """Every token looks `step` tokens on, as far as there are any."""
    return weight * np.eye(T, k=step, dtype=np.float32)


def laid_out(picture: ArcsPicture) -> ArcsLayout:
    found = picture.layout_now
    assert found is not None
    return found


def on_line(picture: ArcsPicture, row: int, column: int, along: float) -> QPointF:
    """A point of the line from a row to a column."""
    layout = laid_out(picture)
    start, end = layout.rows.middle(row), layout.rows.middle(column)
    x = layout.left + along * (layout.right - layout.left)
    return QPointF(x, start + (end - start) * part_of_way(along))


def ink_at(picture: ArcsPicture, point: QPointF) -> float:
    """How dark the darkest pixel around a point is, 0 paper to 1."""
    image = picture.viewport().grab().toImage()
    x, y = round(point.x()), round(point.y())
    darkest = min(image.pixelColor(x, y + aside).lightnessF() for aside in (-1, 0, 1))
    return 1 - darkest


def label(picture: ArcsPicture, cross: Cross) -> QPointF:
    layout = laid_out(picture)
    x = layout.left - 30 if cross.row is not None else layout.right + 30
    row = cross.row if cross.row is not None else cross.column
    assert row is not None
    return QPointF(x, layout.rows.middle(row))


def test_lines_lead_from_who_looks_to_who_is_looked_at(picture: ArcsPicture) -> None:
    picture.show_heads([of(looks_at(8, 1))], Pick(), None)
    for along in (0.1, 0.3, 0.5, 0.7, 0.9):
        for row in range(7):
            assert ink_at(picture, on_line(picture, row, row + 1, along)) > 0.3
    assert ink_at(picture, on_line(picture, 7, 7, 0.5)) < 0.05
    picture.show_heads([of(looks_at(8, -2))], Pick(), None)
    assert ink_at(picture, on_line(picture, 5, 3, 0.9)) > 0.3
    assert ink_at(picture, on_line(picture, 3, 5, 0.9)) < 0.05


def test_opacity_is_the_root_of_the_weight(picture: ArcsPicture) -> None:
    weights = np.zeros((8, 8), np.float32)
    weights[2, 2], weights[4, 4], weights[6, 6] = 1.0, 0.25, 0.01
    picture.show_heads([of(weights)], Pick(), None)
    full, half, tenth = (ink_at(picture, on_line(picture, at, at, 0.5)) for at in (2, 4, 6))
    assert half / full == pytest.approx(0.5, abs=0.06)
    assert tenth / full == pytest.approx(0.1, abs=0.06)


def test_a_pinned_token_shows_its_lines_alone_unless_all_are_wanted(picture: ArcsPicture) -> None:
    heads = [of(looks_at(8, 1))]
    picture.show_heads(heads, Pick(token=3), None)
    assert ink_at(picture, on_line(picture, 3, 4, 0.5)) > 0.3
    assert ink_at(picture, on_line(picture, 5, 6, 0.5)) < 0.05
    picture.show_heads(heads, Pick(second=6), None)
    assert ink_at(picture, on_line(picture, 5, 6, 0.5)) > 0.3
    assert ink_at(picture, on_line(picture, 3, 4, 0.5)) < 0.05
    picture.show_heads(heads, Pick(token=3), None, every=True)
    assert ink_at(picture, on_line(picture, 5, 6, 0.5)) > 0.3


@pytest.mark.parametrize("cross", [Cross(row=2), Cross(column=3)])
def test_a_hovered_token_shows_its_lines_alone(
    qtbot: QtBot, picture: ArcsPicture, cross: Cross
) -> None:
    picture.show_heads([of(looks_at(8, 1))], Pick(token=5), None)
    with qtbot.waitSignals([picture.previewed, picture.pointed]):
        picture.point_at(label(picture, cross))
    assert picture.hovered == cross
    assert ink_at(picture, on_line(picture, 2, 3, 0.5)) > 0.3
    assert ink_at(picture, on_line(picture, 5, 6, 0.5)) < 0.05
    picture.point_at(None)
    assert ink_at(picture, on_line(picture, 5, 6, 0.5)) > 0.3


def test_what_is_hovered_elsewhere_is_shown_here(picture: ArcsPicture) -> None:
    picture.show_heads([of(looks_at(8, 1))], Pick(), Pick(token=2))
    assert ink_at(picture, on_line(picture, 2, 3, 0.5)) > 0.3
    assert ink_at(picture, on_line(picture, 5, 6, 0.5)) < 0.05


def test_the_line_under_the_mouse_is_found_and_kept(qtbot: QtBot, picture: ArcsPicture) -> None:
    picture.show_heads([of(looks_at(8, 3))], Pick(), None)
    point = on_line(picture, 1, 4, 0.4)
    picture.point_at(point + QPointF(0, 3))
    assert picture.hovered == Cross(1, 4)
    picture.point_at(on_line(picture, 7, 7, 0.1))
    assert picture.hovered == Cross()
    with qtbot.waitSignal(picture.picked) as kept:
        qtbot.mouseClick(picture.viewport(), LEFT, pos=point.toPoint())
    assert kept.args == [Pick(token=1, second=4)]


def test_labels_are_kept_followed_and_hidden(qtbot: QtBot, picture: ArcsPicture) -> None:
    picture.show_heads([of(looks_at(8, 1))], Pick(), None)
    left, right = (label(picture, at).toPoint() for at in (Cross(row=2), Cross(column=5)))
    for point, keys, pick in (
        (left, NONE, Pick(token=2)),
        (right, NONE, Pick(second=5)),
        (left, CTRL, Pick(second=2)),
    ):
        with qtbot.waitSignal(picture.picked) as kept:
            qtbot.mouseClick(picture.viewport(), LEFT, keys, point)
        assert kept.args == [pick]
    with qtbot.waitSignal(picture.hidden) as hidden:
        qtbot.mouseDClick(picture.viewport(), LEFT, pos=right)
    assert hidden.args == [5, False]


def test_keys_move_the_pins_and_enter_hides(qtbot: QtBot, picture: ArcsPicture) -> None:
    picture.show_heads([of(looks_at(8, 1))], Pick(token=3, second=4), None)
    for key, pick in (
        (Qt.Key.Key_Down, Pick(token=4, second=4)),
        (Qt.Key.Key_Right, Pick(token=3, second=5)),
        (Qt.Key.Key_End, Pick(token=3, second=7)),
    ):
        with qtbot.waitSignal(picture.picked) as moved:
            qtbot.keyClick(picture, key)
        assert moved.args == [pick]
    with qtbot.waitSignal(picture.hidden) as hidden:
        qtbot.keyClick(picture, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert hidden.args == [3, True]


def test_heads_have_hues_and_lanes_of_their_own(picture: ArcsPicture) -> None:
    heads = [of(looks_at(8, 1), number=at, count=9) for at in range(9)]
    assert len({(head.colour.name(), head.dash) for head in heads}) == 9
    picture.show_heads(heads[:3], Pick(token=3), None)
    lines = laid_out(picture).lines
    image = picture.viewport().grab(lines.toAlignedRect()).toImage()
    column = {image.pixelColor(60, y).name() for y in range(image.height())}
    near = [min(_apart(QColor(hue), QColor(seen)) for seen in column) for hue in LIGHT.arcs]
    assert max(near[:3]) < 60
    assert near[3] > 60


def test_differences_have_the_colours_of_their_sign(picture: ArcsPicture) -> None:
    weights, before = looks_at(8, 1), looks_at(8, -1)
    picture.show_heads([of(weights, before=before)], Pick(token=3), None)
    image = picture.viewport().grab().toImage()
    for column, stop in ((4, -1), (2, 0)):
        point = on_line(picture, 3, column, 0.98)
        seen = image.pixelColor(round(point.x()), round(point.y()))
        assert _apart(seen, QColor(LIGHT.diverging[stop])) < 60


def test_what_is_folded_stands_in_a_row_of_its_own(picture: ArcsPicture) -> None:
    weights = np.full((8, 8), 0.125, np.float32)
    edge = QRectF(8, 0, 200, 20)
    for fold in (False, True):
        picture.show_heads([of(weights, fold=fold)], Pick(token=3), None)
        layout = laid_out(picture)
        rows = layout.rows
        assert rows.start + rows.room + 20 * (1 + fold) + PAD == picture.viewport().height()
        edge.moveTop(layout.edge)
        assert (shows(picture.viewport(), "muted", edge) > 0) == fold


def test_as_many_tokens_as_bert_reads_scroll_and_show_the_lines_of_one(
    picture: ArcsPicture,
) -> None:
    heads = [of(looks_at(512, 1))]
    picture.show_heads(heads, Pick(), None)
    layout = laid_out(picture)
    assert layout.rows.cell == LEAST
    assert ink_at(picture, on_line(picture, 5, 6, 0.5)) < 0.05
    picture.show_heads(heads, Pick(token=400), None)
    assert laid_out(picture).lines.contains(on_line(picture, 400, 401, 0.5))
    assert ink_at(picture, on_line(picture, 400, 401, 0.5)) > 0.3
    picture.point_at(label(picture, Cross(row=390)))
    assert ink_at(picture, on_line(picture, 390, 391, 0.5)) > 0.3


def test_where_not_all_are_named_those_are_that_a_hovered_token_looks_at_most(
    picture: ArcsPicture,
) -> None:
    weights = looks_at(100, 1)
    weights[40] = 0
    weights[40, 70], weights[40, 20] = 0.6, 0.4
    picture.show_heads([of(weights)], Pick(token=5), None)
    layout = laid_out(picture)
    beside = [QRectF(layout.right + 8, layout.rows.middle(at) - 5, 90, 10) for at in (70, 20)]
    assert [shows(picture.viewport(), "text", area) for area in beside] == [0, 0]
    picture.point_at(label(picture, Cross(row=40)))
    assert min(shows(picture.viewport(), "text", area) for area in beside) > 0


def test_what_is_not_kept_has_no_number(picture: ArcsPicture) -> None:
    weights = np.full((8, 8), 0.1, np.float32)
    weights[:, 2] = 0.3
    for keep, written in ((1.0, True), (0.3, False)):
        picture.show_heads([of(weights, keep=keep)], Pick(token=3), None)
        layout = laid_out(picture)
        area = QRectF(layout.value_right - 50, layout.rows.middle(5) - 6, 50, 12)
        assert (shows(picture.viewport(), "text", area) > 0) == written


def test_control_and_the_wheel_enlarge_what_is_under_the_mouse(picture: ArcsPicture) -> None:
    picture.show_heads([of(looks_at(64, 1))], Pick(), None)
    before = laid_out(picture)
    point = label(picture, Cross(row=40))
    event = QWheelEvent(
        point,
        QPointF(picture.mapToGlobal(point.toPoint())),
        QPoint(),
        QPoint(0, 360),
        Qt.MouseButton.NoButton,
        CTRL,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(picture.viewport(), event)
    after = laid_out(picture)
    assert after.rows.cell > 1.5 * before.rows.cell
    assert after.rows.at(point.y()) == 40


def test_a_sentence_stands_where_there_is_nothing(picture: ArcsPicture) -> None:
    picture.show_heads([of(looks_at(8, 1))], Pick(), None)
    picture.say("Nothing is hidden.")
    assert picture.layout_now is None
    assert shows(picture.viewport(), "muted") > 20


def _apart(one: QColor, other: QColor) -> int:
    return sum(abs(a - b) for a, b in zip(one.toTuple(), other.toTuple(), strict=True))
