"""Tests of one head in numbers: its drawn map, its strongest cells, shares and ranks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bertviz_app.analysis.heads import (
    HeadMap,
    existing,
    mean_largest,
    on_ends,
    rank,
    strongest_key,
)
from bertviz_app.core.state import Show, ViewOptions
from tests.synthetic import encoding, model_facts

ENCODING = encoding(("the", "cat", "the", "[MASK]"))
WEIGHTS = np.array(
    [
        [1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [0.5, 0.1, 0.2, 0.1, 0.1, 0.0],
        [0.1, 0.6, 0.1, 0.1, 0.1, 0.0],
        [0.2, 0.1, 0.1, 0.1, 0.4, 0.1],
        [0.0, 0.2, 0.2, 0.3, 0.1, 0.2],
        [0.0, 0.0, 0.0, 0.0, 0.0, 1.0],
    ],
    np.float32,
)


def head_map(**options: Any) -> HeadMap:
    return HeadMap(WEIGHTS, ENCODING, ViewOptions(**options))


def test_labels_number_twins_over_the_whole_text_and_leave_out_what_is_folded() -> None:
    assert head_map().labels == ("[CLS]", "the₁", "cat", "the₂", "[MASK]", "[SEP]")
    assert head_map(fold=True).labels == ("the₁", "cat", "the₂", "[MASK]")
    assert head_map(fold=True).edge_labels == ("[CLS]", "[SEP]")
    assert head_map().edge_labels == ()


def test_a_drawn_cell_has_its_value_and_the_edge_comes_last() -> None:
    shown = head_map(fold=True)
    assert shown.columns == 5
    assert shown.value(0, 1) == pytest.approx(0.2)
    assert shown.value(2, 4) == pytest.approx(0.3)


def test_the_strongest_cells() -> None:
    shown = head_map(fold=True)
    assert shown.strongest(2, 2) == [3, 0]
    assert shown.strongest_cell(None, None) == (1, 0)
    assert shown.strongest_cell(3, None) == (3, 2)
    assert shown.strongest_cell(None, 3) == (2, 3)
    assert shown.strongest_cell(None, 4) == (0, 4)
    assert shown.strongest_cell(1, 1) == (1, 1)


def test_a_cell_that_is_not_a_number_is_never_the_strongest() -> None:
    weights = WEIGHTS.copy()
    weights[1, 2] = np.nan
    shown = HeadMap(weights, ENCODING)
    assert shown.strongest(1)[0] == 0
    assert strongest_key(weights[1], range(6)) == 0


def test_the_strongest_key_is_looked_for_among_those_asked_for() -> None:
    assert strongest_key(WEIGHTS[1], range(6)) == 0
    assert strongest_key(WEIGHTS[1], (1, 2, 3)) == 2


def test_rank_is_one_more_than_the_strictly_larger() -> None:
    assert [rank(WEIGHTS[1], key) for key in range(6)] == [1, 3, 2, 3, 3, 6]


def test_shares_and_largest_weights_are_means_over_rows() -> None:
    assert on_ends(WEIGHTS[3], ENCODING.tokens) == pytest.approx(0.3)
    assert on_ends(WEIGHTS, ENCODING.tokens) == pytest.approx((1 + 0.5 + 0.1 + 0.3 + 0.2 + 1) / 6)
    assert mean_largest(WEIGHTS) == pytest.approx((1 + 0.5 + 0.6 + 0.4 + 0.3 + 1) / 6)


def test_a_head_that_does_not_exist_gives_way_to_the_nearest() -> None:
    spec = model_facts(L=2, H=3).spec
    assert existing((5, 8), spec) == (1, 2)
    assert existing((0, 1), spec) == (0, 1)


def test_a_cell_that_is_not_kept_keeps_its_number_and_its_rank() -> None:
    shown = head_map(fold=True, above=0.15)
    assert shown.edge_parts == ("[CLS]", "[SEP]", "rest")
    assert shown.edge_labels == ("folded",)
    assert (shown.drawn(0, 0), shown.is_kept(0, 0)) == (0, False)
    assert (shown.value(0, 0), shown.rank(0, 0)) == (pytest.approx(0.1), 2)
    assert shown.drawn(0, 4) == pytest.approx(0.5 + 0.1 + 0.1 + 0.1)


def test_what_is_not_kept_and_what_is_folded_are_told_apart_and_make_the_edge() -> None:
    assert head_map().beside(0) == (None, None)
    assert head_map(fold=True).beside(0) == (None, pytest.approx(0.5))
    not_kept, folded = head_map(fold=True, above=0.15).beside(0)
    assert (not_kept, folded) == (pytest.approx(0.3), pytest.approx(0.5))
    assert head_map(keep=0.4).beside(1) == (pytest.approx(0.5), None)


def test_both_runs_of_a_difference_are_at_hand() -> None:
    before = np.roll(WEIGHTS, 1, axis=1)
    options = ViewOptions(fold=True, show=Show.DIFFERENCE, keep=0.5)
    shown = HeadMap(WEIGHTS, ENCODING, options, before)
    for column in range(shown.columns):
        now, then = shown.of_now(1, column), shown.of_before(1, column)
        assert then is not None
        assert now - then == pytest.approx(shown.value(1, column), abs=1e-6)


def test_words_have_names_and_are_told_apart() -> None:
    encoded = encoding(("un", "##ha", "a", "un", "##ha"))
    shown = HeadMap(np.full((7, 7), 1 / 7, np.float32), encoded, ViewOptions(words=True))
    assert shown.names == ("[CLS]", "unha₁", "a", "unha₂", "[SEP]")
    assert shown.value(2, 1) == pytest.approx(2 / 7)
