"""Tests of the column of blocks: its bar, and the blocks that are seen."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from bertviz_app.ui import look
from bertviz_app.ui.parts.steps import Heading
from bertviz_app.ui.parts.steps_picture import StepsPicture


def test_a_bar_with_nothing_to_scroll_has_no_handle_and_keeps_its_place(qtbot: QtBot) -> None:
    look.apply(look.Look())
    picture = StepsPicture()
    qtbot.addWidget(picture)
    picture.resize(400, 300)
    picture.show()
    picture.show_blocks([Heading(1, "One")])
    bar, room = picture.verticalScrollBar(), picture.viewport().width()
    image = bar.grab().toImage()
    colours = {image.pixel(bar.width() // 2, y) for y in range(bar.height())}
    assert len(colours) == 1
    picture.show_blocks([Heading(number, "More") for number in range(1, 30)])
    image = bar.grab().toImage()
    assert len({image.pixel(bar.width() // 2, y) for y in range(bar.height())}) > 1
    assert picture.viewport().width() == room
