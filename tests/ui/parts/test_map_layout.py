"""Tests of where rows, columns and labels of a map stand, from one token to 512."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QGuiApplication, QPainter, QPixmap

from bertviz_app.analysis.heads import HeadMap
from bertviz_app.core.encoding import Encoding
from bertviz_app.core.state import ViewOptions
from bertviz_app.ui import look
from bertviz_app.ui.parts.map_labels import Margin, label_places
from bertviz_app.ui.parts.map_layout import WIDEST, CellLine, Cross, MapLayout
from tests.synthetic import encoding, sentence, short_encoding

ROOM = QSizeF(505, 480)


@pytest.fixture(autouse=True)
def fonts(qapp: QGuiApplication) -> Iterator[None]:
    look.load_fonts()
    look.apply(look.Look())
    yield
    look.apply(look.Look())


def head_map(encoded: Encoding, *, folds: bool = False) -> HeadMap:
    T = len(encoded)
    return HeadMap(np.zeros((T, T), np.float32), encoded, ViewOptions(folds))


def layout(T: int, *, folds: bool = False, room: QSizeF = ROOM) -> MapLayout:
    encoded = encoding(sentence(T - 2)) if T > 2 else short_encoding(T)
    return MapLayout.fitted(head_map(encoded, folds=folds), room, None)


@given(st.integers(1, 60), st.integers(1, 400), st.integers(0, 50), st.integers(1, 300), st.data())
def test_every_pixel_of_a_cell_is_that_cell(
    cells: int, more: int, start: int, room: int, data: st.DataObject
) -> None:
    length = cells + more
    offset = data.draw(st.integers(0, max(length - room, 0)))
    line = CellLine(cells, length, start, room, offset)
    for cell in (line.in_sight[0], line.in_sight[-1]):
        first, after = line.span(cell)
        for pixel in (max(first, start), min(after, line.end) - 1):
            assert line.at(pixel) == cell
    assert line.at(start - 1) is None
    assert line.at(line.end) is None


@pytest.mark.parametrize("T", [1, 2, 3, 8, 16, 32, 64, 128, 512])
@pytest.mark.parametrize("folds", [False, True])
@pytest.mark.parametrize("size", [(505, 480), (344, 470), (120, 90)])
def test_the_whole_map_is_in_sight_and_square(T: int, folds: bool, size: tuple[int, int]) -> None:
    found = layout(T, folds=folds, room=QSizeF(*size))
    assert found.rows.length == found.columns.length
    assert found.columns.length <= max(found.columns.room, 1)
    assert found.rows.length <= max(found.rows.room, 1)
    if size[0] > 200:
        assert found.right <= size[0]
        assert found.rows.end <= size[1]


def test_cells_have_the_sizes_of_the_specification() -> None:
    for T, cell in ((8, 54), (16, 27), (32, 13.7), (64, 7), (128, 3.4), (512, 0.9)):
        assert layout(T, room=QSizeF(521, 530)).rows.cell == pytest.approx(cell, rel=0.15)


def test_labels_stand_level_where_they_fit_and_are_turned_where_they_do_not() -> None:
    assert not layout(8).turned
    assert layout(16).turned


def test_a_few_cells_do_not_fill_the_panel() -> None:
    assert layout(3, folds=True).rows.cell == WIDEST


def test_the_edge_column_stands_apart_and_can_be_hit_however_many_tokens_there_are() -> None:
    for T in (8, 64, 512):
        found = layout(T, folds=True)
        left, width = found.edge
        assert left > found.columns.end
        assert width >= 10
        for row in (0, T - 3):
            y = found.rows.span(row)[0]
            assert found.cross_at(left + 1, y) == Cross(found.rows.at(y), T - 2)
            assert found.cross_at(left - 2, y) == Cross()


def test_labels_and_cells_are_told_apart() -> None:
    found = layout(8)
    x, y = found.columns.middle(3), found.rows.middle(5)
    assert found.cross_at(x, y) == Cross(5, 3)
    assert found.cross_at(found.columns.start - 20, y) == Cross(5, None)
    assert found.cross_at(x, found.rows.start - 8) == Cross(None, 3)
    assert found.cross_at(2, 2) == Cross()
    assert found.cross_at(found.columns.end + 5, y) == Cross()


def test_larger_text_makes_larger_labels() -> None:
    before = layout(8).columns.start
    look.apply(look.Look(text_size=2.0))
    assert layout(8).columns.start > 1.8 * before


@pytest.mark.parametrize(("T", "lanes"), [(16, 1), (32, 1), (48, 2), (64, 1), (128, 1)])
def test_labels_stand_in_two_lanes_where_so_each_token_keeps_its_name(T: int, lanes: int) -> None:
    room = QSizeF(521, 530)
    assert layout(T, room=room).lanes == lanes
    shown = head_map(encoding(sentence(T - 2)))
    assert MapLayout.fitted(shown, room, 28).lanes == 1


def test_no_label_in_two_lanes_overlaps_another_or_the_cells(qapp: QGuiApplication) -> None:
    shown = head_map(encoding(sentence(46)))
    found = MapLayout.fitted(shown, QSizeF(521, 530), None)
    pixmap = QPixmap(1, 1)
    painter = QPainter(pixmap)
    for margin in Margin.both(shown, found):
        slots = []
        places = label_places(margin, ())
        assert list(places) == list(range(48))
        for cell, place in places.items():
            with margin.slot(painter, place, lane=cell % margin.lanes) as area:
                slots.append(painter.transform().mapRect(area).adjusted(1, 1, -1, -1))
        assert not any(one.intersects(found.cells) for one in slots)
        assert not any(one.intersects(other) for one, other in combinations(slots, 2))
        assert all(one.left() >= 0 and one.top() >= 0 for one in slots)
    painter.end()
