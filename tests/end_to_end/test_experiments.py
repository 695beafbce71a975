"""Experiments on the shipped model, by keys and mouse in the real window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel

from bertviz_app.core.changes import Sight
from bertviz_app.core.questions.attribution import IntegratedGradients
from bertviz_app.core.questions.head_sweep import HeadSweep
from bertviz_app.core.request import Interventions
from bertviz_app.core.state import Pick, Show
from bertviz_app.session import gestures
from bertviz_app.ui.parts.head_grid import HeadPad
from bertviz_app.ui.parts.map_picture import MapPicture
from bertviz_app.ui.parts.sight_switch import SightSwitch
from bertviz_app.ui.parts.weight_editing import WeightEditing
from bertviz_app.ui.views.experiments.effects import Effects
from bertviz_app.ui.views.experiments.switchboard import Switchboard
from bertviz_app.ui.views.prediction.attribution import AttributionView
from tests.fixtures.desk import Desk

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
AN = "He is [MASK] honest man."
"""Head 5.10 alone decides that it is *an*."""


def test_find_the_head_that_matters_silence_it_and_see_the_word_fall(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk("--text", AN)
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
    assert darkest == (4, 9)
    assert changes[darkest] < -4
    pad.viewport().repaint()
    desk.qtbot.mouseClick(
        pad.viewport(), Qt.MouseButton.LeftButton, pos=pad.tile(darkest).center().toPoint()
    )
    desk.settle()
    assert desk.session.state.interventions == Interventions({(4, 9)})
    assert desk.best() == "a"
    assert "an as is 0.99 → changed 0.05" in desk.frame.change_bar.accessibleName()
    assert view.readout.startswith("head 5.10 silenced alone: an −4.4")
    desk.key(Qt.Key.Key_R, CONTROL | SHIFT)
    desk.settle()
    assert desk.best() == "an"


def test_the_words_that_mattered_are_found_for_another_word_too(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk()
    desk.window.open_view("attribution")
    view = desk.view("attribution")
    assert isinstance(view, AttributionView)
    desk.wait(lambda: len(view.rows) == 8 and not desk.snapshot.is_running(IntegratedGradients))
    contributions = {row.piece: row.value for row in view.rows}
    assert contributions["woman"] > 1
    assert contributions["hands"] > 1
    report = desk.snapshot.reports[IntegratedGradients]
    assert abs(report.answer.gap) < 0.02
    assert set(desk.frame.strip.tints) == set(range(8))
    view.picked.emit(Pick(word="his"))
    desk.wait(lambda: bool(view.rows) and "logit of his" in view.rows[2].readout)
    assert view.rows[2].value < contributions["woman"] / 4


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
    desk = open_desk("--text", AN)
    desk.session.do(gestures.picked(desk.snapshot, Pick(layer=4, head=9)))
    desk.window.open_view("attention")
    view = desk.view("attention")
    editing, picture = view.findChild(WeightEditing), view.findChild(MapPicture)
    assert isinstance(editing, WeightEditing)
    assert isinstance(picture, MapPicture)
    next(one for one in view.more.actions() if one.text() == "Edit weights").trigger()
    picture.viewport().repaint()
    layout = picture.layout_now
    assert layout is not None
    row, column = 3, 4  # [MASK] looks at honest
    start = QPoint(round(layout.columns.middle(column)), round(layout.rows.middle(row)))
    mouse, area = desk.qtbot, picture.viewport()
    mouse.mousePress(area, Qt.MouseButton.LeftButton, pos=start)
    for down in (80, 160, 240):
        mouse.mouseMove(area, start + QPoint(0, down))
        desk.settle()
    mouse.mouseRelease(area, Qt.MouseButton.LeftButton, pos=start + QPoint(0, 240))
    desk.settle()
    ((key, weights),) = desk.session.state.interventions.attention
    assert key == (4, 9, 3)
    assert weights[4] == 0
    assert "row [MASK] of head 5.10 edited" in desk.frame.change_bar.accessibleName()
    assert desk.best() == "a"
    desk.window.actions_by_name["edit.undo"].trigger()
    desk.settle()
    assert desk.session.state.interventions == Interventions()
    assert desk.best() == "an"


def test_edit_weights_opens_the_map_and_says_when_there_is_none(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk("--text", AN)
    action = desk.window.actions_by_name["change.weights"]
    desk.window.act("place.5")
    desk.settle()
    action.trigger()
    view = desk.view("attention")
    editing = view.findChild(WeightEditing)
    assert isinstance(editing, WeightEditing)
    assert view.isVisible()
    assert editing.on
    assert view.picture.hasFocus()
    action.trigger()
    assert editing.on
    field = desk.frame.text_row.fields[0]
    field.selectAll()
    desk.qtbot.keyClick(field, Qt.Key.Key_Delete)
    desk.settle()
    assert not action.isEnabled()
    assert action.text() == "Edit weights: there is no map yet"


def test_escape_leaves_edit_weights_before_any_pin_wherever_the_keyboard_is(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk()
    desk.window.open_view("attention")
    view = desk.view("attention")
    view.picked.emit(Pick(token=2))
    editing = view.findChild(WeightEditing)
    assert isinstance(editing, WeightEditing)
    places = (desk.frame.text_row.fields[0], desk.frame.answer.what_about.field, view.picture)
    for place in places:
        next(one for one in view.more.actions() if one.text() == "Edit weights").trigger()
        assert editing.on
        place.setFocus()
        desk.key(Qt.Key.Key_Escape)
        assert not editing.on
        assert desk.session.state.selection.token is not None
    desk.key(Qt.Key.Key_Escape)
    assert desk.session.state.selection.token is None


def test_a_ninth_word_to_ask_about_is_refused_in_words(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    for word in ("our", "my", "your", "its", "the", "all", "some", "both", "no"):
        desk.frame.answer.picked.emit(Pick(word=word, also=True))
    assert len(desk.session.state.asked) == 8
    note = desk.snapshot.note
    assert note is not None
    assert (note.text, note.action) == ("What about holds eight words.", "")


def test_contributions_of_two_runs_are_called_a_difference(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.window.open_view("attribution")
    desk.session.intervene(Interventions({(5, 8)}))
    desk.settle()
    desk.frame.change_bar.shown.emit(Show.DIFFERENCE)
    view = desk.view("attribution")
    desk.wait(lambda: bool(view.rows) and not desk.snapshot.running)
    labels = [one.text() for one in view.findChildren(QLabel)]
    assert any("difference" in words.split() for words in labels)
    assert "of the change of the logit of her" in view.readout
