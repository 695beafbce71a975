"""Tests of what Why these pieces paints: no piece is left out without a number that says so."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from bertviz_app.ui import look
from bertviz_app.ui.parts.wordpiece_painter import GAP, pieces_shown

PIECES = ("anti", "##dis", "##est", "##ab", "##lish", "##ment", "##arian", "##ism")


@pytest.mark.parametrize("room", [1, 60, 150, 200, 330, 429, 431, 900])
def test_pieces_that_do_not_fit_are_counted_and_there_is_room_for_the_count(
    qtbot: QtBot, room: int
) -> None:
    style = look.Look()
    look.load_fonts()
    look.apply(style)
    font = style.mono(bold=True)

    def wide(count: int) -> float:
        return sum(look.text_width(font, piece) + GAP for piece in PIECES[:count])

    count = pieces_shown(PIECES, font, room)
    more = look.text_width(style.sans(), f"+{len(PIECES) - count}")
    whole = wide(len(PIECES)) - GAP
    assert (count == len(PIECES)) == (whole <= room)
    assert count in (1, len(PIECES)) or wide(count) + more <= room
    assert count == len(PIECES) or wide(count + 1) + more > room
