"""Whether a model's files were changed is found out without anybody waiting for the disk."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bertviz_app.core.origin import FileRead
from bertviz_app.session import file_watch
from bertviz_app.session.file_watch import FileWatch, changed_files


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


def test_what_was_seen_comes_with_what_was_asked(qtbot: QtBot, files: tuple[FileRead, ...]) -> None:
    watch = FileWatch()
    with qtbot.waitSignal(watch.seen) as caught:
        watch.look(files)
    assert caught.args == [files, ()]
    files[0].path.unlink()
    with qtbot.waitSignal(watch.seen) as caught:
        watch.look(files)
    assert caught.args == [files, (files[0].path,)]


def test_a_drive_that_does_not_answer_is_asked_once(
    qtbot: QtBot, files: tuple[FileRead, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, asked = threading.Event(), []

    def slow(looked_at: tuple[FileRead, ...]) -> tuple[Path, ...]:
        asked.append(looked_at)
        answers.wait()
        return ()

    monkeypatch.setattr(file_watch, "changed_files", slow)
    watch = FileWatch()
    for _ in range(5):
        watch.look(files)
    with qtbot.waitSignal(watch.seen):
        answers.set()
    assert len(asked) == 1
