"""Engines without torch: one that takes its time, one that never comes back."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.every_position import EveryPosition, EveryPositionAnswer
from bertviz_app.core.request import Request
from bertviz_app.core.trace import Answer, Trace
from tests.session.gated_engine import encode, facts_of, trace_of


class PacedEngine:
    """Answers each run after `pace` seconds; engines of different numbers have different specs.

    Attributes:
        runs: how many runs it did.
    """

    def __init__(self, pace: float, number: int = 0) -> None:
        facts = facts_of(f"engine {number}")
        self.facts = replace(facts, spec=replace(facts.spec, feed_forward=number + 1))
        self.runs = 0
        self._pace = pace

    def answer(self, request: Request, as_is: Trace | None) -> Answer:
        """Take the time, then answer."""
        self.runs += 1
        time.sleep(self._pace)
        trace = replace(trace_of(request), spec=self.facts.spec)
        return Answer(trace, trace if request.interventions else None)

    def job(self, question: EveryPosition) -> Iterator[JobReport]:
        """A hundred slices."""
        tokens = encode(question.request.text).tokens
        for done in range(1, 101):
            time.sleep(self._pace)
            yield JobReport(question, done, 100, EveryPositionAnswer(tokens))


class HungEngine(PacedEngine):
    """Answers the first run only."""

    def answer(self, request: Request, as_is: Trace | None) -> Answer:
        """Answer once, then never."""
        if self.runs:
            never()
        return super().answer(request, as_is)


def never() -> None:
    """What a network drive does that has gone away."""
    threading.Event().wait()
