"""The row of places: what each says, and what stands between them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bertviz_app.analysis.predictions import probability
from bertviz_app.core.request import Interventions
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Show, State, ViewOptions
from bertviz_app.ui import numbers
from bertviz_app.ui.places import Next, live_fact, next_after
from tests.synthetic import snapshot


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (Interventions(), "no change"),
        (Interventions(causal=True), "1 change"),
        (Interventions({(0, 1), (2, 3)}, causal=True), "3 changes"),
    ],
)
def test_experiments_counts_the_changes_in_force(changes: Interventions, words: str) -> None:
    assert live_fact(6, Snapshot(state=State(interventions=changes))).words == words


def test_prediction_says_that_a_word_is_followed_that_is_not_the_best() -> None:
    made = snapshot(changed=True)
    assert made.trace is not None
    best = made.trace.predictions[0].candidates
    for candidate, start in ((best[0], ""), (best[3], "followed: ")):
        selection = replace(made.state.selection, word=candidate.token)
        following = replace(made, state=replace(made.state, selection=selection))
        written = numbers.weight(candidate.probability)
        assert live_fact(5, following).words == f"{start}{candidate.token} {written}"
        differing = replace(following, options=ViewOptions(show=Show.DIFFERENCE))
        assert made.answer is not None
        then = made.answer.as_is.mask_logits
        assert then is not None
        change = candidate.probability - probability(then[0], candidate.id)
        words = f"{start}{candidate.token} {numbers.signed(change)}"
        assert live_fact(5, differing).words == words


def test_prediction_says_that_rounding_is_no_difference() -> None:
    made = snapshot(changed=True, options=ViewOptions(show=Show.DIFFERENCE))
    assert made.answer is not None
    as_is = made.answer.as_is
    assert as_is.mask_logits is not None
    changed = replace(as_is, mask_logits=as_is.mask_logits * np.float32(1 + 2.4e-7))
    same = replace(made, answer=replace(made.answer, changed=changed))
    assert live_fact(5, same).words == f"{made.word} 0"


def test_places_lead_on_until_those_that_stand_apart() -> None:
    present = [2, 3, 5, 6, 7]
    assert [next_after(number, present) for number in present] == [
        Next.LEADS_ON,
        Next.LEADS_ON,
        Next.APART,
        Next.NOTHING,
        Next.NOTHING,
    ]
