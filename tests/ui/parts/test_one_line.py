"""A label of one line says less, and then less and …, where there is less room."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from bertviz_app.ui import look
from bertviz_app.ui.parts.one_line import OneLine


def test_words_give_way_to_shorter_ones_and_then_to_dots(qtbot: QtBot) -> None:
    look.load_fonts()
    look.apply(look.Look())
    label = OneLine()
    qtbot.addWidget(label)
    label.resize(400, 20)
    label.show()
    long, short = "changed  what is at [MASK] 3 of 4?", "changed  [MASK] 3 of 4"
    label.say(long, short)
    assert (label.text(), label.toolTip()) == (long, "")
    label.resize(round(look.text_width(look.current().sans(), long)) - 2, 20)
    assert (label.text(), label.toolTip()) == (short, long)
    label.resize(60, 20)
    assert label.text().startswith("changed")
    assert label.text().endswith("…")
    label.resize(400, 20)
    assert label.text() == long
