"""Tests of asking by itself: once for each question, again only when its job has died."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from bertviz_app.core.jobs import JobReport, Question
from bertviz_app.ui.parts.asking import Asking
from tests.synthetic import snapshot


@dataclass(frozen=True)
class Sum(Question[int]):
    number: int

    task: ClassVar[str] = "Sum"


MADE = snapshot()
REPORTED = replace(MADE, reports={Sum: JobReport(Sum(1), 2, 2, 7)})
TYPED = replace(MADE, state=replace(MADE.state, text="another"))


def test_it_asks_once_and_then_waits() -> None:
    asking: Asking[int] = Asking()
    assert asking.is_due(MADE, Sum(1))
    assert not asking.is_due(MADE, Sum(1))
    assert asking.is_due(MADE, Sum(2))
    other = replace(MADE, facts=snapshot().facts)
    assert asking.is_due(other, Sum(2))


def test_an_answer_outlives_its_report_but_not_its_question() -> None:
    asking: Asking[int] = Asking()
    assert asking.answer(MADE, Sum(1)) is None
    assert asking.answer(REPORTED, Sum(1)) == 7
    assert asking.answer(MADE, Sum(1)) == 7
    assert asking.answer(REPORTED, Sum(2)) is None
    assert not asking.is_due(MADE, Sum(1))
    asking.forget()
    assert asking.answer(MADE, Sum(1)) is None
    assert asking.is_due(MADE, Sum(1))


def test_an_older_run_is_not_asked_about_and_a_dead_job_is_asked_again() -> None:
    asking: Asking[int] = Asking()
    assert not asking.is_due(TYPED, Sum(1))
    assert asking.is_due(MADE, Sum(1))
    assert not asking.is_due(TYPED, Sum(1))
    assert asking.is_due(MADE, Sum(1))


def test_half_an_answer_whose_job_died_is_asked_for_again() -> None:
    asking: Asking[int] = Asking()
    half = replace(MADE, reports={Sum: JobReport(Sum(1), 1, 2, 3)})
    assert asking.is_due(MADE, Sum(1))
    assert asking.answer(half, Sum(1)) == 3
    assert not asking.is_due(half, Sum(1))
    assert not asking.is_due(TYPED, Sum(1))
    assert asking.is_due(MADE, Sum(1))
