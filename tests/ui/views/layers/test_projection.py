"""Tests of Where words live: what it asks, the way between layers, what is kept, the readout."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.projection import Projection, ProjectionAnswer
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick, Show, ViewOptions
from bertviz_app.ui import look
from bertviz_app.ui.parts.vectors import MOST, Source
from bertviz_app.ui.views.layers.projection import ProjectionView
from tests.synthetic import snapshot


class Asker:
    """Answers what the view asks with made-up points, as the session would."""

    def __init__(self, view: ProjectionView) -> None:
        self.view = view
        self.questions: list[Projection] = []
        view.asked.connect(self.questions.append)

    def show(self, made: Snapshot) -> Snapshot:
        self.view.show_snapshot(made)
        question = self.questions[-1]
        depths, count = question.states.shape[:2]
        points = np.arange(depths * count * 2, dtype=np.float64).reshape(depths, count, 2) % 7
        answer = ProjectionAnswer(points, np.linspace(0.5, 0.25, depths))
        report = JobReport(question, depths, depths, answer)
        answered = replace(made, reports={Projection: report})
        self.view.show_snapshot(answered)
        return answered


@pytest.fixture
def view(qtbot: QtBot) -> ProjectionView:
    look.load_fonts()
    look.apply(look.Look())
    made = ProjectionView()
    qtbot.addWidget(made)
    made.resize(540, 560)
    made.show()
    return made


@pytest.fixture
def asker(view: ProjectionView) -> Asker:
    return Asker(view)


def keep(view: ProjectionView) -> QPushButton:
    return next(one for one in view.findChildren(QPushButton) if one.text().startswith("Keep"))


def test_it_asks_once_for_each_run(view: ProjectionView, asker: Asker) -> None:
    made = asker.show(snapshot(T=8))
    assert made.trace is not None
    assert len(asker.questions) == 1
    assert asker.questions[0].states is made.trace.hidden
    view.show_snapshot(replace(made, preview=Pick(token=2)))
    assert len(asker.questions) == 1
    asker.show(snapshot(T=9, seed=1))
    assert len(asker.questions) == 2


def test_until_the_answer_is_there_the_picture_stays(view: ProjectionView, asker: Asker) -> None:
    view.show_snapshot(snapshot(T=8))
    assert not view.picture.isVisible()  # there is none yet
    asker.show(snapshot(T=8))
    before = view.scatter.cloud
    assert view.picture.isVisible()
    view.show_snapshot(snapshot(T=12, seed=1))
    assert view.scatter.cloud is before
    asker.show(snapshot(T=12, seed=1))
    assert len(view.scatter.cloud.dots) == 12


def test_the_readout_says_how_much_of_the_spread_is_seen(
    qtbot: QtBot, view: ProjectionView, asker: Asker
) -> None:
    made = asker.show(snapshot(T=8, token=4))
    assert made.trace is not None
    text = made.trace.request.text
    assert view.readout == f"hands in “{text}”, layer 2; the picture holds 25 % of the spread"
    view.slider.choose(0)
    qtbot.waitUntil(lambda: view.slider.deep == 0.0)
    assert view.readout.endswith("the embedding; the picture holds 50 % of the spread")


def test_between_two_layers_the_points_go_straight(
    qtbot: QtBot, view: ProjectionView, asker: Asker
) -> None:
    asker.show(snapshot(T=8))
    cloud, room = view.scatter.cloud, view.scatter.size().toSizeF()
    one, other = cloud.at(1.0, room), cloud.at(2.0, room)
    np.testing.assert_allclose(cloud.at(1.25, room), 0.75 * one + 0.25 * other)
    seen: list[float] = []
    view.slider.moved.connect(seen.append)
    view.slider.choose(0)
    qtbot.waitUntil(lambda: view.slider.deep == 0.0)
    assert seen == sorted(seen, reverse=True)
    assert view.slider.layer == 0


def test_a_depth_fills_the_picture_with_one_unit_for_both_directions(
    view: ProjectionView, asker: Asker
) -> None:
    asker.show(snapshot(T=8))
    cloud, room = view.scatter.cloud, view.scatter.size().toSizeF()
    assert cloud.places is not None
    found, given = cloud.at(1.0, room), cloud.places[1]
    sides = found.max(axis=0) - found.min(axis=0)
    assert max(sides[0] / room.width(), sides[1] / room.height()) == pytest.approx(1.0)
    np.testing.assert_allclose(
        sides[0] / sides[1], np.ptp(given[:, 0]) / np.ptp(given[:, 1]), rtol=1e-9
    )


def test_kept_vectors_come_along_into_another_sentence(
    qtbot: QtBot, view: ProjectionView, asker: Asker
) -> None:
    first = asker.show(snapshot(T=8, token=4))
    assert first.trace is not None
    assert keep(view).text() == "Keep hands"
    qtbot.mouseClick(keep(view), Qt.MouseButton.LeftButton)
    second = asker.show(snapshot(T=9, seed=1))
    assert second.trace is not None
    states = asker.questions[-1].states
    assert states.shape[1] == 9 + 1
    np.testing.assert_array_equal(states[:, 9], first.trace.hidden[:, 4])
    dot = view.scatter.cloud.dots[-1]
    assert (dot.source, dot.label, dot.text) == (Source.KEPT, "hands 1", first.trace.request.text)


def test_what_was_kept_is_listed_and_can_be_removed(
    qtbot: QtBot, view: ProjectionView, asker: Asker
) -> None:
    asker.show(snapshot(T=8))
    for _ in range(2):
        qtbot.mouseClick(keep(view), Qt.MouseButton.LeftButton)
    assert [len(vectors) for vectors in view.kept] == [6, 6]
    entries: list[QAction] = view.more.actions()
    assert [entry.text()[:8] for entry in entries] == ["Remove 1", "Remove 2", "Remove a"]
    entries[0].trigger()
    assert len(view.kept) == 1
    view.more.actions()[-1].trigger()
    assert view.kept == ()
    assert not view.more.actions()[-1].isEnabled()


def test_no_more_is_kept_than_there_is_room_for(
    qtbot: QtBot, view: ProjectionView, asker: Asker
) -> None:
    asker.show(snapshot(T=102))
    qtbot.mouseClick(keep(view), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(keep(view), Qt.MouseButton.LeftButton)
    assert sum(map(len, view.kept)) == MOST
    assert not keep(view).isEnabled()


def test_another_model_keeps_nothing_of_the_old_one(
    qtbot: QtBot, view: ProjectionView, asker: Asker
) -> None:
    asker.show(snapshot(T=8))
    qtbot.mouseClick(keep(view), Qt.MouseButton.LeftButton)
    asker.show(snapshot(T=8, L=4, W=24))
    assert view.kept == ()
    assert view.slider.layer == 4


def test_control_click_keeps_one_vector(qtbot: QtBot, view: ProjectionView, asker: Asker) -> None:
    asker.show(snapshot(T=8))
    at = view.scatter.area_of(5).center().toPoint()
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.mouseClick(view.scatter, Qt.MouseButton.LeftButton, control, pos=at)
    assert [vectors.tokens for vectors in view.kept] == [(5,)]


def test_the_difference_joins_each_token_with_itself_as_is(
    view: ProjectionView, asker: Asker
) -> None:
    options = ViewOptions(show=Show.DIFFERENCE)
    made = asker.show(snapshot(T=8, changed=True, options=options))
    assert made.answer is not None
    states = asker.questions[-1].states
    np.testing.assert_array_equal(states[:, :8], made.answer.shown.hidden)
    np.testing.assert_array_equal(states[:, 8:], made.answer.as_is.hidden)


def test_the_numbers_name_every_point_at_every_depth(view: ProjectionView, asker: Asker) -> None:
    asker.show(snapshot(T=8))
    lines = [line.split("\t") for line in view.numbers().splitlines()]
    assert len(lines) == 1 + 3 * 8
    assert lines[1][3] == "at the embedding"
    assert float(lines[-1][-1]) == 0.25
