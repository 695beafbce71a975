"""A word of several pieces is followed: the real window, a real worker and the shipped model."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel

from bertviz_app.core.request import Interventions
from bertviz_app.ui.answer.asked import AskedRow
from tests.fixtures.desk import Desk


def test_a_word_of_several_pieces_is_followed_through_what_is_changed(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk()
    asked = desk.frame.answer.what_about

    def row() -> AskedRow:
        (found,) = asked.rows.rows
        assert isinstance(found, AskedRow)
        return found

    desk.qtbot.keyClicks(asked.field, "unhappiness")
    desk.wait(lambda: bool(asked.rows.rows) and row().said == "4 pieces")
    desk.qtbot.mouseClick(asked.rows.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(30, 10))
    assert desk.snapshot.word == "unhappiness"
    assert row().followed
    assert desk.frame.answer.readout == row().spoken

    desk.session.intervene(Interventions(heads_off={(5, 8)}))
    desk.settle()
    desk.wait(lambda: row().difference is not None)
    found = re.search(r"log probability (\S+), .*\(as is (\S+)\)", row().spoken)
    assert found is not None
    effect = f"unhappiness (4 pieces), log p as is {found[2]} → changed {found[1]}"
    assert found[1] != found[2]
    assert desk.frame.change_bar.accessibleName().endswith(effect)

    desk.window.open_view("to_word")
    labels = desk.view("to_word").findChildren(QLabel)
    said = "unhappiness is not one piece: only words of one are followed here."
    desk.wait(lambda: said in [label.text() for label in labels if label.isVisible()])
    desk.window.open_view("path")
    path = desk.view("path")
    desk.wait(lambda: "unhappiness is not one piece and has no path" in path.readout)
