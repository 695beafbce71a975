"""Tests of the diagnosis: what it names, and that it shows strange text as it is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from bertviz_app.ui import diagnosis
from bertviz_app.ui.diagnosis import foreign, memory_words, place
from bertviz_app.ui.sheets.diagnostics import Diagnostics
from tests.fixtures.desk import Desk
from tests.synthetic import snapshot


def test_variables_that_lead_to_foreign_code_are_named() -> None:
    assert foreign({"QT_PLUGIN_PATH": "/other/qt", "HOME": "/home/me", "PYTHONPATH": ""}) == [
        "QT_PLUGIN_PATH=/other/qt"
    ]


def test_memory_is_told_by_every_system(monkeypatch: pytest.MonkeyPatch) -> None:
    assert memory_words().endswith("at most")
    monkeypatch.setattr(diagnosis, "STATUS", Path("/nowhere"))
    assert memory_words().endswith("at most")
    monkeypatch.setitem(sys.modules, "resource", None)
    assert memory_words() == "this system does not tell"


def test_a_home_is_not_spelled_out() -> None:
    assert place(Path.home() / "models" / "x") == "~/models/x"
    assert place(Path("/elsewhere")) == "/elsewhere"


def test_the_page_follows_what_happens_and_copies_it_all(qtbot: QtBot) -> None:
    rows = [("log", "<b>bold</b>\x1b"), ("memory", "1 MB")]
    page = Diagnostics(lambda: rows)
    qtbot.addWidget(page)
    shown = [label.text() for label in page.findChildren(QLabel)]
    assert shown == ["log", "<b>bold</b>␛", "memory", "1 MB"]
    rows[1:] = [("memory", "2 MB"), ("last crash", "unlucky")]
    page.show_snapshot(snapshot(8))
    assert [label.text() for label in page.findChildren(QLabel)][3:] == [
        "2 MB",
        "last crash",
        "unlucky",
    ]
    page.findChildren(QPushButton)[0].click()
    assert QGuiApplication.clipboard().text() == (
        "log: <b>bold</b>\x1b\nmemory: 2 MB\nlast crash: unlucky"
    )


def test_the_sheet_names_the_model_and_the_places(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.window.act("help.diagnostics")
    page = desk.frame.sheet.page
    assert isinstance(page, Diagnostics)
    rows = dict(desk.window.diagnosis.rows())
    facts = desk.snapshot.facts
    assert facts is not None
    assert facts.name in rows["model"]
    assert rows["computes on"] == facts.device
    assert "torch 2" in rows["libraries"]
    assert rows["settings"].endswith("settings.json")
    assert "longest hold-up" in rows["window"]
    assert rows["log"] == "none is kept"
    page.show_snapshot(replace(desk.snapshot, facts=None))


def test_the_installation_is_checked_when_it_is_asked_for(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.window.act("help.check")
    page = desk.frame.sheet.page
    assert page is not None

    def said() -> str:
        words = [label.text() for label in page.findChildren(QLabel)]
        return words[words.index("installation") + 1]

    assert "is being checked" in said()
    desk.wait(lambda: "files are as released" in said())
