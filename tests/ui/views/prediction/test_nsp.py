"""Tests of Next sentence: both answers in index order, what the pooler sees, what is lacking."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.output_heads import Pooler, PoolerAnswer
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Show, ViewOptions
from bertviz_app.core.trace import Answer, Trace
from bertviz_app.ui import look
from bertviz_app.ui.parts.number_steps import NumberStrip
from bertviz_app.ui.parts.pooler_steps import PENDING
from bertviz_app.ui.parts.steps import Result, Term, Words
from bertviz_app.ui.views.prediction.nsp import NextSentenceView
from tests.synthetic import snapshot

LEFT = Qt.MouseButton.LeftButton
LOGITS = np.array([1.5, -0.5], np.float32)


@pytest.fixture
def view(qtbot: QtBot) -> NextSentenceView:
    look.load_fonts()
    look.apply(look.Look())
    made = NextSentenceView()
    qtbot.addWidget(made)
    made.resize(520, 560)
    made.show()
    return made


def two(*, changed: bool = False) -> Snapshot:
    """Two sentences whose as-is run has LOGITS, and a changed one the opposite."""
    made = snapshot(12, pair=True, changed=changed)
    assert made.answer is not None
    runs = [replace(made.answer.as_is, nsp=LOGITS)]
    if made.answer.changed is not None:
        runs.append(replace(made.answer.changed, nsp=-LOGITS))
    return replace(made, answer=Answer(*runs))


def answered(made: Snapshot) -> Snapshot:
    assert made.answer is not None
    runs: list[Trace] = [run for run in (made.answer.as_is, made.answer.changed) if run is not None]
    pooled = tuple(np.tanh(run.hidden[-1][0]) for run in runs)
    answer = PoolerAnswer(pooled, np.ones((2, 12), np.float32), np.zeros(2, np.float32))
    question = Pooler(tuple(tuple(run.hidden[-1][0].tolist()) for run in runs))
    return replace(made, reports={Pooler: JobReport(question, 1, 1, answer)})


def terms(view: NextSentenceView) -> list[Term]:
    return [block for block in view._steps.blocks if isinstance(block, Term)]  # noqa: SLF001


def strips(view: NextSentenceView) -> list[NumberStrip]:
    found = view._steps.blocks  # noqa: SLF001
    return [block for block in found if isinstance(block, NumberStrip)]


def test_index_0_is_that_b_follows(view: NextSentenceView) -> None:
    view.show_snapshot(two())
    assert view.readout == "B follows A: 0.88 (logit +1.50); does not: 0.12 (logit −0.50)"
    follows, does_not = terms(view)
    assert follows.name == "B follows A"
    assert (follows.bold, does_not.bold) == (True, False)
    assert follows.part == pytest.approx(1 / (1 + np.exp(-2)))
    assert follows.part + does_not.part == pytest.approx(1)


def test_what_is_nearly_certain_is_not_written_as_certain(view: NextSentenceView) -> None:
    made = two()
    assert made.answer is not None
    sure = replace(made.answer.as_is, nsp=np.array([5.0, -0.3], np.float32))
    view.show_snapshot(replace(made, answer=Answer(sure)))
    assert view.readout == "B follows A: 0.995 (logit +5.00); does not: 0.005 (logit −0.30)"
    assert [term.numbers[2] for term in terms(view)] == ["0.995", "0.005"]


def test_a_change_says_what_was(view: NextSentenceView) -> None:
    made = two(changed=True)
    view.show_snapshot(made)
    assert view.readout.endswith("(logit +0.50) (as is 0.88)")
    assert terms(view)[0].numbers == ("−1.50", "0.88", "0.12")
    known = answered(made)
    assert made.answer is not None
    assert made.answer.changed is not None
    view.show_snapshot(known)
    pooled = np.tanh(made.answer.changed.hidden[-1][0])
    np.testing.assert_array_equal(strips(view)[1].values, pooled)
    view.show_snapshot(replace(known, options=ViewOptions(show=Show.DIFFERENCE)))
    states = made.answer.changed.hidden[-1][0] - made.answer.as_is.hidden[-1][0]
    np.testing.assert_allclose(strips(view)[0].values, states, atol=1e-6)
    before = np.tanh(made.answer.as_is.hidden[-1][0])
    change = float(pooled.sum(dtype=np.float64) - before.sum(dtype=np.float64))
    blocks = view._steps.blocks  # noqa: SLF001
    written = {one.name: one.number for one in blocks if isinstance(one, Result)}
    for name in ("B follows A", "B does not"):  # both rows of weights are ones
        found = written[f"logit of “{name}”"].replace("−", "-")
        assert float(found) == pytest.approx(change, abs=2e-4)
    yes, no = (float(written[name].replace("−", "-")) for name in ("B follows A", "B does not"))
    assert yes == pytest.approx(-no, abs=1e-6)
    assert abs(yes) > 0.01
    assert view.readout.startswith("B follows A, changed − as is: ")
    view.show_snapshot(replace(known, options=ViewOptions(show=Show.AS_IS)))
    assert view.readout.startswith("B follows A: 0.88")


def test_the_pooled_vector_is_asked_for_and_shown(view: NextSentenceView) -> None:
    made = two()
    said: list[Pooler] = []
    view.asked.connect(said.append)
    view.show_snapshot(made)
    assert len(said) == 1
    assert len(strips(view)) == 1
    assert Words(PENDING) in view._steps.blocks  # noqa: SLF001
    view.show_snapshot(answered(made))
    assert Words(PENDING) not in view._steps.blocks  # noqa: SLF001
    assert len(said) == 1
    assert made.trace is not None
    np.testing.assert_allclose(strips(view)[1].values, np.tanh(made.trace.hidden[-1][0]))


def test_keys_read_a_number_out(view: NextSentenceView, qtbot: QtBot) -> None:
    view.show_snapshot(answered(two()))
    qtbot.keyClick(view._steps, Qt.Key.Key_Right)  # noqa: SLF001
    assert view.readout.startswith("number 1 of 12: [CLS] ")
    assert "to “B follows A”" in view.readout


def button(view: NextSentenceView, text: str) -> QPushButton:
    return next(one for one in view.findChildren(QPushButton) if one.text() == text)


def test_a_second_sentence_is_offered_and_two_are_swapped(
    view: NextSentenceView, qtbot: QtBot
) -> None:
    view.show_snapshot(snapshot())
    assert view.readout == ""
    assert not button(view, "Swap the sentences").isVisible()
    with qtbot.waitSignal(view.acted, timeout=1000) as wanted:
        qtbot.mouseClick(button(view, "Add one"), LEFT)
    assert wanted.args == ["go.pair"]
    view.show_snapshot(two())
    assert not button(view, "Add one").isVisible()
    with qtbot.waitSignal(view.acted, timeout=1000) as wanted:
        qtbot.mouseClick(button(view, "Swap the sentences"), LEFT)
    assert wanted.args == ["text.swap"]


def test_a_model_without_the_head_says_so(view: NextSentenceView) -> None:
    made = two()
    assert made.facts is not None
    view.show_snapshot(replace(made, facts=replace(made.facts, has_nsp=False)))
    assert view._message.text() == "This model has no next-sentence head."  # noqa: SLF001


def test_numbers_are_copied_with_all_digits(view: NextSentenceView) -> None:
    view.show_snapshot(answered(two()))
    lines = [line.split("\t") for line in view.numbers().splitlines()]
    assert lines[1][:2] == ["B follows A", "1.5"]
    assert lines[4] == ["number", "[CLS]", "pooled", "weight: B follows A", "weight: B does not"]
    assert len(lines) == 5 + 12
