"""A row with one weight given by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bertviz_app.analysis.row_edit import with_weight

weights = st.lists(st.floats(0, 1), min_size=2, max_size=8).filter(lambda row: sum(row) > 1e-6)


@settings(deadline=None)
@given(weights, st.integers(0, 7), st.floats(0, 1))
def test_the_cell_takes_the_weight_and_the_rest_keeps_its_proportions(
    row: list[float], key: int, weight: float
) -> None:
    key %= len(row)
    start = np.array(row) / sum(row)
    edited = with_weight(start, key, weight)
    assert edited[key] == weight
    assert edited.sum() == pytest.approx(1)
    assert (edited >= 0).all()
    rest, before = np.delete(edited, key), np.delete(start, key)
    if before.sum() > 1e-9:
        np.testing.assert_allclose(rest * before.sum(), before * (1 - weight), atol=1e-9)


def test_a_rest_of_zeros_gets_equal_shares() -> None:
    np.testing.assert_allclose(with_weight([0, 1, 0, 0], 1, 0.4), [0.2, 0.4, 0.2, 0.2])


def test_the_row_that_was_given_stays_as_it_is() -> None:
    row = np.array([0.25, 0.75])
    assert with_weight(row, 0, 1.0).tolist() == [1, 0]
    assert row.tolist() == [0.25, 0.75]


def test_a_single_token_sees_itself() -> None:
    assert with_weight([1.0], 0, 0.3).tolist() == [1]
