"""Tests of the small controls: what they show and ask for, and that the wheel is harmless."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bertviz_app.core.state import Pick, Scale, ViewOptions
from bertviz_app.ui.parts.option_boxes import FoldBox, HeadBoxes
from tests.synthetic import model_facts

SPEC = model_facts(L=6, H=12).spec


def turn_wheel(widget: QWidget) -> None:
    point = QPointF(widget.rect().center())
    up = QPoint(0, 120)
    none, phase = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(point, point, QPoint(), up, Qt.MouseButton.NoButton, none, phase, False)
    QApplication.sendEvent(widget, event)


def test_fold_asks_for_the_other_state_and_keeps_the_other_options(qtbot: QtBot) -> None:
    box = FoldBox()
    qtbot.addWidget(box)
    options = ViewOptions(scale=Scale.LOG, first_number=0)
    box.show_options(options)
    with qtbot.waitSignal(box.optioned) as asked:
        box.click()
    assert asked.args == [ViewOptions(fold=True, scale=Scale.LOG, first_number=0)]
    box.show_options(ViewOptions())
    assert not box.isChecked()


@pytest.mark.parametrize("first", [0, 1])
def test_layer_and_head_count_from_the_first_number(qtbot: QtBot, first: int) -> None:
    boxes = HeadBoxes()
    qtbot.addWidget(boxes)
    picks: list[Pick] = []
    boxes.picked.connect(picks.append)
    boxes.show_head((5, 8), SPEC, first)
    assert picks == []
    assert (boxes.layer.text(), boxes.head.text()) == (f"layer {5 + first}", f"head {8 + first}")
    assert (boxes.layer.minimum(), boxes.layer.maximum()) == (first, 5 + first)
    boxes.head.stepUp()
    boxes.layer.setValue(first)
    assert picks == [Pick(layer=5, head=9), Pick(layer=0, head=9)]


def test_the_wheel_changes_nothing(qtbot: QtBot) -> None:
    boxes = HeadBoxes()
    qtbot.addWidget(boxes)
    asked: list[object] = []
    boxes.show_head((2, 2), SPEC, 1)
    boxes.picked.connect(asked.append)
    turn_wheel(boxes.layer)
    turn_wheel(boxes.head)
    assert asked == []


def test_the_boxes_paint(qtbot: QtBot) -> None:
    for make in (FoldBox, HeadBoxes):
        widget = make()
        qtbot.addWidget(widget)
        assert not widget.grab().isNull()
