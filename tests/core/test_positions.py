"""The sinusoidal encoding is the one of the paper, at any size."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bertviz_app.core.positions import mean_length, sinusoidal, sinusoidal_like


@pytest.mark.parametrize(("positions", "width"), [(1, 8), (7, 9), (40, 4), (3, 1)])
def test_every_number_is_the_sine_or_cosine_of_the_paper(positions: int, width: int) -> None:
    table = sinusoidal(positions, width)
    assert table.shape == (positions, width)
    for position in range(positions):
        for dimension in range(width):
            angle = position / 10000 ** ((dimension - dimension % 2) / width)
            expected = math.cos(angle) if dimension % 2 else math.sin(angle)
            assert table[position, dimension] == pytest.approx(expected, abs=1e-6)


def test_scaled_it_is_as_long_as_the_learned_one_on_average() -> None:
    learned = np.random.default_rng(0).normal(size=(30, 12)).astype(np.float32)
    scaled, raw = sinusoidal_like(learned), sinusoidal(30, 12)
    assert mean_length(scaled) == pytest.approx(mean_length(learned))
    assert mean_length(raw) == pytest.approx(math.sqrt(6))
    np.testing.assert_allclose(scaled / scaled[0, 1], raw / raw[0, 1], atol=1e-5)
