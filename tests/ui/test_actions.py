"""Tests of the table of actions: every entry does something, every key means one thing."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from bertviz_app.ui.actions import ACTS, Act, Actions, key_table, keys_of, place_acts

LEFT_ALONE = "ACDEHKUVX"
"""Ctrl with these letters belongs to line editing on one system or another."""


def test_no_key_means_two_things() -> None:
    acts = (*ACTS, *place_acts({2: "Embeddings", 3: "Attention"}))
    keys = Counter(QKeySequence(key).toString() for act in acts for key in keys_of(act))
    assert [key for key, number in keys.items() if number > 1] == []


def test_keys_of_line_editing_and_single_letters_are_left_alone() -> None:
    keys = {QKeySequence(key).toString() for act in ACTS for key in keys_of(act)}
    assert not keys & {f"Ctrl+{letter}" for letter in LEFT_ALONE}
    assert not [key for key in keys if len(key) == 1]


def test_names_are_unique() -> None:
    assert max(Counter(act.name for act in ACTS).values()) == 1


def test_action_without_a_deed_is_refused(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    act = Act("text.mask", "Hide", "Edit")
    with pytest.raises(KeyError, match=r"text\.mask"):
        Actions(window, {}, (act,))
    with pytest.raises(KeyError, match="other"):
        Actions(window, {"text.mask": list, "other": list}, (act,))


def test_menus_hold_every_action_once(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    done = []
    bindings = {act.name: lambda name=act.name: done.append(name) for act in ACTS}
    actions = Actions(window, bindings, ACTS)
    actions.fill(window.menuBar())
    found = []
    menus = [entry.menu() for entry in window.menuBar().actions()]
    while menus:
        menu = menus.pop()
        for entry in menu.actions():
            if entry.menu() is not None:
                menus.append(entry.menu())
            elif not entry.isSeparator():
                found.append(entry.objectName())
    assert sorted(found) == sorted(act.name for act in ACTS)
    actions["text.swap"].trigger()
    assert done == ["text.swap"]


def test_key_sheet_says_what_each_key_does() -> None:
    table = dict((words, key) for key, words in key_table(ACTS))
    assert table["Hide the word"]
    assert all(key and words for key, words in key_table(ACTS))
