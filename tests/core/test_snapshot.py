"""Tests of the snapshot: whether what is shown is of what is typed and changed."""

from __future__ import annotations

from dataclasses import replace

from bertviz_app.core.request import Interventions
from bertviz_app.core.snapshot import Snapshot
from tests.synthetic import snapshot


def with_state(made: Snapshot, **changes: object) -> Snapshot:
    return replace(made, state=replace(made.state, **changes))


def test_an_answer_is_up_to_date_until_the_text_or_the_changes_are_others() -> None:
    made = snapshot()
    assert made.up_to_date
    assert not Snapshot().up_to_date
    assert not with_state(made, text="another").up_to_date
    assert not with_state(made, interventions=Interventions(causal=True)).up_to_date
    no_such_head = Interventions(heads_off={(99, 0)})
    assert with_state(made, interventions=no_such_head).up_to_date
