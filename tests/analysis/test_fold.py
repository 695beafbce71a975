"""Tests of Fold: what is summed at the edge, what is left out, and that nothing is spread."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from bertviz_app.analysis.fold import Fold, ends, punctuation, word, words
from bertviz_app.core.state import ViewOptions
from bertviz_app.core.trace import Array

PAIR = ("[CLS]", "my", "dog", "[SEP]", "he", "[SEP]")


def random_maps(*shape: int) -> Array:
    weights = np.random.default_rng(0).random(shape, np.float32)
    weights /= weights.sum(axis=-1, keepdims=True)
    return weights


def test_the_edge_column_is_the_summed_weight_of_all_ends() -> None:
    maps = random_maps(2, 3, 6, 6)
    body, edge = Fold.of(PAIR, ViewOptions(fold=True)).parts(maps)
    assert np.array_equal(body, maps[..., [1, 2, 4], :][..., [1, 2, 4]])
    assert edge.shape == (2, 3, 3, 1)
    assert edge[..., 0] == pytest.approx(
        maps[..., [1, 2, 4], 0] + maps[..., [1, 2, 4], 3] + maps[..., [1, 2, 4], 5]
    )
    assert (body.sum(axis=-1) + edge[..., 0]) == pytest.approx(np.ones((2, 3, 3)))


def test_one_sentence_is_folded_as_two_are() -> None:
    maps = random_maps(4, 4)
    body, edge = Fold.of(("[CLS]", "my", "dog", "[SEP]"), ViewOptions(fold=True)).parts(maps)
    assert np.array_equal(body, maps[1:3, 1:3])
    assert edge[:, 0] == pytest.approx(maps[1:3, 0] + maps[1:3, 3])


def test_without_fold_the_map_is_the_very_same() -> None:
    maps = random_maps(6, 6)
    fold = Fold.of(PAIR, ViewOptions())
    assert fold.parts(maps) == (maps,)
    assert (fold.rows, fold.folded) == (6, ())


def test_a_typed_end_is_folded_too_and_lower_case_is_a_word() -> None:
    assert ends(("[CLS]", "[SEP]", "[sep]", "[MASK]", "[SEP]")) == (0, 1, 4)


def test_where_nothing_can_be_folded_there_is_no_edge() -> None:
    fold = Fold.of(("word",), ViewOptions(fold=True))
    assert fold.kept == (0,)
    assert len(fold.parts(random_maps(1, 1))) == 1


def test_where_everything_is_folded_nothing_is_left() -> None:
    body, edge = Fold.of(("[CLS]", "[SEP]"), ViewOptions(fold=True)).parts(random_maps(2, 2))
    assert body.shape == (0, 0)
    assert edge.shape == (0, 1)


def test_rows_and_columns_of_tokens() -> None:
    fold = Fold.of(PAIR, ViewOptions(fold=True))
    assert [fold.row(at) for at in (0, 1, 4, 5, None)] == [None, 0, 2, None, None]


PIECES = ("[CLS]", "un", "##ha", "##pp", ",", "cat", "##s", "[SEP]")


def test_a_word_is_the_sum_over_its_keys_and_the_mean_of_its_queries() -> None:
    maps = random_maps(2, 8, 8)
    fold = Fold.of(PIECES, ViewOptions(words=True))
    units = ((0,), (1, 2, 3), (4,), (5, 6), (7,))
    assert (words(PIECES), fold.units) == (units, units)
    (body,) = fold.parts(maps)
    by_hand = np.array(
        [
            [[one[list(rows)][:, list(keys)].sum(1).mean() for keys in units] for rows in units]
            for one in maps
        ]
    )
    assert body == pytest.approx(by_hand)
    assert [fold.row(at) for at in range(8)] == [0, 1, 1, 1, 2, 3, 3, 4]
    assert fold.kept == (0, 1, 4, 5, 7)
    assert word(PIECES, units[1]) == "unhapp"


def test_punctuation_is_folded_by_a_switch_of_its_own() -> None:
    maps = random_maps(8, 8)
    fold = Fold.of(PIECES, ViewOptions(fold_punctuation=True))
    assert punctuation(PIECES) == fold.folded == (4,)
    body, edge = fold.parts(maps)
    assert edge[:, 0] == pytest.approx(np.delete(maps, 4, 0)[:, 4])
    assert body.shape == (7, 7)
    both = Fold.of(PIECES, ViewOptions(fold=True, fold_punctuation=True, words=True))
    assert both.folded == (0, 4, 7)


@given(
    rows=npst.arrays(np.float32, (3, 9), elements=st.floats(0, 1, width=32)),
    share=st.floats(0.01, 0.99),
)
@settings(deadline=None)
def test_of_each_row_as_few_are_kept_as_reach_the_share(rows: Array, share: float) -> None:
    fold = Fold.of(("w",) * 9, ViewOptions(keep=share))
    for row, kept in zip(rows.astype(np.float64), fold.keeps(rows), strict=True):
        assert row[kept].sum() >= share * row.sum() - 1e-4
        assert not kept.any() or row[~kept].max(initial=0) <= row[kept].min()
        least = row[kept].min()
        assert row[row > least].sum() <= share * row.sum() + 1e-4  # without the least it is less


def test_what_is_not_kept_is_at_the_edge_and_rows_keep_their_sum() -> None:
    maps = random_maps(2, 3, 8, 8)
    for options in (ViewOptions(keep=0.6), ViewOptions(fold=True, above=0.1, words=True)):
        fold = Fold.of(PIECES, options)
        body, edge = fold.parts(maps)
        whole = fold.merged(maps)[..., list(fold.drawn), :]
        assert (body == 0).any()
        assert body.sum(-1) + edge[..., 0] == pytest.approx(whole.sum(-1))
        assert ((body == 0) | (body == whole[..., list(fold.drawn)])).all()
    assert body[body > 0].min() >= 0.1


def test_differences_are_kept_by_their_size() -> None:
    rows = np.array([[0.5, -0.4, 0.05, -0.05]] * 4, np.float32)
    body, edge = Fold.of(("w",) * 4, ViewOptions(keep=0.9)).parts(rows, signed=True)
    assert body[0].tolist() == pytest.approx([0.5, -0.4, 0, 0])
    assert edge[0, 0] == pytest.approx(0)


def test_a_number_that_is_none_is_kept_and_spoils_no_other() -> None:
    rows = np.array([[np.nan, 0.6, 0.3, 0.1]] * 4, np.float32)
    kept = Fold.of(("w",) * 4, ViewOptions(keep=0.5)).keeps(rows)
    assert kept[0].tolist() == [True, True, False, False]
