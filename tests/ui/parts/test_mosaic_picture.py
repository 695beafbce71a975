"""Tests of the mosaic: maps read back from the pixels, hover, clicks, keys, marks, scrolling."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bertviz_app.analysis import raster
from bertviz_app.analysis.fold import Fold
from bertviz_app.analysis.head_order import HeadOrder
from bertviz_app.analysis.weights import EveryHead
from bertviz_app.core.request import Head
from bertviz_app.core.state import Pick, Scale, ViewOptions
from bertviz_app.core.trace import Array
from bertviz_app.ui import look
from bertviz_app.ui.parts import mosaic_picture
from bertviz_app.ui.parts.mosaic_composition import Mosaic
from bertviz_app.ui.parts.mosaic_marks import TileMarks
from bertviz_app.ui.parts.mosaic_picture import MosaicPicture
from bertviz_app.ui.theme import DARK, LIGHT, Theme
from tests.ui.looking import alike, shows

LEFT, NONE, CTRL, SHIFT = (
    Qt.MouseButton.LeftButton,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


@pytest.fixture
def picture(qtbot: QtBot) -> Iterator[MosaicPicture]:
    look.load_fonts()
    look.apply(look.Look())
    made = MosaicPicture()
    qtbot.addWidget(made)
    made.resize(444, 468)
    made.show()
    yield made
    look.apply(look.Look())


def shifted(T: int, by: int) -> Array:
    """Every token looks at the one `by` places after it; at the ends at itself."""
    weights = np.eye(T, k=by, dtype=np.float32)
    empty = weights.sum(axis=-1) == 0
    weights[empty, empty] = 1
    return weights


def heads(T: int, L: int = 6, H: int = 12) -> Array:
    """All heads look at the previous token, but for the last, which looks at the next."""
    maps = np.empty((L, H, T, T), np.float32)
    maps[...] = shifted(T, -1)
    maps[-1, -1] = shifted(T, 1)
    return maps


def show(
    picture: MosaicPicture,
    maps: Array,
    *,
    before: Array | None = None,
    folds: bool = False,
    scale: Scale = Scale.ROOT,
    marks: TileMarks | None = None,
    order: HeadOrder | None = None,
) -> None:
    tokens = ("[CLS]", *("word",) * (maps.shape[-1] - 2), "[SEP]")
    as_is = EveryHead(before) if before is not None else None
    fold = Fold.of(tokens, ViewOptions(folds))
    mosaic = Mosaic(EveryHead(maps), as_is, fold, scale, signed=before is not None)
    picture.show_mosaic(mosaic, marks or TileMarks(pinned=(0, 0)), order)


def seen(picture: MosaicPicture) -> QImage:
    return picture.viewport().grab().toImage()


def cell(picture: MosaicPicture, image: QImage, head: Head, row: int, column: int, T: int) -> str:
    area = picture.tile(head)
    x = area.left() + (column + 0.5) * area.width() / T
    y = area.top() + (row + 0.5) * area.height() / T
    return image.pixelColor(int(x), int(y)).name()


def centre(picture: MosaicPicture, head: Head) -> QPoint:
    return picture.tile(head).center().toPoint()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("T", [4, 8, 16])
def test_a_head_of_the_previous_token_is_not_one_of_the_next(
    picture: MosaicPicture, theme: Theme, T: int
) -> None:
    look.apply(look.Look(theme))
    show(picture, heads(T), marks=TileMarks(pinned=(3, 3)))
    image = seen(picture)
    for head, looks_at in (((0, 0), -1), ((2, 5), -1), ((5, 11), 1)):
        for row in range(1, T - 1):
            assert alike(cell(picture, image, head, row, row + looks_at, T), theme.ink[4])
            assert alike(cell(picture, image, head, row, row - looks_at, T), theme.paper)


def test_with_fold_the_edge_column_carries_the_weight_of_the_ends(picture: MosaicPicture) -> None:
    maps = np.zeros((2, 2, 8, 8), np.float32)
    maps[..., 0] = 1
    show(picture, maps, folds=True, marks=TileMarks(pinned=(1, 1)))
    image, area = seen(picture), picture.tile((0, 0))
    y = int(area.center().y())
    assert image.pixelColor(int(area.right()) - 2, y) == QColor(LIGHT.ink[4])
    assert image.pixelColor(int(area.left()) + 2, y) == QColor(LIGHT.paper)


def test_what_changed_is_drawn_in_the_signed_colours(picture: MosaicPicture) -> None:
    T = 4
    as_is, changed = heads(T), heads(T)
    changed[0, 1] = shifted(T, 1)
    show(picture, changed, before=as_is, marks=TileMarks(pinned=(3, 3)))
    image = seen(picture)
    assert cell(picture, image, (0, 1), 1, 2, T) == QColor(LIGHT.diverging[4]).name()
    assert cell(picture, image, (0, 1), 1, 0, T) == QColor(LIGHT.diverging[0]).name()
    assert cell(picture, image, (0, 0), 1, 0, T) == QColor(LIGHT.paper).name()


def test_the_same_maps_are_not_composed_again(picture: MosaicPicture) -> None:
    maps = heads(8)
    show(picture, maps)
    seen(picture)
    maps[...] = 0  # would be seen if it were composed again
    show(picture, maps, marks=TileMarks(pinned=(2, 2)))
    assert alike(cell(picture, seen(picture), (5, 0), 3, 2, 8), LIGHT.ink[4])
    show(picture, maps, scale=Scale.LINEAR)
    assert alike(cell(picture, seen(picture), (5, 0), 3, 2, 8), LIGHT.paper)


def test_not_a_number_has_its_own_colour(picture: MosaicPicture) -> None:
    maps = heads(8)
    maps[4, 4] = np.nan
    show(picture, maps)
    assert shows(picture.viewport(), "error", picture.tile((4, 4))) > 300
    assert shows(picture.viewport(), "error", picture.tile((4, 6))) == 0


def test_hovering_previews_the_head_once_the_mouse_rests(
    qtbot: QtBot, picture: MosaicPicture
) -> None:
    show(picture, heads(8))
    with qtbot.waitSignal(picture.previewed) as tried:
        qtbot.mouseMove(picture.viewport(), centre(picture, (1, 1)))
        qtbot.mouseMove(picture.viewport(), centre(picture, (4, 7)))
    assert tried.args == [Pick(layer=4, head=7)]
    assert picture.hovered == (4, 7)
    with qtbot.waitSignal(picture.previewed) as left:
        picture.point_at(None)
    assert left.args == [None]


def test_a_mouse_that_only_crosses_previews_nothing(qtbot: QtBot, picture: MosaicPicture) -> None:
    show(picture, heads(8))
    with qtbot.assertNotEmitted(picture.previewed, wait=150):
        picture.point_at(QPointF(centre(picture, (1, 1))))
        picture.point_at(None)


def test_hiding_takes_the_preview_back(qtbot: QtBot, picture: MosaicPicture) -> None:
    show(picture, heads(8))
    with qtbot.waitSignal(picture.previewed):
        picture.point_at(QPointF(centre(picture, (4, 7))))
    with qtbot.waitSignal(picture.previewed) as left:
        picture.hide()
    assert left.args == [None]


def test_a_click_keeps_a_head_and_with_ctrl_this_one_too(
    qtbot: QtBot, picture: MosaicPicture
) -> None:
    show(picture, heads(8))
    picks: list[Pick] = []
    picture.picked.connect(picks.append)
    qtbot.mouseClick(picture.viewport(), LEFT, NONE, centre(picture, (5, 8)))
    qtbot.mouseClick(picture.viewport(), LEFT, CTRL, centre(picture, (0, 3)))
    qtbot.mouseClick(picture.viewport(), LEFT, SHIFT, centre(picture, (1, 2)))
    qtbot.mouseClick(picture.viewport(), LEFT, NONE, QPoint(5, 5))
    assert picks == [
        Pick(layer=5, head=8),
        Pick(layer=0, head=3, also=True),
        Pick(layer=1, head=2, whole=True),
    ]


@pytest.mark.parametrize(
    ("key", "modifier", "pick"),
    [
        (Qt.Key.Key_Left, NONE, Pick(layer=2, head=2)),
        (Qt.Key.Key_Right, NONE, Pick(layer=2, head=4)),
        (Qt.Key.Key_Up, NONE, Pick(layer=1, head=3)),
        (Qt.Key.Key_Down, NONE, Pick(layer=3, head=3)),
        (Qt.Key.Key_Home, NONE, Pick(layer=2, head=0)),
        (Qt.Key.Key_End, NONE, Pick(layer=2, head=11)),
        (Qt.Key.Key_Return, CTRL, Pick(layer=2, head=3, also=True)),
        (Qt.Key.Key_Return, SHIFT, Pick(layer=2, head=3, whole=True)),
    ],
)
def test_keys_move_the_kept_head(
    qtbot: QtBot,
    picture: MosaicPicture,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier,
    pick: Pick,
) -> None:
    show(picture, heads(8), marks=TileMarks(pinned=(2, 3)))
    with qtbot.waitSignal(picture.picked) as kept:
        qtbot.keyClick(picture, key, modifier)
    assert kept.args == [pick]


def test_keys_stop_at_the_ends_and_leave_other_keys_alone(
    qtbot: QtBot, picture: MosaicPicture
) -> None:
    show(picture, heads(8), marks=TileMarks(pinned=(0, 0)))
    picks: list[Pick] = []
    picture.picked.connect(picks.append)
    qtbot.keyClick(picture, Qt.Key.Key_Up)
    qtbot.keyClick(picture, Qt.Key.Key_Left)
    assert picks == [Pick(layer=0, head=0)] * 2
    qtbot.keyClick(picture, Qt.Key.Key_Right, CTRL)
    qtbot.keyClick(picture, Qt.Key.Key_A)
    qtbot.keyClick(picture, Qt.Key.Key_Return)
    assert len(picks) == 2


def test_the_menu_is_of_the_head_under_the_mouse_or_of_the_kept_one(
    qtbot: QtBot, picture: MosaicPicture
) -> None:
    show(picture, heads(8), marks=TileMarks(pinned=(2, 3)))
    asked: list[tuple[Head, QPoint]] = []
    picture.menu_wanted.connect(lambda head, where: asked.append((head, where)))
    for reason in (QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard):
        at = centre(picture, (1, 5))
        event = QContextMenuEvent(reason, at, picture.viewport().mapToGlobal(at))
        QApplication.sendEvent(picture.viewport(), event)
    assert [head for head, _ in asked] == [(1, 5), (2, 3)]
    assert picture.viewport().mapFromGlobal(asked[1][1]) == centre(picture, (2, 3))


def test_the_kept_head_has_a_thick_frame_and_the_others_thinner_ones(
    picture: MosaicPicture,
) -> None:
    maps = np.zeros((6, 12, 8, 8), np.float32)
    show(picture, maps, marks=TileMarks(pinned=(2, 3), also=((4, 4),), hovered=(1, 8)))
    framed = {
        head: shows(picture.viewport(), "text", picture.tile(head).adjusted(-4, -4, 4, 4))
        for head in ((2, 3), (4, 4), (1, 8), (4, 8))
    }
    assert framed[4, 8] == 0
    assert framed[4, 4] == framed[1, 8] > 100
    assert framed[2, 3] > 1.8 * framed[4, 4]
    area = picture.tile((2, 3))
    assert seen(picture).pixelColor(int(area.left()) - 1, int(area.center().y())).name() == (
        QColor(LIGHT.paper).name()
    )


def test_a_silenced_head_is_hatched(picture: MosaicPicture) -> None:
    show(picture, heads(8), marks=TileMarks(pinned=(0, 0), silenced=((3, 4),)))
    assert shows(picture.viewport(), "change", picture.tile((3, 4))) > 100
    assert shows(picture.viewport(), "change", picture.tile((3, 6))) == 0


def test_many_heads_scroll_and_the_kept_one_is_brought_into_sight(
    picture: MosaicPicture,
) -> None:
    maps = np.zeros((48, 64, 4, 4), np.float32)
    maps[40, 50] = 1
    show(picture, maps)
    assert picture.tile((0, 0)).width() == 24
    assert not picture.viewport().rect().contains(centre(picture, (40, 50)))
    show(picture, maps, marks=TileMarks(pinned=(40, 50)))
    assert picture.viewport().rect().contains(centre(picture, (40, 50)))
    shown = seen(picture).pixelColor(centre(picture, (40, 50)))
    assert shown.name() == QColor(LIGHT.ink[4]).name()


@pytest.mark.parametrize(
    ("shape", "T"), [((1, 1), 2), ((48, 64), 3), ((48, 64), 40), ((1, 1), 512), ((2, 12), 512)]
)
def test_every_shape_is_drawn(picture: MosaicPicture, shape: tuple[int, int], T: int) -> None:
    show(picture, np.zeros((*shape, T, T), np.float32), folds=T > 2)
    assert not seen(picture).isNull()


def test_fewer_heads_than_before_leave_no_hover_behind(picture: MosaicPicture) -> None:
    show(picture, heads(8))
    picture.point_at(QPointF(centre(picture, (5, 11))))
    show(picture, heads(8, 1, 2))
    assert picture.hovered is None
    assert not seen(picture).isNull()


def test_without_maps_nothing_is_under_the_mouse(qtbot: QtBot, picture: MosaicPicture) -> None:
    with qtbot.assertNotEmitted(picture.menu_wanted):
        picture.point_at(QPointF(200, 200))
        picture.open_menu(None, QPoint())
    assert picture.hovered is None
    assert not seen(picture).isNull()


def test_sorted_each_tile_is_of_the_head_it_is_found_under(
    qtbot: QtBot, picture: MosaicPicture
) -> None:
    maps = heads(8)
    order = HeadOrder.by(maps[..., 1, 2], within_layers=False)  # the odd one is first
    show(picture, maps, order=order)
    assert (
        picture.tile((5, 11)).topLeft() == picture.layout_now.area_at((0, 0), QPointF()).topLeft()
    )
    image = seen(picture)
    assert alike(cell(picture, image, (5, 11), 1, 2, 8), LIGHT.ink[-1])
    assert alike(cell(picture, image, (0, 0), 1, 2, 8), LIGHT.ink[0])
    assert alike(cell(picture, image, (5, 10), 2, 1, 8), LIGHT.ink[-1])
    with qtbot.waitSignal(picture.picked) as picked:
        qtbot.mouseClick(picture.viewport(), LEFT, NONE, picture.tile((5, 11)).center().toPoint())
    assert picked.args == [Pick(layer=5, head=11)]


def test_sorted_the_keys_go_on_in_that_order(qtbot: QtBot, picture: MosaicPicture) -> None:
    maps = heads(8)
    order = HeadOrder.by(maps[..., 1, 2], within_layers=False)
    show(picture, maps, order=order, marks=TileMarks(pinned=(5, 11)))
    for key, head in ((Qt.Key.Key_Right, (0, 0)), (Qt.Key.Key_Left, (5, 11))):
        with qtbot.waitSignal(picture.picked) as picked:
            qtbot.keyClick(picture, key)
        assert picked.args == [Pick(layer=head[0], head=head[1])]


def test_a_costly_mosaic_is_composed_a_part_at_a_time_and_at_once_to_be_copied(
    qtbot: QtBot, picture: MosaicPicture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mosaic_picture, "AT_ONCE", 0.0)
    monkeypatch.setattr(raster, "SLAB", 1)  # a head at a time
    paper, full = (QColor(LIGHT.ink[stop]).name() for stop in (0, 4))

    def last_tile() -> str:
        return seen(picture).pixelColor(centre(picture, (1, 2)) - QPoint(9, 0)).name()

    def show_all(weight: float) -> None:
        maps = EveryHead(np.full((2, 3, 4, 4), weight, np.float32))
        fold = Fold.of(("w",) * 4, ViewOptions(above=0.5))
        picture.show_mosaic(Mosaic(maps, None, fold, Scale.ROOT), TileMarks(pinned=(0, 0)))

    show_all(1.0)
    assert last_tile() not in (paper, full)
    qtbot.waitUntil(lambda: last_tile() == full)
    show_all(0.0)
    assert last_tile() == full  # as before, until its turn comes
    picture.finish()
    assert last_tile() == paper
