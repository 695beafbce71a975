"""Tests of what all views look like."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui import look
from bertviz_app.ui.view import Pane, View


class Plain(View):
    name, pane, title, explains = "plain", Pane.ONE, "Plain", "Nothing."
    sees = "a line of words that is longer than a narrow pane is wide"

    def draw(self, snapshot: Snapshot) -> None:
        pass


def test_what_a_view_shows_ends_in_dots_where_there_is_no_room(qtbot: QtBot) -> None:
    look.apply(look.Look())
    view = Plain()
    qtbot.addWidget(view)
    view.resize(900, 300)
    view.show()
    words = next(label for label in view.findChildren(QLabel) if label.text() == view.sees)
    view.resize(200, 300)
    qtbot.waitUntil(lambda: words.text() != view.sees)
    assert words.text().endswith("…")
    assert words.toolTip() == view.sees
