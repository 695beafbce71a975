"""Tests of the arithmetic view: the steps, what they say of changes, following, the clipboard."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QLabel
from pytestqt.qtbot import QtBot

from bertviz_app.analysis.arithmetic import LayerOutput, WeightRow
from bertviz_app.core.jobs import JobReport, Question
from bertviz_app.core.questions.output_stage import OutputStage, OutputStageOf
from bertviz_app.core.request import Capture, Interventions
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick, Show, State, ViewOptions
from bertviz_app.core.trace import Answer, Array, Trace
from bertviz_app.ui import look
from bertviz_app.ui.numbers import signed_term, term
from bertviz_app.ui.parts.steps import Bars, Heading, Result, Strip, Term, Words
from bertviz_app.ui.parts.steps_picture import StepsPicture
from bertviz_app.ui.views.attention.arithmetic import Arithmetic
from tests.synthetic import snapshot
from tests.ui.menus import menu, opens_a_menu

TOKENS = ("the", "woman", "[MASK]", "the")
HEAD = (1, 2)
CHANCE = np.random.default_rng(0)
STAGE = OutputStage(
    *(CHANCE.normal(size=size).astype(np.float32) for size in ((12, 12), 12, 12, 12))
)


@pytest.fixture
def view(qtbot: QtBot) -> Arithmetic:
    look.load_fonts()
    look.apply(look.Look())
    made = Arithmetic()
    qtbot.addWidget(made)
    made.resize(454, 606)
    made.show()
    return made


def sound(trace: Trace) -> Trace:
    """A trace whose weights are those of its queries and keys."""
    assert trace.q is not None
    assert trace.k is not None
    scores = trace.q @ trace.k.swapaxes(-1, -2) / np.sqrt(trace.q.shape[-1])
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = powers / powers.sum(axis=-1, keepdims=True)
    for (layer, head, query), row in trace.request.interventions.attention:
        weights[layer, head, query] = row
    return replace(trace, attention=weights.astype(np.float32))


def known(changes: Interventions | None = None, **more: object) -> Snapshot:
    """A snapshot of [CLS] the woman [MASK] the [SEP] in which the numbers fit together."""
    made = snapshot(tokens=TOKENS, head=HEAD, **more)
    assert made.answer is not None
    as_is = sound(made.answer.as_is)
    changed = None
    if changes is not None:
        changed = sound(replace(as_is, request=replace(as_is.request, interventions=changes)))
    reports = {OutputStageOf: JobReport(OutputStageOf(1), 1, 1, STAGE)}
    return replace(made, answer=Answer(as_is, changed), reports=reports)


def picture(view: Arithmetic) -> StepsPicture:
    assert isinstance(view.picture, StepsPicture)
    return view.picture


def said(view: Arithmetic, role: str | None = None) -> str:
    """The words and results of all steps, or those in the colour of a role."""
    return "\n".join(
        f"{block.name} {block.number} {block.aside}" if isinstance(block, Result) else block.text
        for block in picture(view).blocks
        if isinstance(block, Result | Words) and role in (None, block.role)
    )


def terms(view: Arithmetic) -> list[Term]:
    return [block for block in picture(view).blocks if isinstance(block, Term)]


def spot(view: Arithmetic, token: int) -> QPoint:
    """The middle of the line of a token, which is scrolled into sight."""
    steps = picture(view)
    number = next(
        at
        for at, block in enumerate(steps.blocks)
        if isinstance(block, Term) and block.position == token
    )
    steps.verticalScrollBar().setValue(int(steps.area_of(number).top() + steps.offset.y()) - 40)
    return steps.area_of(number).center().toPoint()


def row(made: Snapshot, query: int) -> Array:
    assert made.trace is not None
    found: Array = made.trace.attention[HEAD][query]
    return found


def test_it_asks_for_what_it_needs(qtbot: QtBot, view: Arithmetic) -> None:
    assert view.needs(State()) == Capture(qkv=True)
    asked: list[Question[object]] = []
    view.asked.connect(asked.append)
    made = replace(known(), reports={})
    view.show_snapshot(made)
    view.show_snapshot(replace(made, preview=Pick(token=2)))
    assert asked == [OutputStageOf(1)]
    assert "being read" in said(view)
    view.show_snapshot(replace(made, preview=Pick(layer=0, head=0)))
    assert asked == [OutputStageOf(1), OutputStageOf(0)]


def test_eleven_steps_lead_to_the_next_layer(view: Arithmetic) -> None:
    view.show_snapshot(known(second=2))
    headings = [block.number for block in picture(view).blocks if isinstance(block, Heading)]
    assert headings == list(range(1, 12))
    strips = [block for block in picture(view).blocks if isinstance(block, Strip)]
    assert [strip.name for strip in strips[-4:]] == [
        *("+ 2 other heads", "+ bias of W_O", "= sum", "LayerNorm"),
    ]
    assert not said(view, "error")


def test_the_numbers_are_those_of_a_direct_computation(view: Arithmetic) -> None:
    made = known(second=2)
    view.show_snapshot(made)
    trace = made.trace
    assert trace is not None
    assert trace.q is not None
    assert trace.k is not None
    q, k = (part[HEAD].astype(np.float64) for part in (trace.q, trace.k))
    score = float(q[3] @ k[2])
    assert f"sum of the 4 products {score:.4f}".replace("-", "−") in said(view)
    assert f"the score {score / 2:.4f}".replace("-", "−") in said(view)
    assert [term.position for term in terms(view)] == [*range(6), None]
    shown = np.array([term.part for term in terms(view)[:6]])
    np.testing.assert_allclose(shown, row(made, 3), atol=1e-6)
    assert view.readout.startswith(f"[MASK] · woman = {score:.4f}".replace("-", "−"))
    assert f"softmax over 6: {row(made, 3)[2]:.4f}; model {row(made, 3)[2]:.4f}" in view.readout


def test_without_a_second_token_the_strongest_of_the_row_is_followed(view: Arithmetic) -> None:
    made = known()
    view.show_snapshot(made)
    chosen = [term.position for term in terms(view) if term.chosen]
    assert chosen == [int(row(made, 3).argmax())]
    assert "strongest of its row" in said(view)


def test_without_any_token_it_says_what_to_do(view: Arithmetic) -> None:
    view.show_snapshot(snapshot(tokens=("the", "woman")))
    labels = [label.text() for label in view.findChildren(QLabel) if label.isVisible()]
    assert "Click a cell to see it here." in labels
    assert view.numbers() == ""


def test_weights_that_are_not_the_models_are_said_loudly(view: Arithmetic) -> None:
    made = known(second=2)
    assert made.answer is not None
    off = made.answer.as_is.attention.copy()
    off[HEAD][3, 2] += 2e-6
    view.show_snapshot(replace(made, answer=Answer(replace(made.answer.as_is, attention=off))))
    assert "apart 2e−06" in said(view, "error")
    assert "Do not trust this page." in said(view, "error")


def test_an_edited_row_takes_the_place_of_the_softmax(view: Arithmetic) -> None:
    given = [0.0, 0.0, 0.25, 0.0, 0.75, 0.0]
    made = known(Interventions(attention={(*HEAD, 3): given}), second=2)
    view.show_snapshot(made)
    assert "in its place, by hand 0.2500 (as is " in said(view, "change")
    assert "by hand 0.2500; model 0.2500, apart 0 (as is " in view.readout
    assert not said(view, "error")


def test_a_token_that_may_not_be_looked_at_has_a_mask(view: Arithmetic) -> None:
    view.show_snapshot(known(second=4))
    assert "mask 0 " in said(view)
    assert "“the₂” may be looked at" in said(view)
    view.show_snapshot(known(Interventions(hidden_keys=[4]), second=4))
    assert "mask −∞ " in said(view, "change")
    assert terms(view)[4].numbers == ("−∞", "0", "0")


def test_a_silenced_head_says_nothing_and_keeps_its_weights(view: Arithmetic) -> None:
    view.show_snapshot(known(Interventions(heads_off=[HEAD]), second=2))
    assert "Head 2.3 is off" in said(view, "change")
    assert "its length 0" in said(view)
    assert terms(view)[2].part > 0


def test_a_long_row_sums_the_others_until_all_are_wanted(view: Arithmetic) -> None:
    made = snapshot(60, masks=(30,), second=50)
    view.show_snapshot(made)
    *listed, others, total = terms(view)
    assert {31, 50} < {term.position for term in listed}
    assert others.name == f"{60 - len(listed)} others"
    assert sum(term.part for term in [*listed, others]) == pytest.approx(1)
    assert total.numbers[2] == "1.0000"
    box = view.findChild(QCheckBox)
    assert box is not None
    assert box.text() == "all 60 tokens"
    box.click()
    assert [term.position for term in terms(view)] == [*range(60), None]


def test_a_click_on_a_term_follows_it_and_a_hover_tries_it(qtbot: QtBot, view: Arithmetic) -> None:
    view.show_snapshot(known(second=2))
    where, viewport = spot(view, 4), picture(view).viewport()
    with qtbot.waitSignal(view.previewed) as tried:
        picture(view).point_at(QPointF(where))
    assert tried.args == [Pick(second=4)]
    assert view.readout.startswith("[MASK] · the₂ = ")
    with qtbot.waitSignal(view.picked) as kept:
        qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=where)
    assert kept.args == [Pick(second=4)]
    with qtbot.waitSignal(view.hidden) as hidden:
        qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=where)
    assert hidden.args == [4, False]
    with qtbot.waitSignal(view.previewed) as left:
        picture(view).point_at(None)
    assert left.args == [None]


def test_a_bar_is_read_out_number_by_number(view: Arithmetic) -> None:
    made = known(second=2)
    view.show_snapshot(made)
    steps = picture(view)
    number = next(at for at, block in enumerate(steps.blocks) if isinstance(block, Bars))
    area = steps.area_of(number)
    steps.point_at(QPointF(area.right() - look.current().px(90), area.top() + 20))
    assert view.readout.startswith("number 4 of 4: q ")
    assert made.trace is not None
    assert made.trace.q is not None
    assert f"q {float(made.trace.q[HEAD][3, 3]):.4f} × k".replace("-", "−") in view.readout


@pytest.mark.parametrize(
    ("key", "pick"),
    [
        (Qt.Key.Key_Up, Pick(token=2, second=2)),
        (Qt.Key.Key_Right, Pick(token=3, second=3)),
        (Qt.Key.Key_Home, Pick(token=3, second=0)),
        (Qt.Key.Key_End, Pick(token=3, second=5)),
    ],
)
def test_keys_move_the_cell(qtbot: QtBot, view: Arithmetic, key: Qt.Key, pick: Pick) -> None:
    view.show_snapshot(known(second=2))
    with qtbot.waitSignal(view.picked) as moved:
        qtbot.keyClick(view.picture, key)
    assert moved.args == [pick]


@opens_a_menu
def test_menus_of_a_token_and_of_the_head(qtbot: QtBot, view: Arithmetic) -> None:
    view.show_snapshot(known(second=2))
    viewport = picture(view).viewport()
    with menu(viewport, QPoint(8, 20)) as entries, qtbot.waitSignal(view.intervened) as asked:
        entries["Silence head 2.3"].trigger()
    assert asked.args == [Interventions(heads_off=[HEAD])]
    with menu(viewport, spot(view, 1)) as entries:
        assert "Follow who looks at the" in " ".join(entries)


def test_the_clipboard_gets_all_digits(view: Arithmetic) -> None:
    made = known(second=2, options=ViewOptions(first_number=0))
    view.show_snapshot(made)
    lines = [line.split("\t") for line in view.numbers().splitlines()]
    assert lines[0] == ["head 1.2: [MASK] looks at woman"]
    products = [float(line[3]) for line in lines[2:6]]
    assert float(lines[6][1]) == pytest.approx(sum(products), rel=1e-15)
    assert made.trace is not None
    at = next(number for number, line in enumerate(lines) if line[:2] == ["looked at", "score"])
    shown = [float(line[5]) for line in lines[at + 1 : at + 7]]
    assert shown == row(made, 3).astype(np.float64).tolist()
    assert len(lines[-1]) == 7
    QGuiApplication.clipboard().setText(view.numbers())


DIFFERENCE = ViewOptions(show=Show.DIFFERENCE)


def moved(made: Snapshot) -> Snapshot:
    """The same with other queries, keys and states in the changed run."""
    assert made.answer is not None
    assert made.answer.changed is not None
    changed = made.answer.changed
    assert changed.q is not None
    assert changed.k is not None
    q, k, hidden = (
        part + CHANCE.normal(size=part.shape).astype(np.float32)
        for part in (changed.q, changed.k, changed.hidden)
    )
    changed = sound(replace(changed, q=q, k=k, hidden=hidden))
    return replace(made, answer=Answer(made.answer.as_is, changed))


def rows(made: Snapshot) -> tuple[WeightRow, WeightRow]:
    """The row as is and the changed one."""
    assert made.answer is not None
    assert made.answer.changed is not None
    return WeightRow.of(made.answer.as_is, HEAD, 3), WeightRow.of(made.answer.changed, HEAD, 3)


def test_of_a_difference_every_step_is_changed_minus_as_is(view: Arithmetic) -> None:
    made = moved(known(Interventions(causal=True), second=2, options=DIFFERENCE))
    view.show_snapshot(made)
    before, now = rows(made)
    bars = [block for block in picture(view).blocks if isinstance(block, Bars)]
    for block, number in zip(
        bars,
        (
            lambda one: one.q,
            lambda one: one.keys[2],
            lambda one: one.terms(2),
            lambda one: one.values[2],
            lambda one: one.weights[2] * one.values[2],
            lambda one: one.context,
        ),
        strict=True,
    ):
        np.testing.assert_allclose(block.values, number(now) - number(before), atol=1e-12)
    then, came, apart = before.products[2], now.products[2], now.products[2] - before.products[2]
    sums = f"{signed_term(apart)} ({term(then)} → {term(came)})"
    assert f"sum of the 4 products {sums}" in said(view)
    assert view.readout.startswith(f"[MASK] · woman, changed − as is = {signed_term(apart)}, ÷ √4")
    assert view.readout.endswith(f"(as is {term(before.weights[2])})")


def test_of_a_difference_the_row_shows_both_runs_and_what_each_token_gained(
    view: Arithmetic,
) -> None:
    made = moved(known(Interventions(causal=True), second=2, options=DIFFERENCE))
    view.show_snapshot(made)
    before, now = rows(made)
    found = terms(view)
    change = now.softmax - before.softmax
    np.testing.assert_allclose([one.part for one in found[:6]], change, atol=1e-12)
    for one, was, is_now in zip(found, before.softmax, now.softmax, strict=False):
        assert one.numbers == (term(was), term(is_now), signed_term(is_now - was))
    assert found[-1].numbers[:2] == ("1.0000", "1.0000")


def test_a_mask_that_is_new_is_the_difference_and_one_in_both_runs_is_none(
    view: Arithmetic,
) -> None:
    view.show_snapshot(known(Interventions(hidden_keys=[4]), second=4, options=DIFFERENCE))
    assert "mask −∞ (0 → −∞)" in said(view, "change")
    assert "nan" not in f"{said(view)} {view.readout} {view.numbers()}".lower()


def test_of_a_difference_what_follows_the_heads_is_subtracted_too(view: Arithmetic) -> None:
    made = moved(known(Interventions(heads_off=[HEAD]), second=2, options=DIFFERENCE))
    view.show_snapshot(made)
    assert made.answer is not None
    assert made.answer.changed is not None
    now = LayerOutput.of(made.answer.changed, HEAD, 3, STAGE)
    before = LayerOutput.of(made.answer.as_is, HEAD, 3, STAGE)
    strips = [block for block in picture(view).blocks if isinstance(block, Strip)]
    np.testing.assert_allclose(strips[-1].values, now.normed - before.normed, atol=1e-12)
    np.testing.assert_allclose(strips[-2].values, now.summed - before.summed, atol=1e-12)
    assert not strips[-3].values.any()  # the bias is the same in both
    np.testing.assert_allclose(strips[2].values, -before.own, atol=1e-12)


def test_rounding_between_two_runs_is_drawn_as_nothing_and_called_the_same(
    view: Arithmetic,
) -> None:
    made = known(Interventions(heads_off=[HEAD]), second=2, options=DIFFERENCE)
    assert made.answer is not None
    assert made.answer.changed is not None
    changed = made.answer.changed
    assert changed.q is not None
    rounded = np.nextafter(changed.q, np.float32(np.inf))
    view.show_snapshot(replace(made, answer=Answer(made.answer.as_is, replace(changed, q=rounded))))
    bars = [block for block in picture(view).blocks if isinstance(block, Bars)]
    assert [block.number == "the same" for block in bars] == [True] * 5 + [False]
    assert [bool(block.values.any()) for block in bars] == [False] * 5 + [True]
    score = rows(made)[0].products[2]
    assert f"sum of the 4 products 0 ({term(score)} in both)" in said(view)
    assert [one.numbers[2] for one in terms(view)] == ["0"] * 7


def test_until_there_are_queries_and_keys_it_says_so_and_there_is_nothing_to_copy(
    view: Arithmetic,
) -> None:
    made = known(second=2)
    assert made.answer is not None
    bare = replace(made.answer.as_is, q=None, k=None, v=None)
    view.show_snapshot(replace(made, answer=Answer(bare)))
    labels = [label.text() for label in view.findChildren(QLabel) if label.isVisible()]
    assert "Reading queries, keys and values …" in labels
    assert not view.shows_something


def test_of_a_difference_the_clipboard_gets_differences(view: Arithmetic) -> None:
    made = moved(known(Interventions(causal=True), second=2, options=DIFFERENCE))
    view.show_snapshot(made)
    before, now = rows(made)
    lines = [line.split("\t") for line in view.numbers().splitlines()]
    assert lines[0] == ["head 2.3: [MASK] looks at woman, changed − as is"]
    products = [float(line[3]) for line in lines[2:6]]
    np.testing.assert_allclose(products, now.terms(2) - before.terms(2), rtol=1e-12)


def test_out_of_sight_it_forgets(view: Arithmetic) -> None:
    view.show_snapshot(known(second=2))
    view.hide()
    assert picture(view).blocks == ()
    assert view.numbers() == ""
