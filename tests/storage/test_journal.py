"""Tests of the journal: the next window finds what the last one showed, and no other's."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bertviz_app.core.saved_session import SavedSession
from bertviz_app.core.state import State
from bertviz_app.storage.journal import Journal, Page, open_journal
from tests.fixtures.failing_files import each_failure
from tests.storage.test_session_file import WHOLE

REPOSITORY = Path(__file__).parents[2]


def page(text: str, *, ended: bool = False) -> Page:
    return Page(SavedSession(state=State(text=text)), ended=ended)


def opened(folder: Path) -> Journal:
    journal = open_journal(folder)
    assert journal is not None
    return journal


def last_text(journal: Journal) -> str | None:
    return None if journal.last is None else journal.last.session.state.text


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = opened(tmp_path)
    yield journal
    journal.let_go()


def test_all_of_a_page_is_found_by_the_next_window(tmp_path: Path, journal: Journal) -> None:
    assert journal.last is None
    file = Path("/home/a.bertviz.json")
    kept = Page(WHOLE, file, "0f", unsaved=True, spared="is more", ended=True, starts=2)
    assert journal.write(kept) == ""
    journal.let_go()
    again = opened(tmp_path)
    assert again.last == kept
    again.let_go()


def test_two_windows_at_a_time_do_not_share_a_journal(tmp_path: Path, journal: Journal) -> None:
    journal.write(page("first"))
    second = opened(tmp_path)
    assert second.last is None
    assert second.path != journal.path
    second.write(page("second"))
    second.let_go()
    third = opened(tmp_path)
    assert last_text(third) == "second"
    third.let_go()


def test_the_newest_is_found_first_and_one_of_a_crash_before_it(tmp_path: Path) -> None:
    first, second = opened(tmp_path), opened(tmp_path)
    first.write(page("crashed"))
    second.write(page("ended", ended=True))
    first.let_go()
    second.let_go()
    found = opened(tmp_path)
    assert last_text(found) == "crashed"
    found.write(page("newest", ended=True))
    found.let_go()
    found = opened(tmp_path)
    assert last_text(found) == "newest"
    found.let_go()


def test_of_two_windows_at_a_time_the_one_opened_later_is_found_first(tmp_path: Path) -> None:
    first = opened(tmp_path)
    first.write(page("first"))
    second = opened(tmp_path)
    second.write(page("second", ended=True))
    first.write(page("first", ended=True))
    first.let_go()
    second.let_go()
    found = opened(tmp_path)
    assert last_text(found) == "second"
    found.let_go()


DYING = """
import os, signal, sys
from pathlib import Path
from bertviz_app.core.saved_session import SavedSession
from bertviz_app.core.state import State
from bertviz_app.storage.journal import Page, open_journal
journal = open_journal(Path(sys.argv[1]))
journal.write(Page(SavedSession(state=State(text="typed"))))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_lock_of_a_killed_process_holds_nobody_up(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", DYING, str(tmp_path)], cwd=REPOSITORY, check=False)
    found = opened(tmp_path)
    assert last_text(found) == "typed"
    found.let_go()


@pytest.mark.parametrize("content", [b"", b"\0" * 9, b"[" * 500_000, os.urandom(3000)])
def test_a_damaged_journal_is_kept_aside_and_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "journal-1.json").write_bytes(content)
    found = opened(tmp_path)
    assert found.last is None
    assert found.problem == "journal-1.json was damaged. It was kept as journal-1.broken-1.json."
    assert (tmp_path / "journal-1.broken-1.json").read_bytes() == content
    found.let_go()


def test_the_text_of_a_journal_cut_short_is_had_back(tmp_path: Path, journal: Journal) -> None:
    journal.write(page("The woman washed her hands."))
    raw = journal.path.read_bytes()
    journal.path.write_bytes(raw[: len(raw) // 2])
    journal.let_go()
    found = opened(tmp_path)
    assert last_text(found) == "The woman washed her hands."
    assert "was damaged" in found.problem
    found.let_go()


def test_a_folder_that_cannot_be_made_gives_no_journal(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert open_journal(tmp_path / "file" / "journal") is None


def test_a_device_in_place_of_a_journal_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "journal-1.json")
    found = opened(tmp_path)
    assert found.last is None
    found.let_go()


def test_whichever_operation_fails_a_whole_page_is_found(tmp_path: Path) -> None:
    found: list[str] = []

    def next_window() -> None:
        journal = open_journal(tmp_path)
        if journal is None:
            return
        problem = journal.write(page(f"{len(found)}"))
        found.extend([] if problem else [f"{len(found)}"])
        journal.let_go()

    for _ in each_failure(tmp_path, next_window):
        journal = opened(tmp_path)
        assert last_text(journal) == (found[-1] if found else None)
        journal.let_go()
    assert found
