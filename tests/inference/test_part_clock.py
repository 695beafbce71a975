"""Tests of the part clock: every part of a run is measured, and together they are the whole."""

from __future__ import annotations

from dataclasses import astuple, replace
from time import perf_counter

import pytest

from bertviz_app.core.request import Interventions, Request
from bertviz_app.core.timings import Timings
from bertviz_app.inference.engine import Engine
from bertviz_app.inference.load import load_engine


@pytest.fixture(scope="module")
def engine() -> Engine:
    return load_engine()


def test_the_parts_of_an_answer_add_up_to_what_it_took(engine: Engine) -> None:
    began = perf_counter()
    found = engine.answer(Request("She is a [MASK] engineer.")).timings
    took = perf_counter() - began
    names = ("tokenise", "embeddings", "layers", "heads", "copy")
    assert all(getattr(found, name) > 0 for name in names)
    assert 0 < sum(astuple(found)) <= took
    assert replace(found, **dict.fromkeys(names, 0.0)) == Timings()


def test_each_answer_is_measured_by_itself(engine: Engine) -> None:
    long = engine.answer(Request("word " * 400)).timings
    short = engine.answer(Request("word")).timings
    assert short.layers < long.layers


def test_what_is_known_already_costs_nothing(engine: Engine) -> None:
    as_is = engine(Request("A text."))
    found = engine.answer(Request("A text."), as_is).timings
    assert (found.layers, found.heads, found.tokenise) == (0, 0, 0)
    changed = Request("A text.", interventions=Interventions(causal=True))
    assert engine.answer(changed, as_is).timings.layers > 0
