"""Candidates are ranked by logit and their probability is over the whole vocabulary."""

from __future__ import annotations

import math

import pytest
import torch

from bertviz_app.inference.predictions import best, predictions, surprise

WORDS = tuple(f"w{number}" for number in range(40))


def test_probabilities_are_over_all_words_and_not_over_the_list() -> None:
    logits = torch.linspace(-3, 3, 40)[torch.randperm(40, generator=torch.Generator())]
    found = best(logits, WORDS, 10)
    expected = logits.double().softmax(0)
    assert [word.logit for word in found] == sorted(logits.tolist(), reverse=True)[:10]
    for word in found:
        assert WORDS[word.id] == word.token
        assert word.probability == pytest.approx(float(expected[word.id]), rel=1e-9)
    assert sum(word.probability for word in found) < 0.9


def test_equal_logits_share_a_rank_and_stand_in_the_order_of_their_ids() -> None:
    logits = torch.tensor([1.0, 5.0, 3.0, 5.0, 3.0, 3.0, 3.0])
    found = best(logits, WORDS, 5)
    assert [(word.id, word.rank) for word in found] == [(1, 1), (3, 1), (2, 3), (4, 3), (5, 3)]
    same = best(torch.zeros(40), WORDS, 10)
    assert [(word.id, word.rank) for word in same] == [(number, 1) for number in range(10)]


def test_a_small_vocabulary_is_listed_as_a_whole() -> None:
    assert [word.id for word in best(torch.tensor([0.0, 2.0, 1.0]), WORDS, 10)] == [1, 2, 0]


def test_logits_of_any_size_have_probabilities() -> None:
    found = best(torch.tensor([-1e30, 3e38, 0.0]), WORDS, 3)
    assert [word.probability for word in found] == [1.0, 0.0, 0.0]


def test_what_is_not_a_number_stands_last_and_is_said() -> None:
    found = best(torch.tensor([math.nan, 1.0, math.nan, 2.0]), WORDS, 3)
    assert [word.id for word in found] == [3, 1, 0]
    assert all(math.isnan(word.probability) for word in found)
    assert math.isnan(found[2].logit)
    assert len(best(torch.full((40,), math.nan), WORDS, 10)) == 10


def test_every_mask_has_its_own_candidates() -> None:
    logits = torch.eye(3, 40)
    found = predictions((2, 5, 7), logits, WORDS)
    assert [guess.position for guess in found] == [2, 5, 7]
    assert [guess.candidates[0].id for guess in found] == [0, 1, 2]
    assert {len(guess.candidates) for guess in found} == {10}
    assert predictions((), torch.empty(0, 40), WORDS) == ()


def test_surprise_is_in_bits() -> None:
    logits = torch.tensor([0.5, 0.25, 0.125, 0.125]).log()
    assert [surprise(logits, word) for word in range(4)] == pytest.approx([1, 2, 3, 3])
