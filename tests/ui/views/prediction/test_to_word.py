"""Tests of To the word: the steps are the model's numbers, and end in its logit."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.output_heads import ToWord, ToWordAnswer, WordSteps
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Show, ViewOptions
from bertviz_app.core.trace import Answer, Array, Trace
from bertviz_app.ui import look
from bertviz_app.ui.copying import data_rows
from bertviz_app.ui.parts.number_steps import NumberStrip
from bertviz_app.ui.parts.steps import Bars, Result
from bertviz_app.ui.views.prediction.to_word import ToWordView
from tests.synthetic import snapshot

W = 12
BIAS = 0.5


@pytest.fixture
def view(qtbot: QtBot) -> ToWordView:
    look.load_fonts()
    look.apply(look.Look())
    made = ToWordView()
    qtbot.addWidget(made)
    made.resize(520, 560)
    made.show()
    return made


def following(made: Snapshot, word: str = "her") -> Snapshot:
    selection = replace(made.state.selection, word=word)
    return replace(made, state=replace(made.state, selection=selection))


def vector(seed: int) -> Array:
    return np.random.default_rng(seed).normal(size=W).astype(np.float32)


def answered(made: Snapshot, word: str = "her") -> Snapshot:
    """`made` with every step known, and logits that are what the steps come to."""
    assert made.facts is not None
    assert made.answer is not None
    number, row = made.facts.ids[word], vector(99)
    runs = [made.answer.as_is, made.answer.changed]
    steps, traces = [], []
    for seed, run in enumerate(run for run in runs if run is not None):
        step = WordSteps(*(vector(3 * seed + part) for part in range(3)))
        logits = np.array(run.mask_logits)
        logits[0, number] = step.normed.astype(np.float64) @ row + BIAS
        steps.append(step)
        traces.append(replace(run, mask_logits=logits.astype(np.float32)))
    states = tuple(tuple(run.hidden[-1][3].tolist()) for run in traces)
    answer = ToWordAnswer(tuple(steps), row, BIAS)
    report = JobReport(ToWord(states, number), 1, 1, answer)
    return replace(made, answer=Answer(*traces), reports={ToWord: report})


def run(made: Snapshot) -> Trace:
    assert made.trace is not None
    return made.trace


def both_runs(made: Snapshot) -> tuple[Trace, Trace]:
    assert made.answer is not None
    assert made.answer.changed is not None
    return made.answer.as_is, made.answer.changed


def asked(view: ToWordView) -> list[ToWord]:
    said: list[ToWord] = []
    view.asked.connect(said.append)
    return said


def strips(view: ToWordView) -> list[NumberStrip]:
    return [block for block in view._steps.blocks if isinstance(block, NumberStrip)]  # noqa: SLF001


def results(view: ToWordView) -> dict[str, str]:
    found = view._steps.blocks  # noqa: SLF001
    return {block.name: block.number for block in found if isinstance(block, Result)}


def test_it_asks_once_for_the_vectors_that_are_shown(view: ToWordView) -> None:
    made = following(snapshot())
    said = asked(view)
    view.show_snapshot(made)
    view.show_snapshot(replace(made))
    assert said == [ToWord((tuple(run(made).hidden[-1][3].tolist()),), 9)]
    assert strips(view) == []


def test_sum_and_bias_make_the_models_logit_and_its_probability(view: ToWordView) -> None:
    made = answered(following(snapshot()))
    view.show_snapshot(made)
    logits = run(made).mask_logits
    assert logits is not None
    exact = logits[0].astype(np.float64)
    summed = exact[9] - BIAS
    probability = np.exp(exact[9]) / np.exp(exact).sum()
    found = {name: float(text.replace("−", "-")) for name, text in results(view).items()}
    assert found == pytest.approx(
        {
            "sum of the products": summed,
            "bias": BIAS,
            "= logit": summed + BIAS,
            "log of the total of e^logit": math.log(np.exp(exact).sum()),
            "probability: e^(logit − log total)": probability,
        },
        abs=1e-4,
    )
    assert view.readout.startswith("her: sum ")
    assert "+ bias +0.50 = logit " in view.readout
    assert "softmax over 64: " in view.readout
    np.testing.assert_array_equal(strips(view)[0].values, run(made).hidden[-1][3])


def test_a_logit_that_is_not_the_sum_is_said(view: ToWordView) -> None:
    made = answered(following(snapshot()))
    trace = run(made)
    logits = np.array(trace.mask_logits)
    logits[0, 9] += 1
    view.show_snapshot(replace(made, answer=Answer(replace(trace, mask_logits=logits))))
    aside = next(
        block.aside
        for block in view._steps.blocks  # noqa: SLF001
        if isinstance(block, Result) and block.name == "= logit"
    )
    assert aside == "1.00 apart from the model's own"


def test_a_changed_run_says_what_was_and_differences_are_shown(view: ToWordView) -> None:
    made = answered(following(snapshot(changed=True)))
    view.show_snapshot(made)
    assert "(as is " in view.readout
    changed = strips(view)[2].values
    np.testing.assert_array_equal(changed, vector(4))
    differing = replace(made, options=ViewOptions(show=Show.DIFFERENCE))
    view.show_snapshot(differing)
    np.testing.assert_allclose(strips(view)[2].values, changed - vector(1), atol=1e-6)
    logits = [trace.mask_logits[0].astype(np.float64) for trace in both_runs(made)]
    totals = [math.log(np.exp(one).sum()) for one in logits]
    chances = [math.exp(one[9] - total) for one, total in zip(logits, totals, strict=True)]
    found = {name: float(text.replace("−", "-")) for name, text in results(view).items()}
    assert found == pytest.approx(
        {
            "sum of the products": logits[1][9] - logits[0][9],
            "bias": 0,
            "= logit": logits[1][9] - logits[0][9],
            "log of the total of e^logit": totals[1] - totals[0],
            "times as probable: e^(logit − log total)": chances[1] / chances[0],
            "probability": chances[1] - chances[0],
        },
        abs=2e-4,
    )
    assert view.readout.startswith("her, changed − as is: sum ")
    assert view.numbers().startswith("changed − as is\n")
    view.show_snapshot(replace(made, options=ViewOptions(show=Show.AS_IS)))
    np.testing.assert_array_equal(strips(view)[2].values, vector(1))
    assert "as is" not in view.readout


def test_the_older_picture_stays_until_the_newer_one_is_there(view: ToWordView) -> None:
    made = answered(following(snapshot()))
    view.show_snapshot(made)
    before = strips(view)
    newer = following(snapshot(seed=5))
    view.show_snapshot(newer)
    assert strips(view) == before
    view.show_snapshot(answered(newer))
    assert strips(view) != before


def test_one_number_is_lit_everywhere_and_read_out(view: ToWordView, qtbot: QtBot) -> None:
    made = answered(following(snapshot()))
    view.show_snapshot(made)
    picture = view._steps  # noqa: SLF001
    bars = next(at for at, block in enumerate(picture.blocks) if isinstance(block, Bars))
    area = picture.area_of(bars)
    qtbot.mouseMove(picture.viewport(), QPoint(int(area.center().x()), int(area.top()) + 10))
    assert view.readout.startswith("number ")
    assert len({picture.lit_in(block) for block in (*strips(view), picture.blocks[bars])}) == 1
    qtbot.mouseMove(picture.viewport(), QPoint(2, 2))
    assert view.readout.startswith("her: ")
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Left):
        qtbot.keyClick(picture, key)
    assert view.readout.startswith("number 11 of 12: last vector ")
    qtbot.keyClick(picture, Qt.Key.Key_Home)
    assert view.readout.startswith("number 1 of 12: ")


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (snapshot(masks=()), "Nothing is hidden."),
        (following(snapshot(), "zorblax"), "zorblax is not one piece"),
    ],
)
def test_what_is_missing_is_said(view: ToWordView, made: Snapshot, said: str) -> None:
    view.show_snapshot(made)
    assert said in view._message.text()  # noqa: SLF001
    assert view.numbers() == ""


def test_numbers_are_copied_with_all_digits(view: ToWordView) -> None:
    view.show_snapshot(answered(following(snapshot())))
    lines = [line.split("\t") for line in view.numbers().splitlines()]
    assert lines[0] == ["number", "last vector", "dense", "GELU", "LayerNorm", "row", "product"]
    normed, row, product = (float(cell) for cell in lines[1][4:7])
    assert normed * row == pytest.approx(product, rel=1e-6)
    assert lines[W + 2] == ["the way to her"]
    assert [line[0] for line in lines[W + 3 :]] == [
        "sum",
        "bias",
        "logit in float64",
        "logit of the model",
        "log of the total",
        "probability",
    ]


@pytest.mark.parametrize("word", ["her", "2024"])
def test_all_rows_that_are_copied_are_counted_whatever_the_word_is(
    view: ToWordView, word: str
) -> None:
    made = snapshot()
    assert made.facts is not None
    vocabulary = tuple(word if piece == "her" else piece for piece in made.facts.vocabulary)
    made = replace(made, facts=replace(made.facts, vocabulary=vocabulary))
    view.show_snapshot(answered(following(made, word), word))
    assert data_rows(view.numbers()) == W + 6
