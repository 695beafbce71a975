"""Tests of the map: cells read back from the pixels, labels, pins, keys, enlarging."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bertviz_app.analysis.heads import HeadMap
from bertviz_app.core.encoding import Encoding
from bertviz_app.core.state import Pick, Scale, Show, ViewOptions
from bertviz_app.core.trace import Array
from bertviz_app.ui import look
from bertviz_app.ui.parts.map_layout import ENLARGED, Cross, MapLayout
from bertviz_app.ui.parts.map_picture import MapPicture
from bertviz_app.ui.theme import DARK, LIGHT, Theme
from tests.synthetic import encoding, sentence, short_encoding
from tests.ui.looking import alike, shows

LEFT, NONE, CTRL = (
    Qt.MouseButton.LeftButton,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
)


@pytest.fixture
def picture(qtbot: QtBot) -> Iterator[MapPicture]:
    look.load_fonts()
    look.apply(look.Look())
    made = MapPicture()
    qtbot.addWidget(made)
    made.resize(505, 480)
    made.show()
    yield made
    look.apply(look.Look())


def previous_token(T: int) -> Array:
    weights = np.eye(T, k=-1, dtype=np.float32)
    weights[0, 0] = 1
    return weights


def head_map(
    weights: Array,
    *,
    encoded: Encoding | None = None,
    masks: Sequence[int] = (),
    folds: bool = False,
    signed: bool = False,
    scale: Scale = Scale.ROOT,
) -> HeadMap:
    T = len(weights)
    if encoded is None:
        encoded = encoding(sentence(T - 2, masks)) if T > 2 else short_encoding(T)
    before = np.zeros_like(weights) if signed else None
    options = ViewOptions(folds, scale, Show.DIFFERENCE)
    return HeadMap(weights, encoded, options, before)


def show(
    picture: MapPicture, shown: HeadMap, pinned: Pick | None = None, tried: Pick | None = None
) -> None:
    picture.show_map(shown, pinned or Pick(), tried)


def laid_out(picture: MapPicture) -> MapLayout:
    found = picture.layout_now
    assert found is not None
    return found


def seen(picture: MapPicture) -> QImage:
    return picture.viewport().grab().toImage()


def point(picture: MapPicture, row: int, column: int) -> QPoint:
    layout = laid_out(picture)
    left, right = layout.column_span(column)
    return QPointF((left + right - 1) / 2, layout.rows.middle(row)).toPoint()


def corner(picture: MapPicture, row: int, column: int) -> QPoint:
    """A point of a cell that no value is written on."""
    layout = laid_out(picture)
    return QPoint(layout.column_span(column)[0] + 1, layout.rows.span(row)[0] + 1)


def colour_at(image: QImage, where: QPoint) -> str:
    return image.pixelColor(where).name()


def move(picture: MapPicture, where: QPoint | None) -> None:
    picture.point_at(None if where is None else QPointF(where))


def turn_wheel(picture: MapPicture, where: QPoint, notches: int, modifier: object = CTRL) -> None:
    event = QWheelEvent(
        QPointF(where),
        QPointF(picture.viewport().mapToGlobal(where)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(picture.viewport(), event)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("T", [4, 8, 16, 32, 64])
def test_a_head_of_the_previous_token_is_not_one_of_the_next(
    picture: MapPicture, theme: Theme, T: int
) -> None:
    look.apply(look.Look(theme))
    show(picture, head_map(previous_token(T)))
    image = seen(picture)
    for row in range(1, T - 1):
        assert colour_at(image, corner(picture, row, row - 1)).upper() == theme.ink[4]
        assert colour_at(image, corner(picture, row, row + 1)).upper() == theme.paper


@pytest.mark.parametrize("T", [128, 512])
def test_no_weight_is_lost_where_cells_are_smaller_than_pixels(picture: MapPicture, T: int) -> None:
    weights = np.zeros((T, T), np.float32)
    weights[T // 3, T // 2] = 1
    show(picture, head_map(weights))
    image = seen(picture)
    where = point(picture, T // 3, T // 2)
    around = [QPoint(where.x() + x, where.y() + y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
    assert LIGHT.ink[4].lower() in [colour_at(image, at) for at in around]


def test_the_folded_weight_stands_in_the_edge_column(picture: MapPicture) -> None:
    weights = np.zeros((8, 8), np.float32)
    weights[:, 0] = weights[:, 7] = 0.5
    show(picture, head_map(weights, folds=True))
    image = seen(picture)
    assert colour_at(image, corner(picture, 2, 6)).upper() == LIGHT.ink[4]
    assert colour_at(image, corner(picture, 2, 2)).upper() == LIGHT.paper


def test_differences_have_signed_colours(picture: MapPicture) -> None:
    weights = np.zeros((8, 8), np.float32)
    weights[1, 2], weights[2, 1] = 1, -1
    show(picture, head_map(weights, signed=True))
    image = seen(picture)
    assert colour_at(image, corner(picture, 1, 2)).upper() == LIGHT.diverging[4]
    assert colour_at(image, corner(picture, 2, 1)).upper() == LIGHT.diverging[0]
    assert colour_at(image, corner(picture, 3, 3)).upper() == LIGHT.paper


def test_values_are_written_in_large_cells_only(picture: MapPicture) -> None:
    for T, written in ((8, True), (16, False)):
        show(picture, head_map(np.zeros((T, T), np.float32)))
        layout = laid_out(picture)
        cell = QRectF(
            layout.columns.span(2)[0] + 1,
            layout.rows.span(2)[0] + 1,
            layout.columns.cell - 2,
            layout.rows.cell - 2,
        )
        assert bool(shows(picture.viewport(), "text", cell)) is written


def test_what_is_not_a_number_is_hatched_and_spoils_only_its_cell(picture: MapPicture) -> None:
    weights = np.zeros((16, 16), np.float32)
    weights[4, 5] = np.nan
    show(picture, head_map(weights))
    layout = laid_out(picture)
    assert shows(picture.viewport(), "error", layout.cells) > 50
    left, right = layout.columns.span(5)
    top, bottom = layout.rows.span(4)
    beside = QRectF(right, top, right - left, bottom - top)
    assert shows(picture.viewport(), "error", beside) == 0


def test_the_pinned_row_is_framed_as_query_and_the_second_column_as_key(
    picture: MapPicture,
) -> None:
    shown = head_map(np.ones((16, 16), np.float32))
    show(picture, shown)
    assert shows(picture.viewport(), "query") == shows(picture.viewport(), "key") == 0
    show(picture, shown, Pick(token=4, second=9))
    layout = laid_out(picture)
    row, column = layout.rows.span(4), layout.columns.span(9)
    image, middle = seen(picture), int(layout.columns.middle(2))
    assert colour_at(image, QPoint(middle, row[0] - 2)).upper() == LIGHT.query
    assert colour_at(image, QPoint(middle, row[1] + 2)).upper() == LIGHT.query
    assert colour_at(image, QPoint(middle, row[0] - 1)).upper() == LIGHT.paper  # halo on full ink
    assert colour_at(image, QPoint(column[0] - 2, int(layout.rows.middle(12)))).upper() == LIGHT.key
    gutter = QRectF(0, row[0], layout.columns.start - 4, row[1] - row[0])
    assert shows(picture.viewport(), "query", gutter) > 40  # the label and its mark


def test_a_mask_stands_out_by_its_own_fill(picture: MapPicture) -> None:
    show(picture, head_map(np.zeros((8, 8), np.float32)))
    assert shows(picture.viewport(), "mask_fill") == 0
    show(picture, head_map(np.zeros((8, 8), np.float32), masks=[2]))
    layout = laid_out(picture)
    left, top = QRectF(0, 0, layout.columns.start, 480), QRectF(0, 0, 505, layout.rows.start)
    assert shows(picture.viewport(), "mask_fill", left) > 100
    assert shows(picture.viewport(), "mask_fill", top) > 100


def test_two_sentences_have_brackets_and_one_has_none(picture: MapPicture) -> None:
    for pair in (False, True):
        encoded = encoding(sentence(6), sentence(5) if pair else None)
        weights = np.zeros((len(encoded),) * 2, np.float32)
        show(picture, head_map(weights, encoded=encoded))
        for role in ("sentence_a", "sentence_b"):
            found = shows(picture.viewport(), role, QRectF(0, 0, 24, 480))
            assert bool(found > 60) is pair, role


def test_hovering_tries_a_cell_a_row_and_a_column(qtbot: QtBot, picture: MapPicture) -> None:
    show(picture, head_map(previous_token(16)))
    tried: list[Pick | None] = []
    picture.previewed.connect(tried.append)
    layout = laid_out(picture)
    move(picture, point(picture, 3, 7))
    move(picture, point(picture, 3, 7) + QPoint(1, 1))  # the same cell
    move(picture, QPoint(layout.columns.start - 20, int(layout.rows.middle(5))))
    move(picture, QPoint(int(layout.columns.middle(9)), layout.rows.start - 8))
    move(picture, None)
    assert tried == [Pick(token=3, second=7), Pick(token=5), Pick(second=9), None]


def test_hovering_shows_the_value_and_frames_row_and_column(picture: MapPicture) -> None:
    show(picture, head_map(np.zeros((16, 16), np.float32)))
    move(picture, point(picture, 3, 7))
    layout, image = laid_out(picture), seen(picture)
    x = layout.column_span(7)[1] + 12
    assert alike(colour_at(image, QPoint(x - 6, layout.rows.span(3)[1] + 12)), LIGHT.muted)
    assert colour_at(image, QPoint(int(layout.columns.middle(2)), layout.rows.span(3)[0] - 2)) == (
        QColor(LIGHT.query).name()
    )
    assert colour_at(image, QPoint(layout.columns.span(7)[0] - 2, int(layout.rows.middle(10)))) == (
        QColor(LIGHT.key).name()
    )


def test_what_another_view_tries_is_framed_too(picture: MapPicture) -> None:
    shown = head_map(np.zeros((16, 16), np.float32))
    show(picture, shown, tried=Pick(token=6))
    assert shows(picture.viewport(), "query") > 400
    show(picture, shown)
    assert shows(picture.viewport(), "query") == 0


def test_in_a_dense_map_the_hovered_token_and_its_neighbours_are_named(
    picture: MapPicture,
) -> None:
    show(picture, head_map(np.zeros((128, 128), np.float32)))
    layout = laid_out(picture)
    y = int(layout.rows.middle(60))
    around = QRectF(4, y - 44, layout.columns.start - 16, 88)
    assert shows(picture.viewport(), "text", around) == 0
    move(picture, point(picture, 60, 100))
    assert shows(picture.viewport(), "text", around) > 0
    assert shows(picture.viewport(), "query", around) > 5


def test_hovering_paints_the_resting_picture_once(picture: MapPicture) -> None:
    shown = head_map(previous_token(16))
    show(picture, shown)
    seen(picture)
    shown.relatives[0][...] = 0  # would be seen if it were painted again
    move(picture, point(picture, 3, 9))
    show(picture, shown, tried=Pick(token=3, second=9))
    assert colour_at(seen(picture), corner(picture, 6, 5)).upper() == LIGHT.ink[4]


def test_a_click_keeps_what_is_under_the_mouse(qtbot: QtBot, picture: MapPicture) -> None:
    show(picture, head_map(previous_token(16), folds=True))
    picks: list[Pick] = []
    picture.picked.connect(picks.append)
    layout, viewport = laid_out(picture), picture.viewport()
    row_label = QPoint(layout.columns.start - 20, int(layout.rows.middle(4)))
    column_label = QPoint(int(layout.columns.middle(8)), layout.rows.start - 20)
    edge_label = QPoint(int(layout.edge_area.center().x()), layout.rows.start - 20)
    clicks = [
        (point(picture, 2, 5), NONE, Pick(token=3, second=6)),
        (row_label, NONE, Pick(token=5)),
        (row_label, CTRL, Pick(second=5)),
        (column_label, NONE, Pick(second=9)),
        (column_label, CTRL, Pick(second=9)),
        (point(picture, 2, 14), NONE, Pick(token=3)),
    ]
    for where, modifier, _ in clicks:
        qtbot.mouseClick(viewport, LEFT, modifier, where)
    for nowhere in (edge_label, QPoint(2, 2)):
        qtbot.mouseClick(viewport, LEFT, NONE, nowhere)
    qtbot.mouseClick(viewport, Qt.MouseButton.MiddleButton, NONE, point(picture, 2, 5))
    assert picks == [pick for _, _, pick in clicks]


@pytest.mark.parametrize(
    ("key", "token", "second"),
    [
        (Qt.Key.Key_Left, 3, 6),
        (Qt.Key.Key_Right, 3, 8),
        (Qt.Key.Key_Up, 2, 7),
        (Qt.Key.Key_Down, 4, 7),
        (Qt.Key.Key_Home, 3, 0),
        (Qt.Key.Key_End, 3, 15),
    ],
)
def test_keys_move_the_kept_cell(
    qtbot: QtBot, picture: MapPicture, key: Qt.Key, token: int, second: int
) -> None:
    show(picture, head_map(previous_token(16)), Pick(token=3, second=7))
    with qtbot.waitSignal(picture.picked) as kept:
        qtbot.keyClick(picture, key)
    assert kept.args == [Pick(token=token, second=second)]


def test_keys_begin_at_the_strongest_cell_stop_at_the_ends_and_skip_what_is_folded(
    qtbot: QtBot, picture: MapPicture
) -> None:
    shown = head_map(previous_token(16), folds=True)
    picks: list[Pick] = []
    picture.picked.connect(picks.append)
    for pinned, key in (
        (Pick(token=6), Qt.Key.Key_Right),
        (Pick(), Qt.Key.Key_Down),
        (Pick(token=1, second=1), Qt.Key.Key_Up),
        (Pick(token=14, second=14), Qt.Key.Key_Right),
        (Pick(), Qt.Key.Key_End),
    ):
        show(picture, shown, pinned)
        qtbot.keyClick(picture, key)
    qtbot.keyClick(picture, Qt.Key.Key_Right, CTRL)
    qtbot.keyClick(picture, Qt.Key.Key_X)
    assert picks == [
        Pick(token=6, second=5),
        Pick(token=1, second=1),
        Pick(token=1, second=1),
        Pick(token=14, second=14),
        Pick(token=1, second=14),
    ]


def test_the_menu_is_of_a_labels_token_or_of_the_head(picture: MapPicture) -> None:
    show(picture, head_map(previous_token(16), folds=True))
    asked: list[int | None] = []
    picture.menu_wanted.connect(lambda token, _: asked.append(token))
    layout = laid_out(picture)
    labels = (QPoint(30, int(layout.rows.middle(4))), QPoint(int(layout.columns.middle(7)), 40))
    for where in (*labels, point(picture, 2, 2), point(picture, 2, 14)):
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, where)
        QApplication.sendEvent(picture.viewport(), event)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, labels[0], labels[0])
    QApplication.sendEvent(picture.viewport(), event)
    assert asked == [5, 8, None, None, None]


def test_ctrl_and_wheel_enlarge_what_is_under_the_mouse(picture: MapPicture) -> None:
    show(picture, head_map(previous_token(512)))
    where = point(picture, 300, 200)
    before = laid_out(picture).rows.cell
    assert before < 1
    for _ in range(30):
        turn_wheel(picture, where, 1)
    layout = laid_out(picture)
    assert layout.rows.cell == layout.columns.cell == ENLARGED
    found = layout.cross_at(where.x(), where.y())
    assert found.row == pytest.approx(300, abs=2)
    assert found.column == pytest.approx(200, abs=2)
    image = seen(picture)
    for row in layout.rows.in_sight[2:-2]:
        if layout.columns.at(layout.columns.middle(row - 1)) is not None:
            assert colour_at(image, point(picture, row, row - 1)).upper() == LIGHT.ink[4]
            assert colour_at(image, point(picture, row, row)).upper() == LIGHT.paper
    for _ in range(40):
        turn_wheel(picture, where, -1)
    assert laid_out(picture).rows.cell == before
    assert picture.verticalScrollBar().maximum() == 0


def test_an_enlarged_map_is_scrolled_by_the_wheel_and_to_what_is_pinned(
    picture: MapPicture,
) -> None:
    shown = head_map(previous_token(512))
    show(picture, shown)
    for _ in range(30):
        turn_wheel(picture, QPoint(250, 250), 1)
    before = picture.verticalScrollBar().value()
    turn_wheel(picture, QPoint(250, 250), -1, NONE)
    assert picture.verticalScrollBar().value() > before
    show(picture, shown, Pick(token=500, second=2))
    layout = laid_out(picture)
    assert layout.rows.at(layout.rows.middle(500)) == 500
    assert layout.columns.at(layout.columns.middle(2)) == 2


def test_large_cells_are_not_enlarged(picture: MapPicture) -> None:
    show(picture, head_map(previous_token(8)))
    before = laid_out(picture)
    turn_wheel(picture, QPoint(250, 250), 3)
    assert laid_out(picture) == before


def test_a_shorter_text_leaves_no_hover_behind(picture: MapPicture) -> None:
    show(picture, head_map(previous_token(16)))
    move(picture, point(picture, 15, 15))
    show(picture, head_map(previous_token(3), folds=True))
    assert picture.hovered == Cross()
    assert not seen(picture).isNull()


@pytest.mark.parametrize("T", [1, 2, 3, 8, 100, 512])
@pytest.mark.parametrize("folds", [False, True])
@pytest.mark.parametrize("scale", Scale)
def test_every_length_is_drawn(picture: MapPicture, T: int, folds: bool, scale: Scale) -> None:
    show(picture, head_map(previous_token(T), folds=folds, scale=scale), Pick(token=0, second=0))
    assert not seen(picture).isNull()


def test_where_everything_is_folded_a_sentence_says_so(qtbot: QtBot, picture: MapPicture) -> None:
    encoded = encoding(("[SEP]", "[CLS]"))
    show(picture, head_map(np.ones((4, 4), np.float32), encoded=encoded, folds=True))
    with qtbot.assertNotEmitted(picture.picked), qtbot.assertNotEmitted(picture.previewed):
        qtbot.mouseClick(picture.viewport(), LEFT, NONE, QPoint(250, 240))
        qtbot.keyClick(picture, Qt.Key.Key_Right)
        turn_wheel(picture, QPoint(250, 240), 1)
    assert shows(picture.viewport(), "muted") > 10


def test_strange_tokens_are_painted_as_they_are(picture: MapPicture) -> None:
    tokens = ("<img src=x>", "שלום", "x" * 300, "\u202eevil", "a\nb", "&amp;", "\x00", "👩‍👩‍👧")
    encoded = encoding(tokens)
    T = len(encoded)
    for folds in (False, True):
        shown = head_map(previous_token(T), encoded=encoded, folds=folds)
        show(picture, shown, Pick(token=3, second=1))
        move(picture, point(picture, 2, 3))
        assert not seen(picture).isNull()
        assert laid_out(picture).columns.start < 160
