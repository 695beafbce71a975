"""Tests of logits added up anew, and of the softmax over a few of them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bertviz_app.analysis.head_logits import Logit, softmax


def test_a_logit_is_the_sum_of_its_products_and_its_bias() -> None:
    chance = np.random.default_rng(0)
    vector, weights = chance.normal(size=(2, 384)).astype(np.float32)
    exact = math.fsum(float(a) * float(b) for a, b in zip(vector, weights, strict=True))
    logit = Logit(vector, weights, bias=0.25, model=float(np.float32(exact + 0.25)))
    assert logit.summed == pytest.approx(exact, abs=1e-12)
    assert logit.logit == pytest.approx(exact + 0.25, abs=1e-12)
    assert 0 < logit.apart < 1e-5
    assert Logit(vector, weights, 0.25, math.nan).apart != logit.apart


def test_softmax_of_two_adds_to_one_however_large() -> None:
    assert softmax(np.array([1000.0, 998.0], np.float32)) == pytest.approx(
        (1 / (1 + math.exp(-2)), 1 / (1 + math.exp(2)))
    )
    assert all(map(math.isnan, softmax(np.array([np.nan, 0], np.float32))))
