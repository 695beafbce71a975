"""Tests of what stays said while the text changes."""

from __future__ import annotations

import pytest

from bertviz_app.core.state import Note, NoteKind, State
from bertviz_app.session import notes
from bertviz_app.session.notes import Notes

EXAMPLE = Note("Change woman to man.", NoteKind.EXAMPLE)
ADVICE = Note("The pin on washed is gone.", NoteKind.RECOVERY)
FAULT = Note("It broke.", NoteKind.FAULT)


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ("The woman washed [MASK] hands.", "The man washed [MASK] hands.", True),
        ("The woman washed [MASK] hands.", "Our dog chased [MASK] ball.", False),
        ("The woman sat", "The woman sat there", True),
        ("The woman sat", "", False),
    ],
)
def test_example_stays_while_its_text_is_edited(before: str, after: str, kept: bool) -> None:
    found = Notes().left(EXAMPLE, State(text=before), State(text=after))
    assert found == (EXAMPLE if kept else None)


def test_advice_can_be_read_while_typing_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(notes, "monotonic", lambda: now)
    kept = Notes()
    one, other = State(text="The woman sat"), State(text="The man sat")
    assert kept.left(ADVICE, one, other) is ADVICE
    now += notes.LEGIBLE - 1
    assert kept.left(ADVICE, other, one) is ADVICE
    now += 2
    assert kept.left(ADVICE, one, one) is ADVICE
    assert kept.left(ADVICE, one, other) is None


def test_fault_waits_until_it_was_read() -> None:
    assert Notes().replaced(FAULT, ADVICE) is FAULT
    assert Notes().replaced(FAULT, None) is None
    assert Notes().replaced(ADVICE, FAULT) is FAULT
