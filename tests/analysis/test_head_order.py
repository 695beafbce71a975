"""Tests of the order of heads by a measure."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bertviz_app.analysis.head_order import HeadOrder
from bertviz_app.analysis.measures import NAMES
from bertviz_app.core.state import Sorting

VALUES = np.array([[0.2, 0.9, np.nan], [0.5, 0.1, 0.9]], np.float32)


def test_all_heads_stand_most_first_equals_as_in_the_model_and_no_numbers_last() -> None:
    order = HeadOrder.by(VALUES, within_layers=False)
    assert order.heads == ((0, 1), (1, 2), (1, 0), (0, 0), (1, 1), (0, 2))


def test_within_layers_each_row_stays_a_layer() -> None:
    order = HeadOrder.by(VALUES, within_layers=True)
    assert order.heads == ((0, 1), (0, 0), (0, 2), (1, 2), (1, 0), (1, 1))


@given(st.integers(1, 5), st.integers(1, 5), st.booleans(), st.integers(0, 99))
def test_every_head_has_one_place_and_every_place_one_head(
    L: int, H: int, within_layers: bool, seed: int
) -> None:
    values = np.random.default_rng(seed).integers(0, 3, (L, H)).astype(np.float32)
    order = HeadOrder.by(values, within_layers=within_layers)
    places = list(np.ndindex(L, H))
    assert sorted(map(order.head, places)) == places
    assert [order.place(order.head(place)) for place in places] == places


def test_a_sorting_names_the_measure_and_without_one_there_is_no_order() -> None:
    measures = np.zeros((len(NAMES), *VALUES.shape), np.float32)
    measures[NAMES.index("next")] = VALUES
    order = HeadOrder.of(Sorting("next", within_layers=False), measures)
    assert order == HeadOrder.by(VALUES, within_layers=False)
    assert HeadOrder.of(None, measures) is HeadOrder.of(Sorting("next", True), None) is None
