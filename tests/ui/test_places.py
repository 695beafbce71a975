"""The row of places: what each says, and what stands between them."""

from __future__ import annotations

import pytest

from bertviz_app.core.request import Interventions
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import State
from bertviz_app.ui.places import Next, live_fact, next_after


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


def test_places_lead_on_until_those_that_stand_apart() -> None:
    present = [2, 3, 5, 6, 7]
    assert [next_after(number, present) for number in present] == [
        Next.LEADS_ON,
        Next.LEADS_ON,
        Next.APART,
        Next.NOTHING,
        Next.NOTHING,
    ]
