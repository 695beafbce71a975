"""Tests of Fold: what is summed at the edge, what is left out, and that nothing is spread."""

from __future__ import annotations

import numpy as np
import pytest

from bertviz_app.analysis.fold import Fold, ends
from bertviz_app.core.trace import Array

PAIR = ("[CLS]", "my", "dog", "[SEP]", "he", "[SEP]")


def random_maps(*shape: int) -> Array:
    weights = np.random.default_rng(0).random(shape, np.float32)
    weights /= weights.sum(axis=-1, keepdims=True)
    return weights


def test_the_edge_column_is_the_summed_weight_of_all_ends() -> None:
    maps = random_maps(2, 3, 6, 6)
    body, edge = Fold.of(PAIR, folds=True).parts(maps)
    assert np.array_equal(body, maps[..., [1, 2, 4], :][..., [1, 2, 4]])
    assert edge.shape == (2, 3, 3, 1)
    assert edge[..., 0] == pytest.approx(
        maps[..., [1, 2, 4], 0] + maps[..., [1, 2, 4], 3] + maps[..., [1, 2, 4], 5]
    )
    assert (body.sum(axis=-1) + edge[..., 0]) == pytest.approx(np.ones((2, 3, 3)))


def test_one_sentence_is_folded_as_two_are() -> None:
    maps = random_maps(4, 4)
    body, edge = Fold.of(("[CLS]", "my", "dog", "[SEP]"), folds=True).parts(maps)
    assert np.array_equal(body, maps[1:3, 1:3])
    assert edge[:, 0] == pytest.approx(maps[1:3, 0] + maps[1:3, 3])


def test_without_fold_the_map_is_the_very_same() -> None:
    maps = random_maps(6, 6)
    fold = Fold.of(PAIR, folds=False)
    assert fold.parts(maps) == (maps,)
    assert (fold.rows, fold.folded) == (6, ())


def test_a_typed_end_is_folded_too_and_lower_case_is_a_word() -> None:
    assert ends(("[CLS]", "[SEP]", "[sep]", "[MASK]", "[SEP]")) == (0, 1, 4)


def test_where_nothing_can_be_folded_there_is_no_edge() -> None:
    fold = Fold.of(("word",), folds=True)
    assert fold.kept == (0,)
    assert len(fold.parts(random_maps(1, 1))) == 1


def test_where_everything_is_folded_nothing_is_left() -> None:
    body, edge = Fold.of(("[CLS]", "[SEP]"), folds=True).parts(random_maps(2, 2))
    assert body.shape == (0, 0)
    assert edge.shape == (0, 1)


def test_rows_and_columns_of_tokens() -> None:
    fold = Fold.of(PAIR, folds=True)
    assert [fold.row(at) for at in (0, 1, 4, 5, None)] == [None, 0, 2, None, None]
