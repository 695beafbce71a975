"""Tests of the grid of heads: all of them are in sight where there is room."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from bertviz_app.ui import look
from bertviz_app.ui.parts.head_grid import HeadGrid, HeadValues
from bertviz_app.ui.parts.mosaic_marks import TileMarks


@pytest.mark.parametrize("height", range(260, 300, 4))
def test_bars_that_were_needed_go_once_all_heads_have_room(qtbot: QtBot, height: int) -> None:
    look.load_fonts()
    look.apply(look.Look())
    grid = HeadGrid()
    qtbot.addWidget(grid)
    grid.resize(120, 80)
    grid.show_heads(HeadValues((6, 12)), TileMarks())
    grid.show()
    bars = grid.horizontalScrollBar(), grid.verticalScrollBar()
    assert all(bar.maximum() > 0 for bar in bars)
    grid.resize(520, height)
    assert [bar.maximum() for bar in bars] == [0, 0]
    last = grid.tile((5, 11)).toAlignedRect()
    qtbot.waitUntil(lambda: grid.viewport().rect().contains(last))
    assert [bar.maximum() for bar in bars] == [0, 0]
