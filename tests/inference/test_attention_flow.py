"""Tests of the job that finds flows: its definition, its progress, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from bertviz_app.analysis.max_flow import flowing
from bertviz_app.core.questions.attention_flow import AttentionFlow
from bertviz_app.core.request import Interventions, Request
from bertviz_app.inference.load import load_engine
from tests.fixtures.tiny_models import TinyFolder

ASKED = Request("the woman [MASK]", interventions=Interventions(causal=True))


def test_flow_goes_through_half_the_mean_of_the_heads_and_half_the_token_itself(
    tiny_folder: TinyFolder,
) -> None:
    engine = load_engine(tiny_folder())
    *parts, last = engine.job(AttentionFlow(ASKED, 1))
    weights = engine(ASKED).attention.astype(np.float64)
    mixed = (weights.mean(axis=1) + np.eye(5)) / 2
    mixed /= mixed.sum(axis=-1, keepdims=True)
    above, below = np.divmod(np.arange(25), 5)
    *_, most = flowing(mixed[:2], above, below)
    expected = most.reshape(5, 5)
    assert last.finished
    assert last.answer.flow == pytest.approx(expected, abs=1e-6)
    assert not np.triu(last.answer.flow, 1).any()  # looking left only, nothing comes from the right
    assert [report.total for report in parts] == [25] * len(parts)
    assert parts[0].done == 0


def test_of_one_layer_flow_is_its_pipes(tiny_folder: TinyFolder) -> None:
    engine = load_engine(tiny_folder())
    *_, last = engine.job(AttentionFlow(Request("the woman"), 0))
    weights = engine(Request("the woman")).attention[0].mean(axis=0)
    assert last.answer.flow == pytest.approx((weights + np.eye(4)) / 2, abs=1e-6)


def test_a_layer_that_is_not_there_is_said(tiny_folder: TinyFolder) -> None:
    engine = load_engine(tiny_folder())
    with pytest.raises(ValueError, match="layer 99"):
        list(engine.job(AttentionFlow(ASKED, 99)))
