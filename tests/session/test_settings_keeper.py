"""Tests of keeping settings: nobody waits for the file, and nothing that was set is left out."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bertviz_app.session import settings_keeper
from bertviz_app.session.settings_keeper import SettingsKeeper
from bertviz_app.storage.disk import Disk
from bertviz_app.storage.settings import Settings, settings_path, write
from tests.session.gated_desk import Desk


@pytest.fixture
def keep(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Settings], None]]:
    """Keeps settings for a window that began with the usual ones."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    disk = Disk()
    yield SettingsKeeper(desk.session, disk, Settings()).keep
    disk.close()


def kept() -> dict[str, Any]:
    path = settings_path()
    found: dict[str, Any] = json.loads(path.read_text()) if path.is_file() else {}
    return found


def test_nobody_waits_for_a_file_that_another_program_holds(
    desk: Desk, keep: Callable[[Settings], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    held, waits = threading.Event(), threading.Event()

    def held_for_a_while(*settings: Any) -> str:
        waits.set()
        held.wait(10)
        return write(*settings)

    monkeypatch.setattr(settings_keeper, "write", held_for_a_while)
    keep(Settings(theme="dark"))
    keep(Settings(theme="dark", width=900))
    desk.wait(waits.is_set)
    assert kept() == {}
    held.set()
    desk.wait(lambda: kept().get("width") == 900)
    assert kept()["theme"] == "dark"


def test_what_could_not_be_written_is_said_once_and_written_with_what_follows(
    desk: Desk, keep: Callable[[Settings], None]
) -> None:
    settings_path().mkdir(parents=True)
    keep(Settings(theme="dark"))
    desk.wait(lambda: desk.session.snapshot.note is not None)
    note = desk.session.snapshot.note
    assert note is not None
    assert note.text.startswith("The settings could not be written to ")
    desk.session.note(None)
    settings_path().rmdir()
    settings_path().write_text(json.dumps({"palette": "viridis"}))
    keep(Settings(theme="dark", width=900))
    desk.wait(lambda: kept().get("width") == 900)
    assert (kept()["theme"], kept()["palette"]) == ("dark", "viridis")
    assert desk.session.snapshot.note is None
