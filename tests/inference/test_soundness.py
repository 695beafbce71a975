"""Tests of the signs that a model's weights are no good."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from bertviz_app.core.trace import Array
from bertviz_app.inference import soundness
from bertviz_app.inference.measuring import entropies


def is_uniform(maps: Array) -> bool:
    return soundness.is_uniform(torch.from_numpy(maps))


def first_broken(hidden: Array) -> int | None:
    return soundness.first_broken(torch.from_numpy(hidden))


@pytest.mark.parametrize(("tokens", "uniform"), [(7, False), (8, True), (64, True)])
def test_heads_that_look_everywhere_alike_are_seen_from_eight_tokens_on(
    tokens: int, uniform: bool
) -> None:
    assert is_uniform(np.full((2, 2, tokens, tokens), 1 / tokens, np.float32)) is uniform


def test_one_head_that_looks_somewhere_is_enough_to_see() -> None:
    maps = np.full((2, 2, 8, 8), 1 / 8, np.float32)
    maps[1, 1] = np.eye(8)
    assert not is_uniform(maps)


@pytest.mark.parametrize(("spread", "uniform"), [(0.19, True), (0.3, False)])
def test_a_head_is_judged_by_its_entropy_where_a_bound_does_not_decide(
    spread: float, uniform: bool
) -> None:
    row = (1 + spread * np.array([1, -1] * 4)) / 8
    most, entropy = 0.99 * np.log2(8), -(row * np.log2(row)).sum()
    assert -np.log2((row**2).sum()) < most
    assert bool(entropy > most) is uniform
    maps = np.full((2, 2, 8, 8), 1 / 8, np.float32)
    maps[1, 1] = row
    assert is_uniform(maps) is uniform


def test_no_numbers_are_not_uniform() -> None:
    assert not is_uniform(np.full((1, 1, 8, 8), np.nan, np.float32))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_the_first_layer_with_a_number_that_is_none_is_named(bad: float) -> None:
    hidden = np.zeros((4, 3, 2), np.float32)
    assert first_broken(hidden) is None
    hidden[1] = np.finfo(np.float32).max  # its sum is infinite, but all are numbers
    assert first_broken(hidden) is None
    hidden[2, 1, 0] = bad
    hidden[3] = np.nan
    assert first_broken(hidden) == 2


def test_uniform_attention_has_all_the_entropy_there_is() -> None:
    assert entropies(torch.full((3, 64, 64), 1 / 64)).tolist() == pytest.approx([6.0] * 3)
