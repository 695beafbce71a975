"""Which words mattered: what is asked, what the rows say, the colours on the strip."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.attribution import (
    Attribution,
    AttributionAnswer,
    Baseline,
    Contribution,
    GradientTimesInput,
    IntegratedGradients,
    Occlusion,
)
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick, Show
from bertviz_app.ui import look
from bertviz_app.ui.parts.row_list import RowList
from bertviz_app.ui.parts.target_word import target_word
from bertviz_app.ui.views.prediction.attribution import AttributionView
from tests.synthetic import snapshot
from tests.ui.looking import colours

VALUES = [0.0, 0.5, 2.0, -1.0, 0.25, 0.0]


@pytest.fixture
def view(qtbot: QtBot) -> AttributionView:
    look.load_fonts()
    look.apply(look.Look())
    made = AttributionView()
    qtbot.addWidget(made)
    made.resize(460, 560)
    made.show()
    return made


@pytest.fixture
def asked(view: AttributionView) -> list[Attribution]:
    questions: list[Attribution] = []
    view.asked.connect(questions.append)
    return questions


def answered(of: Snapshot, question: Attribution, *, done: int = 4, seconds: float = 0) -> Snapshot:
    contributions = tuple(Contribution((at,), value) for at, value in enumerate(VALUES))
    report = JobReport(question, done, 4, AttributionAnswer(contributions, 3.0, 2.0), seconds)
    return replace(of, reports={**of.reports, type(question): report})


def choose(view: AttributionView, name: str, index: int) -> None:
    box = next(box for box in view.findChildren(QComboBox) if box.accessibleName() == name)
    box.setCurrentIndex(index)
    box.activated.emit(index)


def test_it_asks_once_about_the_followed_word(
    view: AttributionView, asked: list[Attribution]
) -> None:
    made = snapshot(6)
    for _ in range(2):
        view.show_snapshot(replace(made))
    target = target_word(made)
    assert target is not None
    about = target.request, target.blank, target.word
    assert asked == [IntegratedGradients(*about, Baseline.MASK, 32)]
    choose(view, "Method", 2)
    choose(view, "Method", 1)
    choose(view, "Method", 0)
    choose(view, "Baseline", 2)
    choose(view, "Steps", 0)
    assert asked[1:3] == [Occlusion(*about), GradientTimesInput(*about)]
    assert asked[-1] == IntegratedGradients(*about, Baseline.ZERO, 8)
    made = replace(
        made, state=replace(made.state, selection=replace(made.state.selection, word="the"))
    )
    view.show_snapshot(made)
    assert asked[-1].word == 5


def test_a_long_text_is_asked_about_on_a_click(
    view: AttributionView, asked: list[Attribution]
) -> None:
    view.show_snapshot(snapshot(40))
    assert asked == []
    assert view.job.words.startswith("Which words give")
    view.job.ask.click()
    assert len(asked) == 1


def test_rows_say_what_each_token_gives_and_what_all_come_to(
    view: AttributionView, asked: list[Attribution]
) -> None:
    made = snapshot(6, token=3)
    view.show_snapshot(made)
    view.show_snapshot(answered(made, asked[0]))
    word = made.word
    assert [row.value for row in view.rows] == VALUES
    assert view.readout == (
        f"[MASK]: −1.00 of the logit of {word}; together +1.75 of +2.00, gap +0.25"
    )
    assert view.job.words == (
        f"{word}: logit from +1.00 with the words hidden to +3.00; "
        "together +1.75 of +2.00, gap +0.25"
    )
    assert view.numbers().splitlines()[-1] == "gap\t0.25"
    theme = look.current().theme
    found = colours(view.picture)
    assert found[theme.diverging[0].lower()]
    assert found[theme.diverging[-1].lower()]


def test_the_strip_is_tinted_by_what_is_shown(
    view: AttributionView, asked: list[Attribution], qtbot: QtBot
) -> None:
    made = snapshot(6)
    view.show_snapshot(made)
    assert view.tints(made) == {}
    made = answered(made, asked[0])
    tints = view.tints(made)
    assert sorted(tints) == list(range(6))
    assert tints[2].green() > tints[2].blue()
    assert tints[3].blue() > tints[3].green()
    view.show_snapshot(made)
    with qtbot.waitSignal(view.retinted):
        choose(view, "Method", 1)
    assert view.tints(made) == {}


def test_a_job_under_way_says_so_and_stops(
    view: AttributionView, asked: list[Attribution], qtbot: QtBot
) -> None:
    made = snapshot(6)
    view.show_snapshot(made)
    part = answered(made, asked[0], done=1, seconds=1.0)
    view.show_snapshot(replace(part, running=frozenset({IntegratedGradients})))
    assert view.job.words == "Integrated gradients: 1 of 4, about 3 s left"
    with qtbot.waitSignal(view.cancelled) as signal:
        view.job.cancel.click()
    assert signal.args == [IntegratedGradients]
    view.show_snapshot(part)
    assert view.job.ask.isVisible()
    assert len(asked) == 1


def test_rows_are_kept_tried_and_hidden(
    view: AttributionView, asked: list[Attribution], qtbot: QtBot
) -> None:
    made = snapshot(6, token=1)
    view.show_snapshot(made)
    view.show_snapshot(answered(made, asked[0]))
    said: list[object] = []
    view.picked.connect(said.append)
    view.hidden.connect(lambda at, each: said.append((at, each)))
    table = view.findChild(RowList)
    assert isinstance(table, RowList)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert said == [Pick(token=2), (1, False)]


def test_without_a_blank_or_a_head_it_says_why(view: AttributionView) -> None:
    view.show_snapshot(snapshot(6, masks=()))
    assert not view.picture.isVisible()
    made = snapshot(6)
    assert made.facts is not None
    view.show_snapshot(replace(made, facts=replace(made.facts, has_mlm=False)))
    assert not view.picture.isVisible()


def test_a_difference_is_asked_for_and_named(
    view: AttributionView, asked: list[Attribution]
) -> None:
    made = snapshot(6, changed=True)
    made = replace(made, options=replace(made.options, show=Show.DIFFERENCE))
    view.show_snapshot(made)
    question = asked[-1]
    assert made.other is not None
    assert question.request.interventions
    assert question.against == made.other.request.interventions
    view.show_snapshot(answered(made, question))
    target = target_word(made)
    assert target is not None
    assert f"of the change of the logit of {target.shown}" in view.rows[2].readout
    assert "change of the logit from +1.00 with the words hidden to +3.00;" in view.job.words
    view.show_snapshot(replace(made, options=replace(made.options, show=Show.CHANGED)))
    assert asked[-1].against is None
