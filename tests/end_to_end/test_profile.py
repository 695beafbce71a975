"""Where the time of keys goes: in the tool tip of the last one, copied, and written down."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from bertviz_app.app import _write_profile
from tests.fixtures.desk import Desk


def test_the_last_key_is_in_the_tool_tip_and_all_are_in_the_table(
    open_desk: Callable[..., Desk], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = open_desk("--text", "The woman washed [MASK] hands")
    stopwatch = desk.window.stopwatch
    desk.type(".")
    desk.wait(lambda: bool(stopwatch.keystrokes))
    assert desk.frame.status.toolTip().startswith("last key ")
    desk.window.act("help.profile")
    copied = QGuiApplication.clipboard().text()
    assert "bundled model" in copied
    assert "layers" in copied
    assert desk.snapshot.note is not None
    file = tmp_path / "profile.txt"
    assert _write_profile(file, stopwatch.table) == 0
    assert file.read_text(encoding="utf-8").splitlines() == copied.splitlines()
    assert _write_profile(tmp_path / "none" / "profile.txt", copied) == 1
    assert "could not be written" in capsys.readouterr().err
