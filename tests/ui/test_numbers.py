"""Tests of how numbers are written: the table of the interface's rules, case by case."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertviz_app.ui import numbers

finite = st.floats(allow_nan=False, allow_infinity=False)
small = st.floats(-1, 1, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.8, "0.80"),
        (1.0, "1.00"),
        (0.01, "0.01"),
        (0.0096, "0.01"),
        (0.009, "0.009"),
        (0.0004, "0.0004"),
        (0.0001, "0.0001"),
        (0.00009996, "0.0001"),
        (0.00003, "3e−05"),
        (7e-7, "7e−07"),
        (9.7e-5, "0.0001"),
        (-7e-7, "−7e−07"),
        (-0.5, "−0.50"),
        (0.0, "0"),
        (-0.0, "0"),
        (math.nan, "not a number"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (5e-324, "5e−324"),
    ],
)
def test_weights_and_probabilities(value: float, written: str) -> None:
    assert numbers.weight(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (8.92, "+8.92"),
        (-0.51, "−0.51"),
        (0.0, "0"),
        (-0.0, "0"),
        (0.004, "+0.004"),
        (-0.004, "−0.004"),
        (-3e-5, "−3e−05"),
        (-12.345, "−12.35"),
        (1e30, "+1.0e30"),
        (math.nan, "not a number"),
        (-math.inf, "−∞"),
    ],
)
def test_logits_and_differences_are_signed(value: float, written: str) -> None:
    assert numbers.signed(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1.4, "1.40"),
        (10.62, "10.62"),
        (-0.02, "−0.02"),
        (0.003, "0.003"),
        (0.0, "0"),
        (2.5e6, "2.5e06"),
        (math.nan, "not a number"),
    ],
)
def test_lengths_and_cosines(value: float, written: str) -> None:
    assert numbers.length(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0276, "0.0276"),
        (-0.0037, "−0.0037"),
        (0.0, "0"),
        (3e-5, "3e−05"),
        (12.0, "12.0000"),
        (math.nan, "not a number"),
    ],
)
def test_terms_of_a_sum_have_four_decimals(value: float, written: str) -> None:
    assert numbers.term(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (14.74, "14.7"),
        (0.01, "0.0"),
        (-0.001, "0.0"),
        (-1.26, "−1.3"),
        (math.inf, "∞"),
        (math.nan, "not a number"),
    ],
)
def test_surprise_has_one_decimal(value: float, written: str) -> None:
    assert numbers.bits(value) == written


@pytest.mark.parametrize(
    ("rank", "written"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (21, "21st"),
        (112, "112th"),
        (26944, "26,944th"),
    ],
)
def test_ranks(rank: int, written: str) -> None:
    assert numbers.ordinal(rank) == written


@pytest.mark.parametrize(
    ("fraction", "written"),
    [
        (0.72, "72 %"),
        (1.0, "100 %"),
        (-0.034, "−3 %"),
        (-0.001, "0 %"),
        (math.nan, "not a number"),
    ],
)
def test_shares_are_whole_percentages(fraction: float, written: str) -> None:
    assert numbers.percent(fraction) == written


def test_counts_have_separators() -> None:
    assert numbers.count(30522) == "30,522"


@given(small)
def test_what_is_not_zero_never_looks_like_zero(value: float) -> None:
    for write in (numbers.weight, numbers.signed, numbers.length, numbers.term):
        digits = set(write(value)) & set("123456789")
        assert bool(digits) == (value != 0)


@given(finite)
def test_a_column_is_never_flooded(value: float) -> None:
    for write in (numbers.signed, numbers.length, numbers.term):
        assert len(write(value)) <= 12


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_copied_numbers_are_read_back_unchanged(value: float) -> None:
    copied = numbers.exact(value)
    assert copied.isascii()
    assert np.float32(copied) == np.float32(value)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("0.80", ("0", ".80")),
        ("−12.34", ("−12", ".34")),
        ("+0.004", ("+0", ".004")),
        ("3e−05", ("3", "e−05")),
        ("0", ("0", "")),
        ("not a number", ("not a number", "")),
        ("−∞", ("−∞", "")),
    ],
)
def test_a_number_is_parted_at_its_point(text: str, parts: tuple[str, str]) -> None:
    assert numbers.at_point(text) == parts


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ((0.61, 0.29, 0.10), ["0.61", "0.29", "0.10"]),
        ((0.998, 0.002), ["0.998", "0.002"]),
        ((0.607, 0.287, 0.048, 0.058), ["0.607", "0.287", "0.048", "0.058"]),
        ((0.0008, 0.9797, 0.0195), ["0.001", "0.980", "0.019"]),
        ((1 / 3, 1 / 3, 1 / 3), ["0.3333", "0.3333", "0.3333"]),
        ((0.99997, 0.00003), ["0.99997", "3e−05"]),
        ((0.0, 1.0), ["0", "1.00"]),
        ((math.nan, 0.5), ["not a number", "0.50"]),
    ],
)
def test_parts_of_a_whole(values: tuple[float, ...], written: list[str]) -> None:
    assert numbers.parts(values) == written


@given(st.lists(st.floats(1e-6, 1), min_size=2, max_size=4))
def test_parts_add_up_as_they_are_written(sizes: list[float]) -> None:
    values = [size / sum(sizes) for size in sizes]
    written = [float(text.replace("−", "-")) for text in numbers.parts(values)]
    assert sum(written) == pytest.approx(1, abs=2e-4)
    assert all(0 < part < 1 for part in written)
