"""Tests of pixels made of numbers: nearest neighbour, area maximum, tiles, hatched NaN."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertviz_app.analysis import raster
from bertviz_app.analysis.fold import Fold
from bertviz_app.analysis.raster import (
    Colouring,
    Pixels,
    areas,
    cell_at,
    coloured,
    enlarged,
    first_pixel,
    paint_slab,
    reduced,
    slabs,
)
from bertviz_app.analysis.scales import FULL, NOT_A_NUMBER, relative
from bertviz_app.core.state import Scale, ViewOptions
from bertviz_app.core.trace import Array

TABLE = np.arange(256, dtype=np.uint32)
LINEAR = Colouring(Scale.LINEAR, TABLE)
SIGNED = Colouring(Scale.LINEAR, TABLE, signed=True)


def random_maps(*shape: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).random(shape, np.float32)


def previous_token(T: int) -> Array:
    weights = np.eye(T, k=-1, dtype=np.float32)
    weights[0, 0] = 1
    return weights


def tiles(
    maps: Array,
    size: int,
    colouring: Colouring = LINEAR,
    before: Array | None = None,
    fold: Fold | None = None,
) -> Pixels:
    target = np.full((*maps.shape[:2], size, size), 999, np.uint32)
    fold = fold or Fold.of(("word",) * maps.shape[-1], ViewOptions())
    for some in slabs(maps.shape):
        paint_slab(target, maps, before, fold, colouring, some)
    return target


@given(st.integers(1, 40), st.integers(1, 60), st.data())
def test_a_line_of_pixels_is_shared_evenly_and_in_order(
    cells: int, more: int, data: st.DataObject
) -> None:
    pixels = cells + more
    owners = cell_at(np.arange(pixels), cells, pixels)
    counts = np.bincount(owners, minlength=cells)
    assert (np.diff(owners) >= 0).all()
    assert counts.max() - counts.min() <= 1
    cell = data.draw(st.integers(0, cells - 1))
    assert first_pixel(cell, cells, pixels) == int(np.flatnonzero(owners == cell)[0])


@pytest.mark.parametrize(("T", "size"), [(7, 5), (16, 5), (64, 33), (100, 7), (9, 9)])
@pytest.mark.parametrize("signed", [False, True])
def test_reducing_keeps_the_largest_of_each_area(T: int, size: int, signed: bool) -> None:
    values = random_maps(2, T, T) - (0.5 if signed else 0)
    found = reduced(values, size, size, zero=0.0 if signed else None)
    assert found.shape == (2, size, size)
    bounds = [at * T // size for at in range(size + 1)]
    for row in range(size):
        for column in range(size):
            area = values[1, bounds[row] : bounds[row + 1], bounds[column] : bounds[column + 1]]
            wanted = max(area.ravel(), key=abs) if signed else area.max()
            assert found[1, row, column] == wanted


def test_a_lonely_weight_is_never_lost() -> None:
    for at in range(512):
        values = np.zeros((1, 512, 512), np.float32)
        values[0, at, 511 - at] = 1
        assert reduced(values, 33, 33).max() == 1
        assert reduced(-values, 33, 33, zero=0.0).min() == -1


def test_enlarging_repeats_cells_and_blends_nothing() -> None:
    cells = np.arange(6, dtype=np.uint32).reshape(2, 3)
    found = enlarged(cells, 5, 7)
    assert found.shape == (5, 7)
    assert found[0].tolist() == [0, 0, 0, 1, 1, 2, 2]
    assert found[:, 0].tolist() == [0, 0, 0, 3, 3]


@pytest.mark.parametrize(("T", "size"), [(4, 24), (16, 33), (24, 24), (128, 32)])
def test_a_tile_is_the_map_it_stands_for_and_not_its_mirror_image(T: int, size: int) -> None:
    maps = np.zeros((2, 3, T, T), np.float32)
    maps[1, 2] = previous_token(T)
    found = tiles(maps, size)
    assert found[:, :2].max() == 0
    assert found[0].max() == 0
    tile = found[1, 2]
    for row in range(1, T):
        y, x = (round((at + 0.5) * size / T - 0.5) for at in (row, row - 1))
        assert tile[y, x] == FULL
    assert tile[0, size // 2 :].max() == 0  # the first row never looks to the right
    assert tile[size // 2, size // 2 + size // T + 2 :].max() == 0


def test_maps_are_drawn_slab_by_slab_as_if_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    maps = random_maps(5, 2, 8, 8)
    whole = tiles(maps, 24)
    monkeypatch.setattr(raster, "SLAB", 2 * maps[0].size)
    assert np.array_equal(tiles(maps, 24), whole)


@pytest.mark.parametrize("scale", Scale)
@pytest.mark.parametrize("size", [20, 10])
def test_a_reduced_tile_has_the_ink_of_the_largest_cell(scale: Scale, size: int) -> None:
    maps = random_maps(1, 1, 40, 40) ** 4
    colouring = Colouring(scale, TABLE)
    whole = coloured(relative(scale, maps)[0], 40, 40, colouring)
    each = 40 // size
    largest = whole.reshape(1, 1, size, each, size, each).max((3, 5))
    assert np.array_equal(tiles(maps, size, colouring), largest)


def test_a_folded_tile_ends_in_the_edge_column() -> None:
    tokens = ("[CLS]", *"abcdef", "[SEP]")
    maps = np.zeros((1, 1, 8, 8), np.float32)
    maps[..., 0], maps[..., 7] = 0.25, 0.5
    maps[..., 3, 3] = 0.125
    fold = Fold.of(tokens, ViewOptions(fold=True))
    tile = tiles(maps, 32, fold=fold)[0, 0]
    body, edge = areas(fold, 32, gap=1)
    assert (tile[:, edge] == 191).all()
    assert (tile[:, body.stop : edge.start] == 0).all()
    assert {int(code) for code in np.unique(tile[:, body])} == {0, 32}


def test_a_tile_where_everything_is_folded_is_paper() -> None:
    maps = np.ones((1, 2, 2, 2), np.float32)
    assert tiles(maps, 24, fold=Fold.of(("[CLS]", "[SEP]"), ViewOptions(fold=True))).max() == 0


def test_differences_are_changed_minus_as_is_around_paper() -> None:
    before, after = random_maps(2, 2, 8, 8), random_maps(2, 2, 8, 8, seed=1)
    found = tiles(after, 8, SIGNED, before).astype(int)
    assert found == pytest.approx(127 + 127 * (after - before), abs=0.51)
    assert (tiles(after, 8, SIGNED, after) == FULL // 2).all()


@pytest.mark.parametrize("scale", [Scale.ROW, Scale.MAP])
def test_rounding_is_not_blown_up_to_full_ink(scale: Scale) -> None:
    before = random_maps(1, 2, 8, 8)
    after = np.nextafter(before, np.float32(1))
    assert (tiles(after, 8, replace(SIGNED, scale=scale), before) == 127).all()
    after[0, 0, 3, 3] += 0.01
    assert (tiles(after, 8, replace(SIGNED, scale=scale), before) == FULL).any()


def test_a_lonely_nan_is_seen_however_small_the_tile() -> None:
    for at in range(64):
        maps = np.ones((1, 1, 64, 64), np.float32)
        maps[0, 0, at, 63 - at] = np.nan
        assert (tiles(maps, 32) == NOT_A_NUMBER).sum() == 1


@pytest.mark.parametrize("T", [40, 90])
def test_a_reduced_difference_is_the_largest_in_size_with_its_sign(T: int) -> None:
    maps = random_maps(1, 1, T, T) - random_maps(1, 1, T, T, seed=1)
    maps[0, 0, 0, 0] = np.nan
    found = tiles(maps, 24, SIGNED, np.zeros_like(maps))[0, 0]
    bounds = [at * T // 24 for at in range(25)]
    assert found[0, 0] == NOT_A_NUMBER
    for row in range(1, 24):
        for column in range(24):
            rows, columns = (slice(bounds[at], bounds[at + 1]) for at in (row, column))
            steps = np.rint(127 * maps[0, 0, rows, columns])
            farthest = steps[np.abs(steps) == np.abs(steps).max()]
            assert int(found[row, column]) - 127 in farthest


def test_nan_is_hatched_where_there_is_room() -> None:
    maps = np.ones((1, 1, 4, 4), np.float32)
    maps[0, 0, 1, 2] = np.nan
    tile = tiles(maps, 32)[0, 0]
    spoilt = tile[8:16, 16:24]
    assert set(spoilt.ravel().tolist()) == {0, NOT_A_NUMBER}
    assert (spoilt[:-1, 1:] == spoilt[1:, :-1]).all()  # lines at 45 degrees
    assert (tile == FULL).sum() == 32 * 32 - 8 * 8


@pytest.mark.parametrize("T", [1, 2, 3])
def test_the_shortest_texts_have_tiles(T: int) -> None:
    maps = np.full((1, 1, T, T), 1 / T, np.float32)
    assert (tiles(maps, 24) == round(FULL / T)).all()
