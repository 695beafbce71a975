"""Whether a model's files were changed is found out without anybody waiting for the disk."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bertviz_app.core.origin import FileRead, Origin
from bertviz_app.session import file_watch
from bertviz_app.session.board import Board
from bertviz_app.session.file_watch import FileWatch, changed_files
from tests import synthetic


def read(path: Path) -> FileRead:
    state = path.stat()
    return FileRead(path, state.st_size, state.st_mtime_ns)


@pytest.fixture
def files(tmp_path: Path) -> tuple[FileRead, ...]:
    for name in ("config.json", "vocab.txt"):
        (tmp_path / name).write_text(name)
    return tuple(read(tmp_path / name) for name in ("config.json", "vocab.txt"))


def test_files_that_nobody_touched_are_not_changed(files: tuple[FileRead, ...]) -> None:
    files[0].path.read_text()
    assert changed_files(files) == ()


@pytest.mark.parametrize("change", ["longer", "newer", "gone", "a folder"])
def test_every_change_is_seen(change: str, files: tuple[FileRead, ...]) -> None:
    path = files[1].path
    match change:
        case "longer":
            path.write_text("longer than before")
            os.utime(path, ns=(files[1].modified, files[1].modified))
        case "newer":
            os.utime(path, ns=(1, files[1].modified + 1_000_000_000))
        case "gone":
            path.unlink()
        case "a folder":
            path.unlink()
            path.mkdir()
    assert changed_files(files) == (path,)


def board(files: tuple[FileRead, ...]) -> Board:
    """Where a model of these files is in use."""
    facts = replace(synthetic.model_facts(), origin=Origin(files=files))
    return Board(replace(synthetic.snapshot(T=2), facts=facts))


def test_what_was_changed_stands_on_the_board(qtbot: QtBot, files: tuple[FileRead, ...]) -> None:
    here = board(files)
    watch = FileWatch(here)
    files[0].path.unlink()
    with qtbot.waitSignal(here.changed):
        watch.look()
    assert here.snapshot.changed_files == (files[0].path,)
    files[1].path.unlink()
    with qtbot.waitSignal(here.changed):
        watch.look()
    assert len(here.snapshot.changed_files) == 2


def test_a_drive_that_does_not_answer_is_asked_once_and_heard_of_its_own_model_only(
    qtbot: QtBot, files: tuple[FileRead, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, asked = threading.Event(), []

    def slow(looked_at: tuple[FileRead, ...]) -> tuple[Path, ...]:
        asked.append(looked_at)
        answers.wait()
        return (files[0].path,)

    monkeypatch.setattr(file_watch, "changed_files", slow)
    here = board(files)
    watch = FileWatch(here)
    for _ in range(5):
        watch.look()
    other = replace(synthetic.model_facts(), origin=Origin(files=files[:1]))
    here.update(facts=other)
    with qtbot.waitSignal(watch._seen):  # noqa: SLF001 - nobody else hears of what is outdated
        answers.set()
    assert asked == [files]
    assert here.snapshot.changed_files == ()
