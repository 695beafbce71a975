"""Tests of what outlives a window: its journal, its session file and the sentences it left."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.core.request import Interventions
from bertviz_app.core.saved_session import Layout, ModelReference, SavedSession
from bertviz_app.core.state import State
from bertviz_app.session import journal_keeper
from bertviz_app.session.beginning import Beginning
from bertviz_app.session.keeping import Keeping
from bertviz_app.session.open_file import with_suffix
from bertviz_app.storage.journal import Journal, Page, open_journal
from bertviz_app.storage.sentences import Sentence
from bertviz_app.storage.session_file import encode_session, read_session, write_session
from tests.fixtures.failing_files import each_failure
from tests.session.gated_desk import Desk


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the state of this user lives."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path


@pytest.fixture
def keep(desk: Desk, folder: Path) -> Iterator[Callable[[], Keeping]]:
    """Keeps what stands on the desk, as a window that opens does."""
    made = []

    def opened() -> Keeping:
        journal = open_journal(folder / "journal")
        last = journal.last if journal is not None else None
        keeping = Keeping(desk.session, Beginning(SavedSession(), page=last), journal)
        made.append(keeping)
        return keeping

    yield opened
    for keeping in made:
        keeping.close()


def page_in(folder: Path) -> Page | None:
    journal = Journal(folder / "journal" / "journal-1.json")
    assert journal.hold()
    journal.let_go()
    return journal.last


def test_a_page_is_written_in_two_seconds_though_typing_goes_on(
    desk: Desk, keep: Callable[[], Keeping], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_keeper, "WRITE_AFTER", 20)
    keep()
    written: set[str] = set()
    path = folder / "journal" / "journal-1.json"

    def types_on() -> bool:
        desk.type(desk.session.state.text + " cat")
        written.add(path.read_text() if path.exists() else "")
        return len(written) > 4

    desk.wait(types_on)
    assert journal_keeper.WRITE_AFTER < 2000


def test_flushed_is_written_at_once_and_closed_is_an_orderly_end(
    desk: Desk, keep: Callable[[], Keeping], folder: Path
) -> None:
    keeping = keep()
    desk.type("a cat")
    keeping.arrange(Layout(5, ("lens",)))
    keeping.flush()
    keeping.close()
    page = page_in(folder)
    assert page is not None
    assert (page.session.state.text, page.session.layout.place) == ("a cat", 5)
    assert page.ended
    desk.type("typed after the end")
    keeping.flush()
    assert page_in(folder) == page


def test_a_start_counts_until_there_is_an_answer(
    desk: Desk, keep: Callable[[], Keeping], folder: Path
) -> None:
    journal = open_journal(folder / "journal")
    assert journal is not None
    journal.write(Page(SavedSession(state=State("cat")), starts=1))
    journal.let_go()

    def starts() -> int:
        return int(json.loads(journal.path.read_text())["journal"]["starts"])

    keeping = keep()
    desk.wait(lambda: starts() == 2)
    desk.start()
    keeping.flush()
    desk.wait(lambda: starts() == 0)


def test_what_is_not_kept_is_said_once(
    desk: Desk, keep: Callable[[], Keeping], folder: Path
) -> None:
    keeping = keep()
    desk.wait(lambda: (folder / "journal" / "journal-1.json").exists())
    (folder / "journal" / "journal-1.json").unlink()
    (folder / "journal" / "journal-1.json").mkdir()
    desk.type("a cat")
    keeping.flush()
    desk.wait(lambda: desk.session.snapshot.note is not None)
    note = desk.session.snapshot.note
    assert note is not None
    assert note.text.startswith("What you type is not kept:")
    desk.session.note(None)
    desk.type("a cat sat")
    keeping.flush()
    keeping.close()
    assert desk.session.snapshot.note is None


@pytest.mark.parametrize(
    ("texts", "left"),
    [
        (["a cat sat", "a cat sat on"], []),
        (["a cat sat", "", "t", "th", "the"], ["a cat sat"]),
        (["a cat sat", "a cat s", "a ca", "a c", "a", ""], ["a cat sat"]),
        (["a cat sat", "a cat", "a cat ran"], []),
        (["a cat sat", "the dog ran"], ["a cat sat"]),
        (["a cat sat", "the dog ran", "a cat sat"], ["the dog ran", "a cat sat"]),
        (["猫が座った", "", "犬"], ["猫が座った"]),
        (["An example.", "a cat sat"], []),
        (["   ", "a cat sat"], []),
    ],
)
def test_a_sentence_is_left_when_another_takes_its_place(
    desk: Desk, folder: Path, texts: list[str], left: list[str]
) -> None:
    desk.session.push(State(texts[0]))
    examples = frozenset({"An example."})
    keeping = Keeping(desk.session, Beginning(SavedSession()), None, examples)
    for text in texts[1:]:
        desk.type(text)
    assert [one.text for one in keeping.sentences.sentences.recent] == left
    keeping.close()


def test_sentences_of_two_windows_stand_in_one_file(
    desk: Desk, keep: Callable[[], Keeping]
) -> None:
    first, second = keep(), keep()
    first.sentences.toggle(Sentence("a"))
    desk.wait(lambda: first.sentences.sentences.saved == (Sentence("a"),))
    first.close()
    second.sentences.toggle(Sentence("b"))
    desk.wait(lambda: second.sentences.sentences.saved == (Sentence("b"), Sentence("a")))


def test_changes_wait_for_the_model_of_a_session_and_are_then_in_force(desk: Desk) -> None:
    desk.start()
    changes = Interventions(heads_off=[(1, 1)])
    kept = SavedSession(State("a cat", interventions=changes), model=ModelReference(Path("m")))
    desk.session.resume(kept)
    desk.wait(lambda: len(desk.engine.requests) == 2)
    assert desk.engine.requests[-1].interventions == Interventions()
    desk.engine.open()
    desk.wait(lambda: "m" in desk.engines)
    desk.engines["m"].open(9)
    desk.wait(lambda: desk.session.model.name == "m" and desk.session.snapshot.loading is None)
    desk.wait(lambda: desk.engines["m"].requests[-1].interventions == changes)
    desk.session.undo()
    assert desk.session.state == State("cat")


def test_without_its_model_a_session_is_its_text_and_one_undo_brings_all_back(desk: Desk) -> None:
    desk.start()
    changes = Interventions(heads_off=[(1, 1)])
    kept = SavedSession(State("a cat", interventions=changes), model=ModelReference(Path("broken")))
    desk.session.resume(kept)
    desk.wait(lambda: desk.session.snapshot.note is not None)
    assert desk.session.state == State("a cat")
    note = desk.session.snapshot.note
    assert note is not None
    assert note.text == (
        "broken: config.json is missing. The session is about this model: its text is kept. "
        "1 change was removed."
    )
    desk.session.open_model(ModelWanted(Path("m")))
    assert desk.session.snapshot.note is None, "why another did not open matters no more"
    desk.engine.open()


def test_what_is_saved_while_the_model_of_a_session_is_read_is_about_that_model(
    desk: Desk, tmp_path: Path
) -> None:
    desk.start()
    keeping = Keeping(desk.session, Beginning(SavedSession()), None)
    about = ModelReference(Path("m"), "m", "0f")
    desk.session.resume(SavedSession(State("a cat"), model=about))
    assert desk.session.snapshot.loading == "m"
    keeping.file.save(tmp_path / "a.bertviz.json")
    desk.wait((tmp_path / "a.bertviz.json").exists)
    assert read_session(tmp_path / "a.bertviz.json").session.model == about
    desk.session.stop_waiting()
    assert desk.session.model != about
    note = desk.session.snapshot.note
    assert note is not None
    assert note.text.startswith("m was not opened: you stopped waiting for it. The session is")
    keeping.close()


def test_no_step_of_undo_brings_back_a_head_that_the_model_does_not_have(desk: Desk) -> None:
    both, there = Interventions(heads_off=[(1, 1), (9, 1)]), Interventions(heads_off=[(1, 1)])
    desk.start()
    desk.session.resume(
        SavedSession(State("a cat", interventions=both), model=ModelReference(Path("m")))
    )
    desk.type("a cat sat")
    desk.engine.open(9)
    desk.wait(lambda: "m" in desk.engines)
    desk.engines["m"].open(9)
    desk.wait(lambda: desk.session.state.interventions == there)
    desk.session.undo()
    assert desk.session.state == State("a cat", interventions=there)
    desk.session.undo()
    assert desk.session.state == State("cat")
    desk.session.redo()
    assert desk.session.state.interventions == there


def test_the_name_of_a_session_file_moves_nothing_in_what_is_said_of_it(
    desk: Desk, keep: Callable[[], Keeping], tmp_path: Path
) -> None:
    file = keep().file
    for act, words in (
        (file.open, "a‹202E›b.json could not be read: "),
        (file.save, "Saved as a‹202E›b.json."),
    ):
        desk.session.note(None)
        act(tmp_path / "a\u202eb.json")
        desk.wait(lambda: desk.session.snapshot.note is not None)
        assert desk.session.snapshot.note is not None
        assert desk.session.snapshot.note.text.startswith(words)


@pytest.mark.parametrize(
    ("name", "given"),
    [("a", "a.bertviz.json"), ("a.json", "a.json"), ("a.b", "a.b.bertviz.json")],
)
def test_a_file_gets_the_suffix_unless_it_has_one(name: str, given: str) -> None:
    assert with_suffix(Path(name)) == Path(given)


def test_a_file_that_the_suffix_would_meet_is_spared(tmp_path: Path) -> None:
    for name in ("a.bertviz.json", "a-2.bertviz.json"):
        (tmp_path / name).touch()
    assert with_suffix(tmp_path / "a") == tmp_path / "a-3.bertviz.json"


def test_that_there_is_no_journal_is_said(
    desk: Desk, keep: Callable[[], Keeping], folder: Path
) -> None:
    (folder / "journal").write_text("")
    keep()
    note = desk.session.snapshot.note
    assert note is not None
    assert note.text.startswith("What you type is not kept: no journal can be written in ")


def test_whichever_operation_fails_a_session_file_is_old_or_new(tmp_path: Path) -> None:
    file = tmp_path / "a.bertviz.json"
    old, new = (SavedSession(state=State(text)) for text in ("old", "new"))
    file.write_bytes(encode_session(old, {}))
    digest = read_session(file).digest
    written = []
    for operations in each_failure(
        tmp_path, lambda: written.append(write_session(file, new, {}, digest))
    ):
        failed = bool(written[-1].problem)
        assert operations.failed or not failed
        assert read_session(file).session == (old if failed else new)
        copy = written[-1].copy
        assert copy is None or read_session(copy).session == new
        file.write_bytes(encode_session(old, {}))
    assert any(one.copy is not None for one in written)


def test_a_session_too_large_to_be_read_again_is_not_written(tmp_path: Path) -> None:
    rows = {(0, 0, at): [1 / 3] * 500 for at in range(800)}
    large = SavedSession(state=State("cat", interventions=Interventions(attention=rows)))
    written = write_session(tmp_path / "a.bertviz.json", large, {})
    assert written.problem == "it would be larger than 8 MB"
    assert not written.path.exists()
    small = replace(large, state=State("cat"))
    assert write_session(written.path, small, {}).problem == ""
