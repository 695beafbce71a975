"""Experiments on the shipped model, by keys and mouse in the real window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt

from bertviz_app.core.changes import Sight
from bertviz_app.core.questions.attribution import IntegratedGradients
from bertviz_app.core.questions.head_sweep import HeadSweep
from bertviz_app.core.request import Interventions
from bertviz_app.core.state import Pick
from bertviz_app.ui.parts.head_grid import HeadPad
from bertviz_app.ui.parts.map_picture import MapPicture
from bertviz_app.ui.parts.sight_switch import SightSwitch
from bertviz_app.ui.parts.weight_editing import WeightEditing
from bertviz_app.ui.views.attribution import AttributionView
from bertviz_app.ui.views.effects import Effects
from bertviz_app.ui.views.switchboard import Switchboard
from tests.fixtures.desk import Desk

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_find_the_head_that_matters_silence_it_and_see_the_word_fall(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk()
    desk.key(Qt.Key.Key_6, CONTROL)
    view = desk.view("switchboard")
    assert isinstance(view, Switchboard)
    pad = view.findChild(HeadPad)
    assert isinstance(pad, HeadPad)
    desk.press("Which heads matter here?")
    desk.wait(lambda: not desk.snapshot.is_running(HeadSweep))
    changes = pad.shown.values
    assert len(changes) == 72
    darkest = min(changes, key=changes.__getitem__)
    assert darkest == (5, 8)
    assert changes[darkest] < -1
    pad.viewport().repaint()
    desk.qtbot.mouseClick(
        pad.viewport(), Qt.MouseButton.LeftButton, pos=pad.tile(darkest).center().toPoint()
    )
    desk.settle()
    assert desk.session.state.interventions == Interventions({(5, 8)})
    assert desk.best() == "his"
    assert "her as is 0.80 → changed 0.29" in desk.frame.change_bar.accessibleName()
    assert view.readout.startswith("head 6.9 silenced alone: her −1.4")
    desk.key(Qt.Key.Key_R, CONTROL | SHIFT)
    desk.settle()
    assert desk.best() == "her"


def test_the_words_that_mattered_are_found_for_another_word_too(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk()
    desk.window.open_view("attribution")
    view = desk.view("attribution")
    assert isinstance(view, AttributionView)
    desk.wait(lambda: len(view.rows) == 8 and not desk.snapshot.is_running(IntegratedGradients))
    gifts = {row.piece: row.value for row in view.rows}
    assert gifts["woman"] > 1
    assert gifts["hands"] > 1
    report = desk.snapshot.reports[IntegratedGradients]
    assert abs(report.answer.gap) < 0.02
    assert set(desk.frame.strip.tints) == set(range(8))
    view.picked.emit(Pick(word="his"))
    desk.wait(lambda: bool(view.rows) and "logit of his" in view.rows[2].readout)
    assert view.rows[2].value < gifts["woman"] / 4


def test_left_only_stands_beside_both_sides(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk("--text", "[MASK] are you going?")
    desk.window.open_view("effects")
    view = desk.view("effects")
    assert isinstance(view, Effects)
    switch = desk.window.findChild(SightSwitch)
    assert isinstance(switch, SightSwitch)
    switch.buttons[Sight.LEFT].click()
    desk.settle()
    desk.wait(lambda: bool(view.rows))
    assert desk.session.state.interventions == Interventions(causal=True)
    where = next(row for row in view.rows if row.effect.token == "where")
    assert where.followed
    assert where.effect.before > 0.5
    assert where.effect.after < 0.1
    assert view.best.startswith("best word where → ")
    switch.buttons[Sight.BOTH].click()
    desk.settle()
    assert not view.picture.isVisible()


def test_a_dragged_weight_is_one_step_of_undo(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.window.open_view("attention")
    view = desk.view("attention")
    editing, picture = view.findChild(WeightEditing), view.findChild(MapPicture)
    assert isinstance(editing, WeightEditing)
    assert isinstance(picture, MapPicture)
    next(one for one in view.more.actions() if one.text() == "Edit weights").trigger()
    picture.viewport().repaint()
    layout = picture.layout_now
    assert layout is not None
    row, column = 3, 1  # [MASK] looks at woman; [CLS] is folded
    start = QPoint(round(layout.columns.middle(column)), round(layout.rows.middle(row)))
    mouse, area = desk.qtbot, picture.viewport()
    mouse.mousePress(area, Qt.MouseButton.LeftButton, pos=start)
    for down in (60, 120, 180):
        mouse.mouseMove(area, start + QPoint(0, down))
        desk.settle()
    mouse.mouseRelease(area, Qt.MouseButton.LeftButton, pos=start + QPoint(0, 180))
    desk.settle()
    ((key, weights),) = desk.session.state.interventions.attention
    assert key == (5, 8, 4)
    assert weights[2] == 0
    assert "row 4 of head 6.9 edited" in desk.frame.change_bar.accessibleName()
    assert desk.best() == "his"
    desk.window.actions_by_name["edit.undo"].trigger()
    desk.settle()
    assert desk.session.state.interventions == Interventions()
    assert desk.best() == "her"
