"""Answers where vectors lie: a plane for each depth, each turned to the one before."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

import numpy as np

from bertviz_app.analysis.projection import Points, plane, turned
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.projection import Projection, ProjectionAnswer
from bertviz_app.inference.model import Model

SLICE = 0.03
"""Seconds after which the text being typed gets its turn."""


def project(_model: Model, question: Projection) -> Iterator[JobReport[ProjectionAnswer]]:
    """The planes of all depths, a few of them a slice."""
    start = last = perf_counter()
    points: list[Points] = []
    shares: list[float] = []
    for states in question.states:
        found, share = plane(states)
        points.append(turned(found, points[-1]) if points else found)
        shares.append(share)
        done = len(points) == len(question.states)
        if done or perf_counter() - last > SLICE:
            last = perf_counter()
            answer = ProjectionAnswer(np.stack(points), np.array(shares))
            yield JobReport(question, len(points), len(question.states), answer, last - start)
