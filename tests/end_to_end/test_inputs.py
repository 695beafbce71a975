"""A person changes what BERT is given: parts, order, segments, the position table."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit

from bertviz_app.core.questions.positions import Positions
from bertviz_app.ui.parts.choice_box import ChoiceBox
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


def test_said_to_stand_reversed_a_text_reversed_is_the_text(open_desk: OpenDesk) -> None:
    desk = open_desk("--text", "cats like [MASK]")
    desk.window.open_place(2)
    before = desk.snapshot.trace
    desk.press("Reverse the words")
    desk.settle()
    boxes = desk.view("embeddings").findChildren(ChoiceBox)
    order = next(box for box in boxes if box.findText("order reversed") >= 0)
    desk.qtbot.keyClick(order, Qt.Key.Key_Down)
    desk.settle()
    now = desk.snapshot.trace
    assert before is not None
    assert now is not None
    assert now.request.text == "[MASK] like cats"
    assert now.request.interventions.position_ids == "reversed"
    np.testing.assert_allclose(now.mask_logits, before.mask_logits, atol=1e-3)
    desk.retype("The woman washed [MASK] hands.")
    assert desk.session.state.interventions.position_ids == "reversed"


def test_bert_runs_with_sinusoids_and_back(open_desk: OpenDesk) -> None:
    desk = open_desk("--text", "She loves [MASK].")
    desk.window.open_view("positions")
    desk.wait(lambda: Positions in desk.snapshot.reports)
    view = desk.view("positions")
    assert view.readout.startswith("positions 3 and 4: cosine 0.")
    best = desk.best()
    box = view.findChild(ChoiceBox)
    assert isinstance(box, ChoiceBox)
    desk.qtbot.keyClick(box, Qt.Key.Key_End)
    desk.settle()
    assert desk.best() != best
    desk.press("sinusoidal positions, raw ×")
    desk.settle()
    assert desk.best() == best
    desk.type(" Yes")
    assert Positions in desk.snapshot.reports
    typed = view.findChild(QLineEdit, "dimensions")
    assert isinstance(typed, QLineEdit)
    desk.qtbot.mouseClick(typed, LEFT)
    typed.selectAll()
    desk.qtbot.keyClicks(typed, "5")
    desk.key(Qt.Key.Key_Return)
    assert "position\tlearned 5\tsinusoidal 5" in view.numbers().split("\n")


def test_segments_are_exchanged_by_a_button(open_desk: OpenDesk) -> None:
    desk = open_desk("--text", "My dog is cute.", "--pair", "He likes [MASK].")
    desk.window.open_view("segments")
    view = desk.view("segments")
    assert view.readout.endswith("[MASK] carries B")
    desk.press("Give A’s tokens B, and the reverse")
    desk.settle()
    assert view.readout.endswith("[MASK] carries A (as is B)")
    desk.press("All in one segment")
    desk.settle()
    assert desk.session.state.interventions.segment_ids == "all A"
    desk.press("All in one segment")
    desk.settle()
    assert not desk.session.state.interventions
