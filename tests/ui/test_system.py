"""Tests of what is said when Qt could not start."""

from __future__ import annotations

import pytest

from bertviz_app.ui import system
from bertviz_app.ui.system import missing_for_qt


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Libraries that are not there; all others are."""
    gone: set[str] = set()
    monkeypatch.setattr(system, "_loads", lambda library: library not in gone)
    return gone


def test_nothing_is_said_where_nothing_is_missing(without: set[str]) -> None:
    assert missing_for_qt({"DISPLAY": ":0"}, "linux") == ""


def test_missing_library_is_one_line_with_its_package(without: set[str]) -> None:
    without.add("libxcb-cursor.so.0")
    words = missing_for_qt({"DISPLAY": ":0"}, "linux")
    assert words.endswith("sudo apt install libxcb-cursor0")
    assert "\n" not in words


def test_libraries_of_x11_are_not_asked_for_elsewhere(without: set[str]) -> None:
    without.add("libxcb-cursor.so.0")
    assert missing_for_qt({"WAYLAND_DISPLAY": "wayland-0"}, "linux") == ""
    assert missing_for_qt({"QT_QPA_PLATFORM": "offscreen"}, "linux") == ""
    assert missing_for_qt({}, "darwin") == ""


def test_library_that_qt_always_needs_is_asked_for_without_a_screen_too(without: set[str]) -> None:
    without.add("libEGL.so.1")
    assert "libegl1" in missing_for_qt({"QT_QPA_PLATFORM": "offscreen"}, "linux")


def test_no_screen_is_said_with_what_works_without_one(without: set[str]) -> None:
    assert "bertviz-app predict" in missing_for_qt({}, "linux")
