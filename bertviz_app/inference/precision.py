"""Compares what a model computes here with what it computes in float32 on the processor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from time import perf_counter

import numpy as np
import torch

from bertviz_app.bert.machine import settle
from bertviz_app.bert.network import Bert
from bertviz_app.core.devices import CPU, FLOAT32
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.precision import BlankCompared, PrecisionAnswer, PrecisionCheck
from bertviz_app.core.request import Capture
from bertviz_app.core.trace import MaskPrediction, Trace
from bertviz_app.inference.model import Model
from bertviz_app.inference.reading import read

_TURNS = 3
"""Forwards of each kind; the first prepares what the others find ready."""


def precision_check(
    model: Model, question: PrecisionCheck
) -> Iterator[JobReport[PrecisionAnswer | None]]:
    """Read the weights again, then the text in both ways; a report after each step.

    The weights in float32 are there for as long as the question is answered, and no longer.

    Raises:
        ValueError: the request changes what does not exist.
        ModelError: the weights are no longer where they were.
    """
    start, total = perf_counter(), 1 + _TURNS
    yield JobReport(question, 0, total, None)
    # What is made in this context lies on the processor, whatever computes otherwise.
    aside = nullcontext() if model.facts.place == CPU else torch.device(CPU)
    with aside:
        exact = model.reread()
        settle(exact, CPU, FLOAT32)
    reading = perf_counter() - start
    request = replace(question.request, capture=Capture())
    encoding = model.tokenizer.encode(request.text, request.pair)

    def run(network: Bert) -> Trace:
        (trace,) = read(network, encoding, [request], model.facts.vocabulary)
        return trace

    yield JobReport(question, 1, total, None, perf_counter() - start)
    for turn in range(1, total):
        here = run(model.network)
        with aside:
            there = run(exact)
        answer = _compared(here, there, reading) if turn == _TURNS else None
        yield JobReport(question, 1 + turn, total, answer, perf_counter() - start)


def _compared(here: Trace, there: Trace, reading: float) -> PrecisionAnswer:
    apart = np.abs(here.attention - there.attention)
    layer, head, _, _ = np.unravel_index(apart.argmax(), apart.shape)
    pairs = zip(here.predictions, there.predictions, strict=True)
    return PrecisionAnswer(
        float(apart.max()),
        (int(layer), int(head)),
        float(apart.mean()),
        float(np.abs(here.hidden - there.hidden).max()),
        tuple(_blank(one, other) for one, other in pairs),
        (here.seconds, there.seconds),
        reading,
    )


def _blank(here: MaskPrediction, there: MaskPrediction) -> BlankCompared:
    lists = [{word.id: word for word in one.candidates} for one in (here, there)]
    both = lists[0].keys() & lists[1].keys()
    return BlankCompared(
        here.position,
        len(both),
        len(here.candidates),
        (here.candidates[0].token, there.candidates[0].token),
        max((abs(lists[0][id].probability - lists[1][id].probability) for id in both), default=0.0),
    )
