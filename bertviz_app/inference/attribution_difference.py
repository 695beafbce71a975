"""What a change inside BERT does to what the words contribute: two attributions, their difference.

Legend: T tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from time import perf_counter
from typing import Any

import numpy as np

from bertviz_app.analysis.difference import change, difference
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.attribution import Attribution, AttributionAnswer, Contribution
from bertviz_app.core.request import Interventions
from bertviz_app.inference.model import Model

Reports = Iterator[JobReport[AttributionAnswer]]
Attribute = Callable[[Model, Any], Reports]


def differing(attribute: Attribute) -> Attribute:
    """`attribute`, and for a question with `against` the difference of two runs of it."""

    def answer(model: Model, question: Attribution) -> Reports:
        if question.against is None:
            yield from attribute(model, question)
        else:
            yield from _difference(attribute, model, question, question.against)

    return answer


def _difference(
    attribute: Attribute, model: Model, question: Attribution, against: Interventions
) -> Reports:
    """Both runs in turn, slice by slice, so that what is known so far compares like with like."""
    start = perf_counter()
    with_changes = replace(question, against=None)
    request = replace(question.request, interventions=against)
    without = attribute(model, replace(with_changes, request=request))
    told = JobReport(question, 0, 1, AttributionAnswer((), 0.0, 0.0))
    for changed in attribute(model, with_changes):
        yield told  # a slice is at most one forward
        as_is = next(without)
        answer = _less(changed.answer, as_is.answer)
        told = JobReport(question, changed.done, changed.total, answer, perf_counter() - start)
        yield told


def _less(these: AttributionAnswer, those: AttributionAnswer) -> AttributionAnswer:
    """`these` less `those`, number by number: both are of the same text."""
    values, before = (
        np.array([one.value for one in answer.contributions]) for answer in (these, those)
    )
    contributions = tuple(
        Contribution(one.tokens, value)
        for one, value in zip(these.contributions, difference(values, before).tolist(), strict=True)
    )
    whole, logit = change(these.whole, those.whole), change(these.logit, those.logit)
    return AttributionAnswer(contributions, logit, whole)
