"""A copy button says that it has copied, for a while."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from bertviz_app.ui.parts import copy_button
from bertviz_app.ui.parts.copy_button import CopyButton


def test_it_says_that_it_has_copied_and_then_what_it_is_for(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copy_button, "READ_IN", 20)
    found = ["one"]
    button = CopyButton("Copy all", lambda: found[0])
    qtbot.addWidget(button)
    button.show()
    width = button.width()
    found[0] = "two"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "two"
    assert button.text() == "Copied"
    assert button.sizeHint().width() <= width == button.minimumWidth()
    qtbot.waitUntil(lambda: button.text() == "Copy all")
