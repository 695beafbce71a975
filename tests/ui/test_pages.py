"""A view is explained in short paragraphs, each under what it is about."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui.pages import CONTINUES, explanation
from bertviz_app.ui.sheets.rows_area import RowsArea
from bertviz_app.ui.view import Pane, View


class Explained(View):
    name = "explained"
    place = 3
    pane = Pane.ONE
    title = "Explained"
    sees = "nothing"
    explains = "A picture: of nothing.\nMore of it.\nComputed: not at all.\nSource: Nobody 2019."

    def draw(self, snapshot: Snapshot) -> None:
        """Nothing."""


def test_paragraphs_stand_under_their_heads(qtbot: QtBot) -> None:
    view = Explained()
    qtbot.addWidget(view)
    page = explanation(view)
    qtbot.addWidget(page)
    area = page.findChild(RowsArea)
    assert isinstance(area, RowsArea)
    assert area.rows == [
        ("What you see", "nothing"),
        (CONTINUES, "A picture: of nothing."),
        (CONTINUES, "More of it."),
        ("Computed", "not at all."),
        ("Source", "Nobody 2019."),
    ]
