"""A copy button says that it has copied, for a while."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from bertviz_app.ui.parts import copy_button
from bertviz_app.ui.parts.copy_button import CopyButton


def test_it_says_that_it_has_copied_and_then_what_it_is_for(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copy_button, "READ_IN", 20)
    button = CopyButton("Copy all")
    qtbot.addWidget(button)
    button.show()
    width = button.width()
    button.copy("one")
    assert QGuiApplication.clipboard().text() == "one"
    assert button.text() == "Copied"
    assert button.sizeHint().width() <= width == button.minimumWidth()
    qtbot.waitUntil(lambda: button.text() == "Copy all")
