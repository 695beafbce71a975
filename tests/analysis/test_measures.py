"""Tests of the entropy of maps that are looked at one by one."""

from __future__ import annotations

import numpy as np
import pytest

from bertviz_app.analysis.measures import entropies


def test_uniform_attention_has_all_the_entropy_there_is() -> None:
    assert entropies(np.full((3, 64, 64), 1 / 64, np.float32)) == pytest.approx(6.0)
