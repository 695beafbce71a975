"""The job that finds a plane for each depth."""

from __future__ import annotations

import numpy as np
import pytest

from bertviz_app.analysis.projection import plane, turned
from bertviz_app.core.questions.projection import Projection
from bertviz_app.core.request import Request
from bertviz_app.inference import projection
from bertviz_app.inference.load import load_engine
from tests.fixtures.tiny_models import TinyFolder


def test_each_plane_is_turned_to_the_one_before(
    tiny_folder: TinyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projection, "SLICE", 0.0)
    engine = load_engine(tiny_folder(layers=3))
    states = engine(Request("the woman washed her hands .")).hidden
    question = Projection(states)
    reports = list(engine.job(question))
    assert [report.done for report in reports] == [1, 2, 3, 4]
    assert all(report.question is question for report in reports)
    assert [report.finished for report in reports] == [False, False, False, True]
    answer, before = reports[-1].answer, None
    for depth, vectors in enumerate(states):
        points, share = plane(vectors)
        before = points if before is None else turned(points, before)
        np.testing.assert_allclose(answer.points[depth], before)
        assert answer.shares[depth] == share
