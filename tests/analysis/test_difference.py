"""Tests of the difference of two runs: rounding is none, and what is not a number stays so."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bertviz_app.analysis.difference import change, difference


def test_what_differs_is_changed_less_as_is_and_rounding_is_nothing() -> None:
    before = np.array([4.0, -0.5, 0.25, 1e-7], np.float32)
    now = np.array([4.0 + 3e-6, -0.5, 0.75, 3e-6], np.float32)
    found = difference(now, before)
    assert found.tolist() == [0.0, 0.0, 0.5, 0.0]
    assert found.dtype == np.float32


def test_small_numbers_are_compared_with_each_other() -> None:
    assert difference(np.array([3e-9]), np.array([1e-9]))[0] == 3e-9 - 1e-9


def test_one_number_goes_by_its_own_size() -> None:
    assert difference(np.array(45.350607), np.array(45.350600)) == 0
    assert difference(np.array(0.000007), np.array(0.0)) == 0.000007


def test_infinity_in_both_is_no_difference_and_hides_none_beside_it() -> None:
    before, now = np.array([-np.inf, -np.inf, 0.0]), np.array([-np.inf, 2.0, -np.inf])
    assert difference(now, before).tolist() == [0.0, np.inf, -np.inf]


def test_not_a_number_stays_so_and_hides_no_rounding_beside_it() -> None:
    found = difference(np.array([np.nan, 1.0 + 1e-7]), np.array([1.0, 1.0]))
    assert np.isnan(found[0])
    assert found[1] == 0


@pytest.mark.parametrize(
    ("now", "before", "found"),
    [
        (0.8 + 5e-7, 0.8, 0.0),
        (0.8 + 2e-6, 0.8, 2e-6),
        (8e-7, 2e-7, 6e-7),
        (-8.92 - 5e-6, -8.92, 0.0),
        (0.0, 0.0, 0.0),
        (math.inf, math.inf, 0.0),
        (math.inf, 2.0, math.inf),
        (2.0, math.inf, -math.inf),
        (math.nan, 1.0, math.nan),
    ],
)
def test_a_number_by_itself_is_compared_with_itself(
    now: float, before: float, found: float
) -> None:
    assert change(now, before) == pytest.approx(found, rel=1e-9, abs=0, nan_ok=True)
