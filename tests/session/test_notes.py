"""Tests of what stays said while the text changes."""

from __future__ import annotations

import pytest

from bertviz_app.core.state import Note, NoteKind, State
from bertviz_app.session.session import kept_note

EXAMPLE = Note("Change woman to man.", NoteKind.EXAMPLE)
ADVICE = Note("The pin on washed is gone.", NoteKind.RECOVERY)


@pytest.mark.parametrize(
    ("note", "before", "after", "kept"),
    [
        (EXAMPLE, "The woman sat", "The man sat", True),
        (EXAMPLE, "The woman sat", "Dogs bark", False),
        (EXAMPLE, "The woman sat", "", False),
        (ADVICE, "The woman sat", "The man sat", False),
        (ADVICE, "The woman sat", "The woman sat", True),
    ],
)
def test_example_stays_while_its_text_is_edited(
    note: Note, before: str, after: str, kept: bool
) -> None:
    found = kept_note(note, State(text=before), State(text=after))
    assert found == (note if kept else None)
