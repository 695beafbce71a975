"""Tests of the softmax over all words: probabilities, ranks, and what a list leaves out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bertviz_app.analysis.predictions import Distribution, probability
from bertviz_app.core.trace import Array

logits = arrays(np.float32, st.integers(1, 40), elements=st.floats(-30, 30, width=32))


def floats(*values: float) -> Array:
    return np.array(values, np.float32)


def test_probability_is_the_softmax() -> None:
    two = Distribution(floats(math.log(3), 0.0))
    assert two.probability(0) == pytest.approx(0.75)
    assert two.probability(1) == pytest.approx(0.25)
    assert probability(floats(math.log(3), 0.0), 1) == pytest.approx(0.25)


def test_huge_logits_do_not_overflow() -> None:
    assert Distribution(floats(3e38, 0.0)).probability(0) == 1.0


def test_rank_counts_the_strictly_larger() -> None:
    tied = Distribution(floats(1, 5, 5, 3))
    assert [tied.rank(word) for word in range(4)] == [4, 1, 1, 3]


def test_best_are_in_order_and_ties_in_order_of_their_ids() -> None:
    tied = Distribution(floats(1, 5, 5, 3, 5))
    assert tied.best(2) == [1, 2]
    assert tied.best(4) == [1, 2, 4, 3]
    assert tied.best(99) == [1, 2, 4, 3, 0]


def test_a_candidate_carries_all_its_numbers() -> None:
    found = Distribution(floats(0, 2, 1)).candidate("her", 2)
    assert (found.token, found.id, found.rank, found.logit) == ("her", 2, 2, 1.0)
    assert found.probability == pytest.approx(math.e / (1 + math.e + math.e**2))


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_logits_that_are_no_numbers_have_no_probabilities(bad: float) -> None:
    spoilt = Distribution(floats(1, bad, 2))
    assert not spoilt.is_number
    assert math.isnan(spoilt.probability(0))


def test_a_word_of_minus_infinity_is_impossible_and_spoils_nothing() -> None:
    masked = Distribution(floats(1, -math.inf))
    assert masked.is_number
    assert masked.probability(1) == 0


@given(logits)
def test_the_list_and_the_rest_are_everything(values: Array) -> None:
    all_words = Distribution(values)
    listed = all_words.best(3)
    rest = all_words.rest(listed)
    assert rest >= 0
    assert sum(map(all_words.probability, listed)) + rest == pytest.approx(1)


@given(logits)
def test_the_best_have_the_first_ranks(values: Array) -> None:
    all_words = Distribution(values)
    ranks = [all_words.rank(word) for word in all_words.best(5)]
    assert ranks == sorted(ranks)
    assert ranks[0] == 1


def test_the_log_of_the_total_is_the_logit_of_certainty() -> None:
    logits = np.array([900.0, 899.0, -900.0], np.float32)
    found = Distribution(logits)
    assert found.log_total == pytest.approx(900 + math.log(1 + math.exp(-1)))
    assert math.exp(900 - found.log_total) == pytest.approx(found.probability(0))
    assert math.isnan(Distribution(np.array([np.nan, 0.0], np.float32)).log_total)


def test_a_temperature_divides_every_logit() -> None:
    logits = np.array([2.0, 0.0], np.float32)
    assert Distribution(logits, 0.5).probability(0) == pytest.approx(1 / (1 + math.exp(-4)))
    assert Distribution(logits, 2.0).rank(1) == 2
