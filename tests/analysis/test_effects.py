"""What a change did, in numbers, against the same numbers computed directly."""

from __future__ import annotations

import numpy as np
import pytest

from bertviz_app.analysis.effects import (
    OtherBest,
    WordEffect,
    map_changes,
    other_best,
    word_effects,
)
from bertviz_app.core.trace import Trace
from tests.synthetic import snapshot


def runs(**kinds: object) -> tuple[Trace, Trace, tuple[str, ...]]:
    made = snapshot(changed=True, **kinds)
    assert made.answer is not None
    assert made.answer.changed is not None
    assert made.facts is not None
    return made.answer.as_is, made.answer.changed, made.facts.vocabulary


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits.astype(np.float64))
    return powers / powers.sum()


def test_both_tops_and_the_followed_word_are_compared() -> None:
    before, after, vocabulary = runs(masks=(2,))
    assert before.mask_logits is not None
    assert after.mask_logits is not None
    blank, rare = before.encoding.masks[0], int(before.mask_logits[0].argmin())
    found = {word.id: word for word in word_effects(before, after, blank, vocabulary, rare)}
    tops = {one.id for run in (before, after) for one in run.predictions[0].candidates}
    assert set(found) == {*tops, rare}
    probabilities = softmax(before.mask_logits[0]), softmax(after.mask_logits[0])
    for word, effect in found.items():
        assert np.isclose(effect.before, probabilities[0][word])
        assert np.isclose(effect.after, probabilities[1][word])
        assert effect.difference == effect.after - effect.before
    largest = [max(word.before, word.after) for word in found.values()]
    assert largest == sorted(largest, reverse=True)


def test_no_words_without_a_blank_or_a_head() -> None:
    before, after, vocabulary = runs(masks=())
    assert word_effects(before, after, 3, vocabulary) == ()


def test_blanks_whose_best_word_is_another_one() -> None:
    before, after, _ = runs(masks=(1, 4))
    found = list(other_best(before, after))
    wanted = [
        OtherBest(one.position, one.candidates[0].token, other.candidates[0].token)
        for one, other in zip(before.predictions, after.predictions, strict=True)
        if one.candidates[0].token != other.candidates[0].token
    ]
    assert found == wanted
    assert found
    assert list(other_best(before, before)) == []


def test_map_change_is_the_mean_size_of_the_difference() -> None:
    before, after, _ = runs()
    exact = np.abs(after.attention.astype(np.float64) - before.attention).mean(axis=(-1, -2))
    np.testing.assert_allclose(map_changes(before.attention, after.attention), exact, rtol=1e-5)


def test_rounding_changes_neither_a_word_nor_a_map() -> None:
    assert WordEffect("her", 7, 0.8, 0.8 + 5e-7).difference == 0
    assert WordEffect("ore", 8, 2e-7, 8e-7).difference == pytest.approx(6e-7)
    before = np.full((1, 2, 4, 4), 0.25, np.float32)
    after = before.copy()
    after[0, 0, 1, 2] += 1e-7
    after[0, 1, 1, 2] += 2e-6
    none, some = map_changes(before, after)[0].tolist()
    assert none == 0
    assert some == pytest.approx(2e-6 / 16, rel=0.1)
