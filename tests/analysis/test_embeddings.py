"""Tests of the parts of an embedding: lengths, shares, cosines, and the scale they are drawn on."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertviz_app.analysis.embeddings import Mix, scale_of
from bertviz_app.core.trace import Array, Embeddings


def embeddings(token: Array, segment: Array, position: Array) -> Embeddings:
    total = token + segment + position
    return Embeddings(token, segment, position, total, 2 * total)


def row(*values: float) -> Array:
    return np.array([values], np.float32)


def test_lengths_are_those_of_the_vectors() -> None:
    mix = Mix.of(embeddings(row(3, 0), row(0, 4), row(0, 0)), 0)
    assert mix.lengths == pytest.approx((3, 4, 0, 5, 10))


def test_shares_are_part_times_sum_over_the_sum_squared() -> None:
    mix = Mix.of(embeddings(row(2, 0), row(0, 1), row(-1, 0)), 0)
    assert mix.shares == pytest.approx((1.0, 0.5, -0.5))


def test_cosines_are_between_the_parts() -> None:
    mix = Mix.of(embeddings(row(1, 0), row(1, 1), row(-2, 0)), 0)
    assert mix.cosines == pytest.approx((math.sqrt(0.5), -1.0, -math.sqrt(0.5)))


def test_without_a_sum_there_is_no_share() -> None:
    mix = Mix.of(embeddings(row(1, 0), row(-1, 0), row(0, 0)), 0)
    assert all(math.isnan(share) for share in mix.shares)
    assert math.isnan(mix.cosines[1])


@given(st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_shares_add_to_one(seed: int, width: int) -> None:
    chance = np.random.default_rng(seed)
    parts = [chance.normal(size=(1, width)).astype(np.float32) + 1 for _ in range(3)]
    mix = Mix.of(embeddings(*parts), 0)
    assert sum(mix.shares) == pytest.approx(1, abs=1e-4)


def test_the_scale_is_round_and_leaves_out_the_few_that_stick_out() -> None:
    values = np.full((10, 100), 0.15, np.float32)
    values[:, 7] = 2.85
    assert scale_of(values[:, :-1]) == 5
    values = np.full((10, 1000), 0.15, np.float32)
    values[:, 7] = 2.85
    assert scale_of(values) == 0.2


def test_the_scale_looks_at_every_column_of_a_large_picture() -> None:
    values = np.zeros((512, 1024), np.float32)
    values[:, 1:30] = 3.0
    assert scale_of(values, values, values, values) == 5


@pytest.mark.parametrize("factor", [1e-30, 1e-3, 1.0, 1e6])
def test_the_scale_holds_the_numbers_whatever_their_size(factor: float) -> None:
    values = np.array([[0.3, -0.7]], np.float32) * np.float32(factor)
    assert np.abs(values).max() <= scale_of(values) < 10 * np.abs(values).max()


def test_zeros_and_not_a_number_have_a_scale_too() -> None:
    assert scale_of(np.zeros((2, 3), np.float32)) == 1
    assert scale_of(np.full((2, 3), np.nan, np.float32)) == 1
    assert scale_of(row(math.nan, 0.5)) == 0.5
