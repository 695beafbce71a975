"""The real window with the largest text: what gives way so that the pictures have room."""

from __future__ import annotations

from collections.abc import Callable

from bertviz_app.ui.token_strip import TokenStrip
from tests.fixtures.desk import Desk


def test_in_a_low_window_text_and_strip_have_one_line_and_places_no_facts(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk("--text", "The old river bank was covered with wet grass. " * 12)
    field, strip = desk.frame.text_row.fields[0], desk.frame.strip
    assert isinstance(strip, TokenStrip)
    desk.window.resize(1280, 1000)
    desk.settle()
    line, places = field.fontMetrics().lineSpacing(), desk.frame.places
    high = places.height()
    assert field.height() > 3 * line
    assert strip.most_lines == 2
    for _ in range(10):
        desk.window.act("text_size.larger")
    desk.settle()
    assert field.height() < 2 * field.fontMetrics().lineSpacing()
    assert strip.most_lines == 1
    assert places.height() < 1.5 * high
    desk.window.act("text_size.reset")
    desk.settle()
    assert field.height() > 3 * line
    assert strip.most_lines == 2
    assert places.height() == high
