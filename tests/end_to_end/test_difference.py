"""Show: difference, in the real window: what each picture draws of two runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bertviz_app.analysis.predictions import probability
from bertviz_app.core.request import Interventions
from bertviz_app.core.state import Show
from bertviz_app.ui.views.layers.lens import LensView
from tests.fixtures.desk import Desk

CHANGES = Interventions(heads_off={(4, 2), (5, 8)}, causal=True)


def show_difference(desk: Desk) -> None:
    desk.session.choose(replace(desk.snapshot.options, show=Show.DIFFERENCE))


def test_the_lens_has_differences_of_words_that_either_run_would_say(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk("--text", "The woman washed [MASK] hands.")
    desk.session.intervene(CHANGES)
    desk.window.open_view("lens")
    show_difference(desk)
    view = desk.view("lens")
    assert isinstance(view, LensView)
    desk.wait(lambda: len(view.lens_picture.grid.columns) > 2)
    answer, facts = desk.snapshot.answer, desk.snapshot.facts
    assert answer is not None
    assert facts is not None
    words = []
    for column in view.lens_picture.grid.columns:
        top = column.cells[-1]
        logits = [run.mask_logits for run in (answer.as_is, answer.shown)]
        then, now = (
            probability(both[0], facts.ids[top.word]) for both in logits if both is not None
        )
        assert top.value == pytest.approx(now - then, abs=1e-6)
        words.append(top.word)
    best = [run.predictions[0].candidates[0].token for run in (answer.as_is, answer.shown)]
    assert set(best) <= set(words)
    assert len(set(words)) == len(words)


def test_to_the_word_ends_in_the_difference_of_both_probabilities(
    open_desk: Callable[..., Desk],
) -> None:
    desk = open_desk("--text", "The woman washed [MASK] hands.")
    desk.session.intervene(CHANGES)
    desk.window.open_view("to_word")
    show_difference(desk)
    view = desk.view("to_word")
    desk.wait(lambda: view.readout.startswith("her, changed − as is: sum "))
    numbers = dict(line.split("\t")[:2] for line in view.numbers().splitlines()[-6:])
    answer, facts = desk.snapshot.answer, desk.snapshot.facts
    assert answer is not None
    assert facts is not None
    logits = [run.mask_logits for run in (answer.as_is, answer.shown)]
    then, now = (probability(both[0], facts.ids["her"]) for both in logits if both is not None)
    assert float(numbers["probability"]) == pytest.approx(now - then, abs=1e-6)
    in_float64, models = float(numbers["logit in float64"]), float(numbers["logit of the model"])
    assert in_float64 == pytest.approx(models, abs=1e-4)
