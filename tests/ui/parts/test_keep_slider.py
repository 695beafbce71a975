"""Tests of the slider of what is kept: what it says, what it asks for, and in which steps."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bertviz_app.core.state import ViewOptions, WeightKind
from bertviz_app.ui import look
from bertviz_app.ui.parts.keep_slider import THRESHOLDS, KeepSlider
from tests.ui.parts.test_option_boxes import turn_wheel


@pytest.fixture
def slider(qtbot: QtBot) -> KeepSlider:
    look.load_fonts()
    made = KeepSlider()
    qtbot.addWidget(made)
    return made


def test_it_keeps_less_of_each_row_and_leaves_the_other_options(
    qtbot: QtBot, slider: KeepSlider
) -> None:
    options = ViewOptions(fold=True, kind=WeightKind.NORM)
    slider.show_options(options)
    assert slider.words == "keep 100 %"
    with qtbot.waitSignal(slider.optioned) as asked:
        qtbot.keyClick(slider.slider, Qt.Key.Key_Left)
    assert asked.args == [ViewOptions(fold=True, kind=WeightKind.NORM, keep=0.99)]
    slider.show_options(ViewOptions(fold=True, keep=0.8))
    assert slider.words == "keep 80 %"
    assert "80 % of what is not folded; what is not kept is summed at the edge" in slider.toolTip()


def test_with_a_threshold_it_goes_through_the_thresholds(qtbot: QtBot, slider: KeepSlider) -> None:
    slider.show_options(ViewOptions(above=0.01))
    assert slider.words == "keep ≥ 0.01"
    asked: list[ViewOptions] = []
    slider.optioned.connect(asked.append)
    for value in range(len(THRESHOLDS)):
        slider.slider.setValue(value)
    assert [options.above for options in asked] == [one for one in THRESHOLDS]
    assert {options.keep for options in asked} == {1.0}


def test_showing_and_the_wheel_ask_for_nothing(slider: KeepSlider) -> None:
    asked: list[ViewOptions] = []
    slider.optioned.connect(asked.append)
    for options in (ViewOptions(keep=0.3), ViewOptions(above=0.2), ViewOptions()):
        slider.show_options(options)
        turn_wheel(slider.slider)
    assert asked == []
