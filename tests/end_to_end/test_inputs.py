"""A person changes what BERT is given: parts, order, segments, the position table."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt

from bertviz_app.ui.parts.mixer_picture import MixerPicture
from tests.fixtures.desk import Desk

OpenDesk = Callable[..., Desk]
LEFT = Qt.MouseButton.LeftButton


def apart(desk: Desk) -> float:
    """How far the last vectors of the same tokens in another order are said to be apart."""
    line = next(line for line in desk.view("embeddings").numbers().split("\n") if "other" in line)
    return float(line.partition("≤ ")[2].split()[0].replace("−", "-"))


def test_without_positions_the_words_reversed_have_the_same_vectors(open_desk: OpenDesk) -> None:
    desk = open_desk("--text", "I like cats")
    desk.window.open_place(2)
    picture = desk.view("embeddings").picture
    assert isinstance(picture, MixerPicture)
    slider = picture.sliders[2]
    desk.qtbot.mousePress(slider, LEFT, pos=QPoint(slider.width() // 2, 8))
    desk.qtbot.mouseMove(slider, QPoint(0, 8))
    desk.qtbot.mouseRelease(slider, LEFT)
    desk.settle()
    assert desk.session.state.interventions.parts == (1, 1, 0)
    desk.press("Reverse the words")
    desk.settle()
    assert desk.session.state.text == "cats like I"
    assert 0 < apart(desk) < 1e-5
    desk.press("position 0 % ×")
    desk.settle()
    assert apart(desk) > 0.1
    for text, position in (("cats like I", 0), ("I like cats", 0), ("I like cats", 1)):
        desk.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        state = desk.session.state
        assert (state.text, state.interventions.parts[2]) == (text, position)
