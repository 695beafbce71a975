"""The comparison with float32: its numbers are those of the two runs, and nothing is kept."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from bertviz_app.bert.network import Bert
from bertviz_app.core.devices import BFLOAT16
from bertviz_app.core.questions.precision import PrecisionCheck
from bertviz_app.core.request import Interventions, Request
from bertviz_app.inference import load
from bertviz_app.inference.load import load_engine
from tests.fixtures.tiny_models import TinyFolder

ASKED = Request("the woman washed [MASK] hands .", interventions=Interventions(causal=True))


def test_what_differs_is_what_two_engines_differ_in(tiny_folder: TinyFolder) -> None:
    folder = tiny_folder()
    rounded = load_engine(folder, precision=BFLOAT16)
    here, there = rounded(ASKED), load_engine(folder)(ASKED)
    *parts, last = rounded.job(PrecisionCheck(ASKED))
    assert [part.answer for part in parts] == [None] * len(parts)
    apart = np.abs(here.attention - there.attention)
    assert last.answer.largest == pytest.approx(apart.max(), rel=1e-3)
    assert last.answer.mean == pytest.approx(apart.mean(), rel=1e-3)
    assert apart[last.answer.head].max() == apart.max() > 0
    (blank,) = last.answer.blanks
    lists = [[word.token for word in run.predictions[0].candidates] for run in (here, there)]
    assert blank.words == (lists[0][0], lists[1][0])
    assert blank.same == len(set(lists[0]) & set(lists[1]))
    assert (blank.position, blank.listed) == (4, 10)


def test_float32_on_the_processor_differs_in_nothing(tiny_folder: TinyFolder) -> None:
    *_, last = load_engine(tiny_folder()).job(PrecisionCheck(ASKED))
    assert last.answer.largest < 1e-6
    assert last.answer.blanks[0].same == 10


def test_the_weights_that_were_read_again_go(
    tiny_folder: TinyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, made = load_engine(tiny_folder()), list[weakref.ref[Bert]]()
    build = load._network  # noqa: SLF001 - where every network is made

    def noted(*parts: object) -> Bert:
        network = build(*parts)
        made.append(weakref.ref(network))
        return network

    monkeypatch.setattr(load, "_network", noted)
    list(engine.job(PrecisionCheck(ASKED)))
    gc.collect()
    assert [network() for network in made] == [None]
