"""Tests of the snapshot: whether what is shown is of what is typed and changed."""

from __future__ import annotations

from dataclasses import replace

from bertviz_app.core.request import Interventions
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Note, NoteKind, Pick, Pin, Selection
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


def test_letters_that_bert_has_not_read_are_in_no_picture_of_its_run() -> None:
    made = snapshot()
    typed = with_state(made, text=made.state.text + "x", cursor=(0, 5))
    assert not typed.looks_like(made)
    assert typed.looks_like(made, typed=False)


def test_a_pin_counts_by_the_token_it_stands_on() -> None:
    made = snapshot()
    assert made.trace is not None
    first, second, *_ = (span for span in made.trace.encoding.spans if span != (0, 0))
    pinned = with_state(made, selection=Selection(token=Pin(0, second, second)))
    other = with_state(made, selection=Selection(token=Pin(0, first, first)))
    letters = (second[0] + 2, second[1] + 2)
    moved = with_state(
        pinned, text="x " + made.state.text, selection=Selection(token=Pin(0, letters, letters))
    )
    assert moved.looks_like(pinned, typed=False)
    assert not other.looks_like(pinned, typed=False)


def test_what_is_in_no_picture_does_not_count() -> None:
    made = snapshot()
    said = Note("Undo", NoteKind.RECOVERY)
    assert replace(made, note=said, can_undo=True, catching_up=True).looks_like(made)
    assert not replace(made, preview=Pick(token=1)).looks_like(made)
    assert not replace(made, answer=replace(made.answer)).looks_like(made)
    assert not with_state(made, interventions=Interventions(causal=True)).looks_like(
        made, typed=False
    )
