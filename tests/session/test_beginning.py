"""Tests of what a window begins with: what was asked for, else the last page, else an example."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.core.request import UNCHANGED, Interventions
from bertviz_app.core.saved_session import ModelReference, SavedSession
from bertviz_app.core.state import Note, NoteKind, Selection, State, ViewOptions
from bertviz_app.session.beginning import Asked, Beginning, begin
from bertviz_app.storage.journal import Journal, Page
from bertviz_app.storage.session_file import encode_session

EXAMPLE = Beginning(
    SavedSession(
        State("An example.", selection=Selection(5, 8, word="her")), ViewOptions(fold=True)
    ),
    Note("Notice.", NoteKind.EXAMPLE),
)
HEAD = Selection(5, 8)
KEPT = SavedSession(
    state=State(
        "The last text.",
        interventions=Interventions(causal=True),
        selection=Selection(layer=3, word="text"),
    ),
    model=ModelReference(Path("/models/bert"), "bert", "0f"),
)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    made = Journal(tmp_path / "journal-1.json")
    made.last = Page(KEPT, ended=True)
    return made


def test_the_first_window_of_all_shows_the_example() -> None:
    assert begin(Asked(), None, EXAMPLE) is EXAMPLE


def test_an_empty_page_gives_way_to_the_example(journal: Journal) -> None:
    journal.last = Page(SavedSession(state=State("", "")))
    assert begin(Asked(), journal, EXAMPLE) is EXAMPLE


def test_the_last_page_is_back_in_silence_and_after_a_crash_with_a_word(journal: Journal) -> None:
    begun = begin(Asked(), journal, EXAMPLE)
    assert (begun.session, begun.note, begun.page) == (KEPT, None, journal.last)
    journal.last = Page(KEPT)
    note = begin(Asked(), journal, EXAMPLE).note
    assert note is not None
    assert note.text == "Your last text is back."


def test_after_two_starts_that_came_to_nothing_only_the_text_is_back(journal: Journal) -> None:
    journal.last = Page(KEPT, starts=1)
    assert begin(Asked(), journal, EXAMPLE).session == KEPT
    journal.last = Page(KEPT, starts=2)
    begun = begin(Asked(), journal, EXAMPLE)
    assert begun.session == SavedSession(state=State("The last text."))
    assert begun.note is not None
    assert "ended 2 times" in begun.note.text


def test_a_text_wins_over_page_and_file_and_is_cleaned(journal: Journal, tmp_path: Path) -> None:
    begun = begin(Asked(text="a\xa0b", pair="c"), journal, EXAMPLE)
    assert begun == Beginning(SavedSession(state=State("a b", "c", selection=HEAD)))
    file = tmp_path / "a.bertviz.json"
    file.write_bytes(encode_session(KEPT, {}))
    begun = begin(Asked(text="Mine.", file=file), journal, EXAMPLE)
    assert begun.session == replace(KEPT, state=State("Mine.", selection=HEAD))
    assert begun.on_disk is not None


def test_a_file_wins_over_the_page_and_one_that_is_none_is_said(
    journal: Journal, tmp_path: Path
) -> None:
    file = tmp_path / "a.bertviz.json"
    file.write_bytes(encode_session(KEPT, {}))
    journal.last = Page(SavedSession(state=State("Other.")))
    begun = begin(Asked(file=file), journal, EXAMPLE)
    assert (begun.session, begun.note, begun.page) == (KEPT, None, None)
    begun = begin(Asked(file=tmp_path / "absent"), journal, EXAMPLE)
    assert begun.session.state.text == "Other."
    assert begun.note is not None
    assert begun.note.text.startswith("absent could not be read")


def test_another_model_than_that_of_the_page_has_not_its_changes(journal: Journal) -> None:
    same = begin(Asked(model=ModelWanted(Path("/models/bert"))), journal, EXAMPLE)
    assert same.session == KEPT
    other = begin(Asked(model=ModelWanted(Path("other"))), journal, EXAMPLE).session
    assert other.model.path == Path("other")
    assert other.state == replace(KEPT.state, interventions=UNCHANGED)


def test_a_damaged_journal_is_said_beside_what_was_had_back(journal: Journal) -> None:
    journal.problem = "journal-1.json was damaged."
    journal.last = Page(KEPT)
    note = begin(Asked(), journal, EXAMPLE).note
    assert note is not None
    assert note.text == "Your last text is back. journal-1.json was damaged."
    journal.last = None
    note = begin(Asked(), journal, EXAMPLE).note
    assert note is not None
    assert note.text == "journal-1.json was damaged."
