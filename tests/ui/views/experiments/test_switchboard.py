"""The Switchboard: keys, switches, and the sweep on the pad."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.head_sweep import HeadSweep, HeadSweepAnswer
from bertviz_app.core.request import Head, Interventions
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick, Show, ViewOptions
from bertviz_app.ui import look
from bertviz_app.ui.parts.head_grid import HeadPad
from bertviz_app.ui.parts.part_sliders import PartSliders
from bertviz_app.ui.parts.sight_switch import SightSwitch
from bertviz_app.ui.parts.target_word import target_word
from bertviz_app.ui.views.experiments.switchboard import Switchboard, off_in_words
from tests.synthetic import snapshot
from tests.ui.looking import shows
from tests.ui.menus import menu, opens_a_menu

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
ALL_OFF = {(1, 0), (1, 1), (1, 2)}


@pytest.fixture
def view(qtbot: QtBot) -> Switchboard:
    look.load_fonts()
    look.apply(look.Look())
    made = Switchboard()
    qtbot.addWidget(made)
    made.resize(460, 560)
    made.show()
    return made


@pytest.fixture
def changes(view: Switchboard) -> list[Interventions]:
    asked: list[Interventions] = []
    view.intervened.connect(asked.append)
    return asked


def pad(view: Switchboard) -> HeadPad:
    found = view.findChild(HeadPad)
    assert isinstance(found, HeadPad)
    return found


@pytest.mark.parametrize("show", Show)
def test_the_title_says_that_the_switches_stand_as_they_are_set(
    view: Switchboard, show: Show
) -> None:
    view.show_snapshot(replace(snapshot(changed=True), options=ViewOptions(show=show)))
    shown = [label.text() for label in view.findChildren(QLabel)]
    assert "Switchboard  as set" in shown


def test_the_pad_has_the_room_of_a_row_without_controls(view: Switchboard, qtbot: QtBot) -> None:
    view.show_snapshot(snapshot(8))
    readout = view.findChild(QLabel, "readout.switchboard")
    assert isinstance(readout, QLabel)
    qtbot.waitUntil(
        lambda: view.picture.geometry().bottom() + 1 == readout.mapTo(view, QPoint()).y()
    )


def sight(view: Switchboard) -> SightSwitch:
    found = view.findChild(SightSwitch)
    assert isinstance(found, SightSwitch)
    return found


def click(view: Switchboard, head: Head, modifier: Qt.KeyboardModifier | None = None) -> None:
    point = pad(view).tile(head).center().toPoint()
    QtBot.mouseClick(pad(view).viewport(), LEFT, modifier or Qt.KeyboardModifier.NoModifier, point)


def known(off: set[Head] | None = None, **changes: object) -> Snapshot:
    made = snapshot(8, **changes)
    interventions = Interventions(off or ())
    return replace(made, state=replace(made.state, interventions=interventions))


def swept(of: Snapshot, found: dict[Head, float], *, seconds: float = 0.1) -> Snapshot:
    target = target_word(of)
    assert target is not None
    question = HeadSweep(target.request, target.blank, target.word)
    report = JobReport(question, len(found), 6, HeadSweepAnswer(-1.0, found), seconds)
    running = frozenset() if len(found) == 6 else frozenset({HeadSweep})
    return replace(of, reports={HeadSweep: report}, running=running)


def test_a_click_silences_a_head_and_a_second_one_lets_it_speak(
    view: Switchboard, changes: list[Interventions]
) -> None:
    picks: list[Pick] = []
    view.picked.connect(picks.append)
    view.show_snapshot(known())
    click(view, (1, 2))
    view.show_snapshot(known({(1, 2)}))
    click(view, (1, 2))
    assert changes == [Interventions({(1, 2)}), Interventions()]
    assert picks == [Pick(layer=1, head=2)] * 2


def test_shift_click_silences_the_layer_and_ctrl_click_only_keeps_a_head(
    view: Switchboard, changes: list[Interventions]
) -> None:
    view.show_snapshot(known({(0, 1), (1, 2)}))
    click(view, (1, 0), SHIFT)
    assert changes == [Interventions({(0, 1), *ALL_OFF})]
    view.show_snapshot(known(ALL_OFF))
    click(view, (1, 0), SHIFT)
    assert changes[1:] == [Interventions()]
    picks: list[Pick] = []
    view.picked.connect(picks.append)
    click(view, (0, 1), CONTROL)
    assert picks == [Pick(layer=0, head=1, also=True)]
    assert len(changes) == 2


def test_keys_press_the_pinned_head_and_arrows_move_it(
    view: Switchboard, changes: list[Interventions], qtbot: QtBot
) -> None:
    picks: list[Pick] = []
    view.picked.connect(picks.append)
    view.show_snapshot(known(head=(1, 1)))
    qtbot.keyClick(pad(view), Qt.Key.Key_Right)
    qtbot.keyClick(pad(view), Qt.Key.Key_Home)
    assert picks == [Pick(layer=1, head=2), Pick(layer=1, head=0)]
    qtbot.keyClick(pad(view), Qt.Key.Key_Space)
    qtbot.keyClick(pad(view), Qt.Key.Key_Return, SHIFT)
    assert changes == [Interventions({(1, 1)}), Interventions(ALL_OFF)]


def test_a_silenced_head_is_hatched(view: Switchboard) -> None:
    view.show_snapshot(known(head=(1, 1)))
    area = pad(view).tile((0, 0))
    assert not shows(pad(view).viewport(), "change", area)
    view.show_snapshot(known({(0, 0)}, head=(1, 1)))
    assert shows(pad(view).viewport(), "change", area) > 50
    assert view.readout == "head 2.2 speaks; a click silences it"


def test_the_sweep_is_painted_signed_and_read_out(view: Switchboard) -> None:
    made = known(head=(0, 1), options=ViewOptions(first_number=0))
    found = {(0, 0): 0.5, (0, 1): -1.46, (0, 2): 0.0, (1, 0): 0.1, (1, 1): -0.1, (1, 2): 0.02}
    view.show_snapshot(swept(made, found))
    word = made.word
    assert view.readout == f"head 0.1 silenced alone: {word} −1.46 bits (log₂ p)"
    assert view.job.words == f"{word}: each head silenced alone, nothing else changed"
    shown = pad(view).shown
    assert (shown.full, shown.signed) == (2.0, True)
    assert shown.words((0, 0)) == "+0.50"
    less, more = shown.colour((0, 1)), shown.colour((0, 0))
    assert less.blue() > less.green()
    assert more.green() > more.blue()
    assert view.numbers().splitlines()[2] == "0\t1\t-1.46"


def test_heads_that_were_off_already_have_no_number(view: Switchboard) -> None:
    made = snapshot(8, changed=True, head=(0, 0))
    found = {(0, 1): 0.5, (0, 2): 0.0, (1, 0): 0.1, (1, 1): -0.1, (1, 2): 0.2}
    done = swept(made, found)
    (report,) = done.reports.values()
    done = replace(done, reports={HeadSweep: replace(report, total=5)}, running=frozenset())
    view.show_snapshot(done)
    assert view.readout == "head 1.1 was already off when the others were silenced"
    assert view.job.words == f"{made.word}: each further head silenced, with 1.1 off"
    elsewhere = replace(made.state, selection=replace(made.state.selection, layer=1))
    view.show_snapshot(replace(done, state=elsewhere))
    assert view.readout.startswith("head 2.1 silenced too: ")


def test_heads_that_are_off_are_named_while_they_are_few() -> None:
    assert off_in_words(((1, 6),), 1) == "with 2.7 off"
    assert off_in_words(((1, 6), (4, 9)), 1) == "with 2.7 and 5.10 off"
    assert off_in_words(tuple((0, head) for head in range(12)), 1) == "with 12 heads off"


def test_it_grows_as_heads_come_in_and_can_be_stopped(view: Switchboard, qtbot: QtBot) -> None:
    made = known()
    part = swept(made, {(1, 0): 0.1, (1, 1): -0.1}, seconds=1.0)
    view.show_snapshot(part)
    assert set(pad(view).shown.values) == {(1, 0), (1, 1)}
    assert view.job.words == "Which heads matter: 2 of 6, about 2 s left"
    with qtbot.waitSignal(view.cancelled) as signal:
        view.job.cancel.click()
    assert signal.args == [HeadSweep]
    view.show_snapshot(replace(part, running=frozenset()))
    assert view.job.words == "Which heads matter stopped at 2 of 6; what you see is that part."
    assert view.job.ask.isVisible()


def test_asking_asks_about_the_followed_word_and_the_changes_in_force(
    view: Switchboard, qtbot: QtBot
) -> None:
    made = snapshot(8, changed=True)
    view.show_snapshot(made)
    with qtbot.waitSignal(view.asked) as signal:
        view.job.ask.click()
    (question,) = signal.args
    assert made.facts is not None
    assert made.word is not None
    assert question.request.interventions == made.state.interventions
    assert (question.position, question.word) == (3, made.facts.ids[made.word])


def test_a_sweep_outlives_the_click_it_led_to_but_not_its_text(view: Switchboard) -> None:
    whole = {(layer, head): 0.1 for layer in range(2) for head in range(3)}
    made = known()
    view.show_snapshot(swept(made, whole))
    assert not view.job.ask.isVisible()
    changed = snapshot(8, changed=True)
    view.show_snapshot(replace(changed, facts=made.facts))
    assert pad(view).shown.values == whole
    assert view.job.ask.isVisible()
    view.show_snapshot(replace(snapshot(9), facts=made.facts))
    assert pad(view).shown.values == {}
    view.show_snapshot(swept(made, whole))
    view.show_snapshot(snapshot(8))  # another model, of the same shape
    assert pad(view).shown.values == {}


def test_without_a_blank_it_says_what_to_do(view: Switchboard) -> None:
    view.show_snapshot(snapshot(8, masks=()))
    assert view.job.words.startswith("Nothing is hidden.")
    assert not view.job.ask.isVisible()


def test_who_may_look(view: Switchboard, changes: list[Interventions]) -> None:
    view.show_snapshot(known(second=2))
    switch = sight(view)
    left, right = (button for name, button in switch.buttons.items() if name.value != "both")
    left.click()
    right.click()
    assert changes == [Interventions(causal=True), Interventions(anticausal=True)]
    assert "not GPT" in switch.said
    assert switch.no_one.text() == "no one may look at woman"
    switch.no_one.click()
    assert changes[2:] == [Interventions(hidden_keys=(2,))]


def test_who_may_look_shows_what_is_so(view: Switchboard) -> None:
    made = known(token=1)
    now = Interventions(anticausal=True, hidden_keys=(1,))
    view.show_snapshot(replace(made, state=replace(made.state, interventions=now)))
    checked = [sight.value for sight, one in sight(view).buttons.items() if one.isChecked()]
    assert checked == ["right only"]
    assert sight(view).no_one.isChecked()
    neither = Interventions(causal=True, anticausal=True)
    view.show_snapshot(replace(made, state=replace(made.state, interventions=neither)))
    assert not any(button.isChecked() for button in sight(view).buttons.values())


@opens_a_menu
def test_a_right_click_offers_what_can_be_done_with_a_head(
    view: Switchboard, changes: list[Interventions]
) -> None:
    view.show_snapshot(known())
    point = pad(view).tile((1, 0)).center().toPoint()
    with menu(pad(view).viewport(), point) as entries:
        entries["Silence head 2.1"].trigger()
    assert changes == [Interventions({(1, 0)})]


def test_a_slider_scales_a_part_of_the_embeddings(view: Switchboard) -> None:
    asked: list[tuple[Interventions, str]] = []
    view.adjusted.connect(lambda changes, step: asked.append((changes, step)))
    view.show_snapshot(known({(0, 1)}))
    parts = view.findChild(PartSliders)
    assert isinstance(parts, PartSliders)
    parts.sliders[2].setValue(50)
    ((changes, _),) = asked
    assert changes == Interventions({(0, 1)}, parts=(1.0, 1.0, 0.5))
    made = known()
    view.show_snapshot(replace(made, state=replace(made.state, interventions=changes)))
    assert parts.sliders[2].value() == 50
    assert "position 50 %" in [label.text() for label in parts.findChildren(QLabel)]
    assert len(asked) == 1
