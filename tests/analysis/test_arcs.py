"""Tests of the lines of a map: which are drawn, how strong, and what no line stands for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bertviz_app.analysis.arcs import FAINTEST, Arcs, Pairs
from bertviz_app.analysis.heads import HeadMap
from bertviz_app.core.state import Scale, Show, ViewOptions
from bertviz_app.core.trace import Array
from tests.synthetic import encoding

# [CLS] a b [SEP] c [SEP]
ENCODED = encoding(("the", "woman"), ("her",))
WEIGHTS = np.array(
    [
        [1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [0.25, 0.5, 0.0, 0.05, 0.0001, 0.1999],
        [0.0, 0.0, 1.0, 0.0, 0.0, 0.0],
        [0.1, 0.1, 0.2, 0.2, 0.2, 0.2],
        [0.0, 0.64, 0.0, 0.0, 0.36, 0.0],
        [0.0, 0.0, 0.0, 0.0, 0.0, 1.0],
    ],
    np.float32,
)


def arcs(
    pairs: Pairs = Pairs.ALL,
    weights: Array = WEIGHTS,
    before: Array | None = None,
    **options: object,
) -> Arcs:
    return Arcs(HeadMap(weights, ENCODED, ViewOptions(**options), before), pairs)  # type: ignore[arg-type]


def test_a_row_has_a_line_for_each_weight_that_can_be_seen_the_strongest_last() -> None:
    lines = arcs().lines(1, None, 99)
    assert lines.columns.tolist() == [3, 5, 0, 1]  # 0.0001 has ink 0.01
    assert set(lines.rows.tolist()) == {1}
    assert lines.inks == pytest.approx(np.sqrt([0.05, 0.1999, 0.25, 0.5]))


def test_a_column_has_the_lines_of_those_that_look_at_it() -> None:
    lines = arcs().lines(None, 1, 99)
    assert lines.rows.tolist() == [3, 1, 4]
    assert set(lines.columns.tolist()) == {1}


def test_the_strongest_are_drawn_and_the_others_counted() -> None:
    lines = arcs().lines(None, None, 4)
    assert lines.inks == pytest.approx([0.8, 1, 1, 1])
    assert len(lines) + lines.left_out == int((np.sqrt(WEIGHTS) >= FAINTEST).sum())


def test_ink_follows_the_scale_of_the_map() -> None:
    assert arcs(scale=Scale.LINEAR).lines(1, None, 1).inks == pytest.approx([0.5])
    assert arcs(scale=Scale.ROW).lines(1, None, 1).inks == pytest.approx([1])
    assert arcs(scale=Scale.ROW).ink_of(0.25, 1) == pytest.approx(0.5)
    assert arcs().ink_of(0.25, 1) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("pairs", "cells"),
    [
        (Pairs.A_TO_A, {(0, 0), (1, 0), (1, 1), (1, 3), (2, 2), (3, 0), (3, 1), (3, 2), (3, 3)}),
        (Pairs.A_TO_B, {(1, 5), (3, 4), (3, 5)}),
        (Pairs.B_TO_A, {(4, 1)}),
        (Pairs.B_TO_B, {(4, 4), (5, 5)}),
    ],
)
def test_the_pair_filter_leaves_lines_between_sentences(
    pairs: Pairs, cells: set[tuple[int, int]]
) -> None:
    lines = arcs(pairs).lines(None, None, 99)
    assert set(zip(lines.rows.tolist(), lines.columns.tolist(), strict=True)) == cells


@given(
    pairs=st.sampled_from(Pairs),
    fold=st.booleans(),
    words=st.booleans(),
    keep=st.sampled_from([1.0, 0.5]),
)
@settings(deadline=None)
def test_no_weight_is_lost_or_spread(pairs: Pairs, fold: bool, words: bool, keep: float) -> None:
    made = arcs(pairs, fold=fold, words=words, keep=keep)
    for row in range(made.shown.fold.rows):
        lines = made.shown.sides[0][row][made.allowed[row]].sum()
        assert lines + made.beside(row) == pytest.approx(1)


def test_of_differences_ink_has_a_sign() -> None:
    before = np.roll(WEIGHTS, 1, axis=0)
    lines = arcs(before=before, show=Show.DIFFERENCE).lines(2, None, 99)
    found = dict(zip(lines.columns.tolist(), lines.inks.tolist(), strict=True))
    assert found[2] == pytest.approx(1)
    assert found[1] == pytest.approx(-np.sqrt(0.5))


def test_what_is_not_a_number_has_no_line_and_is_counted() -> None:
    weights = WEIGHTS.copy()
    weights[1, :3] = np.nan
    made = arcs(weights=weights)
    assert made.not_numbers == 3
    assert set(made.lines(1, None, 99).columns.tolist()) == {3, 5}
