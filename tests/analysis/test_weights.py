"""Tests of the numbers that are drawn: every kind against its definition, by hand or in float64."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bertviz_app.analysis.heads import HeadMap
from bertviz_app.analysis.weights import (
    every_head,
    flow_question,
    gradient_target,
    head_map,
    heads_meant,
    of_every_head,
    wanted,
)
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.attention_flow import AttentionFlow, Flows
from bertviz_app.core.request import Capture
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick, Scale, Show, ViewOptions, WeightKind
from bertviz_app.core.trace import Answer, Trace
from tests.synthetic import CHANGED, snapshot

CHANCE = np.random.default_rng(3)


def made(kind: WeightKind, **changes: object) -> Snapshot:
    """A snapshot whose runs hold all that any kind is made of."""
    found = snapshot(7, 2, 3, options=ViewOptions(kind=kind), **changes)
    assert found.answer is not None
    runs = [found.answer.as_is, found.answer.changed]
    return replace(found, answer=Answer(*(full(run) for run in runs if run is not None)))


def full(run: Trace) -> Trace:
    L, H, T, _ = run.attention.shape
    gradients = CHANCE.normal(size=run.attention.shape).astype(np.float32)
    return replace(
        run,
        gradients=gradients,
        gradient_reach=np.abs(run.attention * gradients).max((1, 2, 3)),
        value_norms=CHANCE.random((L, H, T), np.float32) * 3,
        rollout=CHANCE.random((L, T, T), np.float32),
    )


def drawn(shown: Snapshot) -> HeadMap:
    found = head_map(shown)
    assert found is not None
    return found


def run_of(shown: Snapshot) -> Trace:
    assert shown.trace is not None
    return shown.trace


def test_norm_weighted_is_the_weight_times_the_length_of_each_key() -> None:
    shown = made(WeightKind.NORM, head=(1, 2))
    run = run_of(shown)
    assert run.value_norms is not None
    for key in range(7):
        by_hand = run.attention[1, 2, :, key] * run.value_norms[1, 2, key]
        assert drawn(shown).now[:, key] == pytest.approx(by_hand)
    assert drawn(shown).full == run.value_norms.max()
    assert not drawn(shown).signed


def test_gradients_are_signed_and_compared_on_one_scale() -> None:
    shown = made(WeightKind.GRADIENT, head=(1, 2))
    run = run_of(shown)
    assert run.gradients is not None
    product = run.attention * run.gradients
    assert drawn(shown).now == pytest.approx(product[1, 2])
    assert drawn(shown).signed
    assert drawn(shown).full == pytest.approx(np.abs(product).max())
    maps = every_head(run, WeightKind.GRADIENT)
    assert maps is not None
    assert maps[:, :] == pytest.approx(product)


def test_a_mean_is_over_the_chosen_heads_or_over_the_layer() -> None:
    alone = made(WeightKind.MEAN, head=(1, 2))
    weights = run_of(alone).attention
    assert heads_meant(alone) == ((1, 0), (1, 1), (1, 2))
    assert drawn(alone).now == pytest.approx(weights[1].mean(0))
    several = made(WeightKind.MEAN, head=(1, 2), also=[(0, 1), (9, 9)])
    assert heads_meant(several) == ((0, 1), (1, 2))
    assert drawn(several).now == pytest.approx((weights[0, 1] + weights[1, 2]) / 2)


def test_rollout_is_that_of_the_layers_up_to_the_chosen_one() -> None:
    shown = made(WeightKind.ROLLOUT, head=(1, 2))
    rollout = run_of(shown).rollout
    assert rollout is not None
    assert np.array_equal(drawn(shown).now, rollout[1])


@pytest.mark.parametrize("kind", [kind for kind in WeightKind if kind is not WeightKind.FLOW])
def test_the_difference_is_of_the_same_kind_of_both_runs(kind: WeightKind) -> None:
    shown = made(kind, changed=True, head=(1, 0))
    shown = replace(shown, options=replace(shown.options, show=Show.DIFFERENCE, scale=Scale.LOG))
    as_is = replace(shown, options=replace(shown.options, show=Show.AS_IS))
    difference = drawn(shown)
    assert difference.compares
    assert difference.before is not None
    assert np.array_equal(difference.before, drawn(as_is).now)
    assert difference.weights == pytest.approx(difference.now - difference.before)


def test_what_a_run_does_not_hold_is_not_drawn_and_is_asked_for() -> None:
    bare = snapshot(7, 2, 3, head=(1, 2))
    facts = bare.facts
    assert facts is not None
    for kind, capture in (
        (WeightKind.WEIGHT, Capture()),
        (WeightKind.MEAN, Capture()),
        (WeightKind.NORM, Capture(value_norms=True)),
        (WeightKind.ROLLOUT, Capture(rollout=True)),
        (WeightKind.GRADIENT, Capture(gradients=(3, facts.ids[bare.word or ""]))),
    ):
        chosen = replace(bare, options=ViewOptions(kind=kind))
        assert wanted(chosen) == capture
        assert (head_map(chosen) is None) == (capture != Capture())
        assert of_every_head(run_of(chosen), kind).kind is WeightKind.WEIGHT


def test_a_gradient_is_asked_for_only_of_the_text_that_was_read() -> None:
    bare = snapshot(7, options=ViewOptions(kind=WeightKind.GRADIENT))
    assert gradient_target(bare) is not None
    typed = replace(bare, state=replace(bare.state, text="another"))
    assert gradient_target(typed) is None
    assert gradient_target(snapshot(7, masks=())) is None


def test_a_flow_is_drawn_once_all_of_it_is_found() -> None:
    shown = snapshot(7, 2, 3, head=(1, 2), changed=True, options=ViewOptions(kind=WeightKind.FLOW))
    question = flow_question(shown)
    assert question is not None
    assert (question.layer, question.request.interventions) == (1, CHANGED)
    flow = CHANCE.random((7, 7), np.float32)
    for done, drawn_now in ((48, False), (49, True)):
        report = JobReport(question, done, 49, Flows(flow))
        with_report = replace(shown, reports={AttentionFlow: report})
        assert (head_map(with_report) is not None) == drawn_now
    assert drawn(with_report).now is flow
    assert head_map(replace(with_report, preview=Pick(layer=0, head=0))) is None
    assert flow_question(replace(shown, state=replace(shown.state, text="another"))) is None
    difference = replace(with_report, options=replace(shown.options, show=Show.DIFFERENCE))
    assert (flow_question(difference), head_map(difference)) == (None, None)
