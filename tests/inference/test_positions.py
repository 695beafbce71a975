"""The position tables of a model are compared as numpy does in float64."""

from __future__ import annotations

import numpy as np
import pytest

from bertviz_app.core.positions import sinusoidal
from bertviz_app.core.questions.positions import Positions
from bertviz_app.inference.load import load_engine
from bertviz_app.inference.positions import cosines
from tests.fixtures.tiny_models import TinyFolder


def test_both_tables_come_with_their_lengths_and_cosines(tiny_folder: TinyFolder) -> None:
    engine = load_engine(tiny_folder(width=16, positions=64))
    (report,) = engine.job(Positions())
    tables = report.answer
    assert report.finished
    assert tables.learned is engine.facts.position_table
    assert np.array_equal(tables.sinusoidal, sinusoidal(64, 16))
    for table, found, mean in (
        (tables.learned, tables.learned_cosines, tables.lengths[0]),
        (tables.sinusoidal, tables.sinusoidal_cosines, tables.lengths[1]),
    ):
        exact = table.astype(np.float64)
        lengths = np.sqrt((exact**2).sum(1))
        expected = exact @ exact.T / np.outer(lengths, lengths)
        np.testing.assert_allclose(found, expected, atol=1e-6)
        assert mean == pytest.approx(lengths.mean())
    assert tables.factor == pytest.approx(tables.lengths[0] / np.sqrt(8))


def test_a_row_of_zeros_has_no_cosine() -> None:
    found = cosines(np.array([[0, 0], [3, 4], [4, 3]], np.float32))
    assert np.isnan(found[0]).all()
    assert found[1, 2] == pytest.approx(0.96)
