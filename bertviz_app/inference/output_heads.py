"""The two heads on top of BERT, step by step, from last hidden states."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

import torch
from torch import Tensor

from bertviz_app.bert.linear import activate, linear
from bertviz_app.core.devices import FLOAT32
from bertviz_app.core.errors import BertVizError
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.output_heads import (
    Pooler,
    PoolerAnswer,
    ToWord,
    ToWordAnswer,
    WordSteps,
)
from bertviz_app.inference.arrays import kept
from bertviz_app.inference.model import Model
from bertviz_app.inference.targets import word_head


@torch.inference_mode()
def to_word(model: Model, question: ToWord) -> Iterator[JobReport[ToWordAnswer]]:
    """Every step of the word-prediction head; no layer of BERT runs again.

    Raises:
        ValueError: the vocabulary has no such word, or a state has another width.
        BertVizError: the model has no such head.
    """
    start, head, spec = perf_counter(), word_head(model), model.facts.spec
    if not 0 <= question.word < spec.vocabulary:
        raise ValueError(f"word {question.word}: the vocabulary has {spec.vocabulary} words")
    weights = head.dense.weights
    dense = linear(_states(question.states, spec.width), weights._replace(activation=None))
    activated = activate(dense, weights.activation)
    normed = head.norm(activated)
    steps = (WordSteps(*map(kept, rows)) for rows in zip(dense, activated, normed, strict=True))
    exact = model.facts.precision == FLOAT32
    table = model.network.embeddings.token if model.facts.tied and exact else head.decoder
    row, bias = table.weight[question.word], float(head.decoder.bias[question.word])
    answer = ToWordAnswer(tuple(steps), kept(row), bias)
    yield JobReport(question, 1, 1, answer, perf_counter() - start)


@torch.inference_mode()
def pooler(model: Model, question: Pooler) -> Iterator[JobReport[PoolerAnswer]]:
    """Every step of the next-sentence head; no layer of BERT runs again.

    Raises:
        ValueError: a state has another width than the model.
        BertVizError: the model has no such head.
    """
    start, network = perf_counter(), model.network
    if network.pooler is None or network.nsp is None:
        raise BertVizError("this model has no next-sentence head")
    states = _states(question.states, model.facts.spec.width)
    pooled = torch.tanh(network.pooler(states))
    weights, biases = kept(network.nsp.weight), kept(network.nsp.bias)
    answer = PoolerAnswer(tuple(map(kept, pooled)), weights, biases)
    yield JobReport(question, 1, 1, answer, perf_counter() - start)


def _states(states: tuple[tuple[float, ...], ...], width: int) -> Tensor:
    for state in states:
        if len(state) != width:
            raise ValueError(f"a state of {len(state)} numbers: the model's have {width}")
    return torch.tensor(states, dtype=torch.float32)
