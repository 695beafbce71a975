"""Tests of how far two runs are apart."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest

from bertviz_app.analysis.apart import Apart, Reordered
from bertviz_app.core.request import UNCHANGED, Interventions
from tests.synthetic import encoding, model_facts, trace

FACTS = model_facts()
TEXT = encoding(("the", "woman", "[MASK]", "the"))


def test_the_word_that_moves_most_is_named_with_its_change() -> None:
    as_is, changed = (trace(TEXT, FACTS, seed=seed) for seed in (1, 2))
    apart = Apart.of(as_is, changed, 3)
    assert as_is.mask_logits is not None
    assert changed.mask_logits is not None
    powers = [np.exp(run.mask_logits[0].astype(float)) for run in (as_is, changed)]
    before, after = (row / row.sum() for row in powers)
    word = int(np.abs(after - before).argmax())
    assert apart.word == word
    assert apart.probability == pytest.approx(after[word] - before[word])
    assert apart.vectors == np.abs(as_is.hidden[-1] - changed.hidden[-1]).max()


def test_without_a_blank_or_a_head_there_are_vectors_alone() -> None:
    as_is, changed = (trace(TEXT, FACTS, seed=seed) for seed in (1, 2))
    assert Apart.of(as_is, changed, None).probability is None
    headless = replace(changed, mask_logits=None)
    assert Apart.of(as_is, headless, 3).probability is None


def test_equal_tokens_are_compared_in_the_order_in_which_they_stand() -> None:
    turned = encoding(("the", "[MASK]", "the", "woman"))
    one, two = trace(TEXT, FACTS), trace(turned, FACTS)
    order = [0, 1, 3, 4, 2, 5]  # where the tokens of `turned` stand in the text
    reordered = Reordered()
    reordered.see(one)
    assert reordered.apart(UNCHANGED) is None
    reordered.see(replace(two, hidden=one.hidden[:, order]))
    assert reordered.apart(UNCHANGED) == 0
    reordered.see(replace(two, hidden=one.hidden[:, [0, 4, 3, 1, 2, 5]]))
    assert reordered.apart(UNCHANGED) > 0.1
    assert reordered.apart(Interventions(causal=True)) is None


def test_other_tokens_are_no_other_order() -> None:
    reordered = Reordered()
    for words in (("the", "woman"), ("the", "her"), ("her", "the", "the")):
        reordered.see(trace(encoding(words), FACTS))
        assert reordered.apart(UNCHANGED) is None


def test_a_sentence_of_its_own_makes_another_token() -> None:
    reordered = Reordered()
    for pair in ((("the",), ("her",)), (("her",), ("the",))):
        reordered.see(trace(encoding(*pair), FACTS))
    assert reordered.apart(UNCHANGED) is None


def test_no_run_is_kept_alive() -> None:
    run, reordered = trace(TEXT, FACTS), Reordered()
    reordered.see(run)
    gone = weakref.ref(run), weakref.ref(run.hidden)
    del run
    gc.collect()
    assert [kept() for kept in gone] == [None, None]
