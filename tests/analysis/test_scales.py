"""Tests of the five scales: ink, signs, NaN, and the marks that state them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertviz_app.analysis.scales import (
    FULL,
    LOG_FLOOR,
    NOT_A_NUMBER,
    RELATIVE,
    code,
    codes,
    curve,
    relative,
    ticks,
)
from bertviz_app.core.state import Scale
from bertviz_app.core.trace import Array

FIXED = [scale for scale in Scale if scale not in RELATIVE]


def ink(values: Array, scale: Scale, *, signed: bool = False) -> Array:
    """What is drawn of maps (..., T, T) by themselves."""
    return curve(relative(scale, values, signed=signed)[0], scale, signed=signed)


def maps(*rows: list[float]) -> Array:
    return np.array(rows, np.float32)


@pytest.mark.parametrize(
    ("scale", "weights", "inks"),
    [
        (Scale.ROOT, [0, 0.01, 0.25, 1], [0, 0.1, 0.5, 1]),
        (Scale.LINEAR, [0, 0.01, 0.25, 1], [0, 0.01, 0.25, 1]),
        (Scale.LOG, [0, LOG_FLOOR, 0.01, 1], [0, 0, 0.5, 1]),
        (Scale.ROW, [0, 0.1, 0.2, 0.4], [0, 0.25, 0.5, 1]),
        (Scale.MAP, [0, 0.1, 0.2, 0.4], [0, 0.25, 0.5, 1]),
    ],
)
def test_each_scale_gives_the_ink_it_promises(
    scale: Scale, weights: list[float], inks: list[float]
) -> None:
    found = ink(maps(weights), scale)
    assert found.dtype == np.float32
    assert found[0] == pytest.approx(inks, abs=1e-6)


def test_full_ink_is_the_largest_of_the_row_or_of_the_map() -> None:
    weights = maps([0.1, 0.2], [0.3, 0.6])
    assert ink(weights, Scale.ROW).max(axis=-1).tolist() == [1, 1]
    assert ink(weights, Scale.MAP).ravel() == pytest.approx([1 / 6, 1 / 3, 1 / 2, 1])


def test_maps_of_any_leading_shape_are_scaled_one_by_one() -> None:
    chance = np.random.default_rng(0)
    weights = chance.random((2, 3, 4, 4), np.float32)
    for scale in Scale:
        found = ink(weights, scale)
        for layer in range(2):
            for head in range(3):
                one = ink(weights[layer, head], scale)
                assert np.array_equal(found[layer, head], one)


def test_parts_of_a_map_that_stand_side_by_side_share_what_full_ink_means() -> None:
    body, edge = relative(Scale.ROW, maps([0.1, 0.2], [0.3, 0.1]), maps([0.4], [0.1]))
    assert body == pytest.approx(np.array([[0.25, 0.5], [1, 1 / 3]]))
    assert edge == pytest.approx(np.array([[1], [1 / 3]]))


@pytest.mark.parametrize("scale", Scale)
def test_zeros_stay_paper(scale: Scale) -> None:
    assert not ink(np.zeros((3, 3), np.float32), scale).any()


@pytest.mark.parametrize("scale", Scale)
def test_one_nan_spoils_only_itself(scale: Scale) -> None:
    weights = maps([0.2, np.nan], [0.4, 0.6])
    found = ink(weights, scale)
    assert np.isnan(found).tolist() == [[False, True], [False, False]]
    assert codes(found)[0, 1] == NOT_A_NUMBER
    assert (codes(found).ravel()[[0, 2, 3]] <= FULL).all()


@pytest.mark.parametrize("scale", Scale)
@given(sizes=st.lists(st.floats(0, 1, width=32), min_size=2, max_size=20))
def test_ink_never_falls_with_the_weight_and_a_difference_has_the_ink_of_its_size(
    scale: Scale, sizes: list[float]
) -> None:
    weights = maps(sorted(sizes))
    found = ink(weights, scale)[0]
    assert (np.diff(found) >= 0).all()
    assert found.min() >= 0
    assert found.max() <= 1
    assert np.array_equal(ink(-weights, scale, signed=True)[0], -found)
    assert np.array_equal(ink(weights, scale, signed=True)[0], found)


def test_bytes_run_from_paper_to_full_ink() -> None:
    inks = np.array([0, 0.5, 1], np.float32)
    assert codes(inks).tolist() == [0, 127, 254]
    assert codes(np.array([-1, -0.5, 0, 0.5, 1], np.float32), signed=True).tolist() == [
        *(0, 64, 127, 191, 254),
    ]
    assert codes(np.zeros(0, np.float32)).shape == (0,)


def test_a_weight_beyond_one_has_no_more_than_full_ink() -> None:
    assert codes(ink(maps([3, np.inf]), Scale.ROOT)).tolist() == [[FULL, FULL]]


@pytest.mark.parametrize("scale", FIXED)
def test_marks_of_the_bar_stand_at_the_ink_of_their_value(scale: Scale) -> None:
    found = ticks(scale)
    values = np.array([tick.value for tick in found], np.float32)
    assert [tick.at for tick in found] == pytest.approx(ink(values, scale).tolist())
    assert found[0].at == 0
    assert found[-1].at == 1


def test_each_scale_has_marks_of_its_own_but_relative_ones_say_only_nothing_and_all() -> None:
    assert {len(ticks(scale)) for scale in FIXED} == {5}
    assert len({ticks(scale) for scale in FIXED}) == len(FIXED)
    assert all([tick.value for tick in ticks(scale)] == [0, 1] for scale in RELATIVE)


@pytest.mark.parametrize("scale", Scale)
def test_marks_of_differences_are_symmetric_around_zero(scale: Scale) -> None:
    found = ticks(scale, signed=True)
    assert [(-tick.at, -tick.value) for tick in reversed(found)] == [
        (tick.at, tick.value) for tick in found
    ]
    assert found[len(found) // 2].value == 0
    assert [tick.at for tick in found] == sorted(tick.at for tick in found)


@pytest.mark.parametrize("signed", [False, True])
def test_one_ink_has_the_byte_that_many_have(signed: bool) -> None:
    inks = np.array([-2, -1, -0.3, 0, 0.001, 0.25, 0.5, 1, 7, np.nan], np.float32)
    assert [code(one, signed=signed) for one in inks.tolist()] == codes(
        inks, signed=signed
    ).tolist()
