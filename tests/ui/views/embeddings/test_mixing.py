"""Tests of what the Mixer changes: parts, order, segments, and what it says of the difference."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from bertviz_app.core.request import Interventions
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.trace import Answer
from bertviz_app.ui import look
from bertviz_app.ui.parts.choice_box import ChoiceBox
from bertviz_app.ui.parts.mixer_picture import MixerPicture
from bertviz_app.ui.views.embeddings.embeddings import EmbeddingsView
from tests.synthetic import encoding, model_facts, snapshot, trace

LEFT = Qt.MouseButton.LeftButton
NO_POSITIONS = Interventions(parts=(1, 1, 0))


@pytest.fixture
def view(qtbot: QtBot) -> EmbeddingsView:
    look.load_fonts()
    look.apply(look.Look())
    made = EmbeddingsView()
    qtbot.addWidget(made)
    made.resize(460, 560)
    made.show()
    return made


def with_changes(made: Snapshot, changes: Interventions) -> Snapshot:
    return replace(made, state=replace(made.state, interventions=changes))


def picture(view: EmbeddingsView) -> MixerPicture:
    assert isinstance(view.picture, MixerPicture)
    return view.picture


def lines(view: EmbeddingsView) -> tuple[str, ...]:
    return picture(view)._footer[1:]  # noqa: SLF001


def box(view: EmbeddingsView, words: str) -> ChoiceBox:
    return next(one for one in view.findChildren(ChoiceBox) if one.findText(words) >= 0)


def choose(view: EmbeddingsView, words: str) -> None:
    found = box(view, words)
    found.activated.emit(found.findText(words))


def test_dragging_a_slider_takes_less_of_a_part_in_one_step(
    view: EmbeddingsView, qtbot: QtBot
) -> None:
    asked: list[tuple[Interventions, str]] = []
    view.adjusted.connect(lambda changes, step: asked.append((changes, step)))
    kept = Interventions(parts=(1, 0.5, 1), causal=True)
    view.show_snapshot(with_changes(snapshot(), kept))
    slider = picture(view).sliders[2]
    for _ in range(2):
        qtbot.mousePress(slider, LEFT, pos=QPoint(slider.width() // 2, 8))
        qtbot.mouseMove(slider, QPoint(0, 8))
        qtbot.mouseRelease(slider, LEFT, pos=QPoint(0, 8))
        view.show_snapshot(with_changes(snapshot(), kept))
    changes, steps = zip(*asked, strict=True)
    assert changes[1] == Interventions(parts=(1, 0.5, 0), causal=True)
    assert changes[0].parts[2] == pytest.approx(0.5, abs=0.02)
    assert len(set(steps)) == 2
    assert steps[0] == steps[1]


def test_keys_move_a_slider_and_what_is_in_force_stands_beside_it(
    view: EmbeddingsView, qtbot: QtBot
) -> None:
    view.show_snapshot(with_changes(snapshot(), Interventions(parts=(1, 0.4, 2))))
    assert [slider.value() for slider in picture(view).sliders] == [100, 40, 100]
    factors = [part.factor for part in picture(view)._parts]  # noqa: SLF001
    assert factors == ["100 %", "40 %", "200 %", "", ""]
    with qtbot.waitSignal(view.adjusted) as asked:
        qtbot.keyClick(picture(view).sliders[1], Qt.Key.Key_Home)
    assert asked.args[0].parts == (1, 0, 2)


def test_order_and_segments_are_chosen_beside_what_is_changed_already(
    view: EmbeddingsView, qtbot: QtBot
) -> None:
    view.show_snapshot(with_changes(snapshot(), NO_POSITIONS))
    for words, field, value in (
        ("order reversed", "position_ids", "reversed"),
        ("order shuffled", "position_ids", "shuffled"),
        ("all segment A", "segment_ids", "all A"),
        ("segments swapped", "segment_ids", "swapped"),
    ):
        with qtbot.waitSignal(view.intervened) as asked:
            choose(view, words)
        assert asked.args == [replace(NO_POSITIONS, **{field: value})]
    view.show_snapshot(with_changes(snapshot(), Interventions(segment_ids="swapped")))
    assert box(view, "segments swapped").currentText() == "segments swapped"
    assert box(view, "order typed").currentText() == "order typed"
    view.show_snapshot(with_changes(snapshot(T=4), Interventions(position_ids=[0, 1, 1, 0])))
    assert box(view, "order typed").currentText() == ""


def test_a_model_of_one_segment_has_none_to_exchange(view: EmbeddingsView) -> None:
    made = snapshot()
    assert isinstance(made.answer, Answer)
    run = made.answer.as_is
    one = replace(run, spec=replace(run.spec, segments=1))
    view.show_snapshot(replace(made, answer=Answer(one)))
    assert not box(view, "segments swapped").isEnabled()
    assert box(view, "order typed").isEnabled()


def test_reversing_the_words_is_the_action_of_the_program(
    view: EmbeddingsView, qtbot: QtBot
) -> None:
    view.show_snapshot(snapshot())
    button = next(one for one in view.findChildren(QPushButton) if one.text().startswith("Rev"))
    with qtbot.waitSignal(view.acted) as asked:
        qtbot.mouseClick(button, LEFT)
    assert asked.args == ["text.reverse"]


def test_what_the_changes_do_is_said_in_numbers(view: EmbeddingsView) -> None:
    view.show_snapshot(snapshot())
    assert lines(view) == ()
    made = snapshot(changed=True)
    view.show_snapshot(made)
    assert isinstance(made.answer, Answer)
    runs = made.answer.as_is, made.answer.shown
    apart = np.abs(runs[1].hidden[-1] - runs[0].hidden[-1]).max()
    (said,) = lines(view)
    assert said.startswith(f"changed − as is, at most: last vectors {apart:.2f}, probability of ")
    assert said in view.numbers()
    view.show_snapshot(snapshot(changed=True, masks=()))
    assert "probability" not in lines(view)[0]


def test_the_same_tokens_in_another_order_are_compared(view: EmbeddingsView) -> None:
    facts = model_facts()
    one, two = (encoding(words) for words in (("the", "woman", "her"), ("her", "woman", "the")))

    def show(encoded: object, apart: float, changes: Interventions) -> None:
        as_is, changed = (
            trace(two if encoded is two else one, facts, interventions=kind)
            for kind in (Interventions(), changes)
        )
        order = list(range(len(as_is)))
        if encoded is two:
            order[1:4] = order[3:0:-1]
        runs = [
            replace(run, hidden=run.hidden[:, order] + np.float32(more))
            for run, more in ((as_is, 0.5 if encoded is two else 0), (changed, apart))
        ]
        made = replace(snapshot(tokens=("the",)), answer=Answer(*runs))
        view.show_snapshot(with_changes(made, changes))

    show(one, 0, NO_POSITIONS)
    assert len(lines(view)) == 1
    show(two, 2**-20, NO_POSITIONS)
    said = "same tokens, other order: last vectors ≤ 1e−06 apart, as measured; as is 0.50"
    assert lines(view)[1] == said
    assert said in view.numbers()
    show(two, 2**-20, Interventions(parts=(1, 1, 0.5)))
    assert len(lines(view)) == 1
    view.hide()
    view.show()
    show(two, 2**-20, NO_POSITIONS)
    assert len(lines(view)) == 1
