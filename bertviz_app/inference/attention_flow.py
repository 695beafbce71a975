"""Attention flow: the most that can flow from a token of a layer down to a token that was read."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

import numpy as np
import torch

from bertviz_app.analysis.max_flow import flowing
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.attention_flow import AttentionFlow, Flows
from bertviz_app.inference.arrays import at_host
from bertviz_app.inference.model import Model
from bertviz_app.inference.reading import read
from bertviz_app.inference.weighing import mixed_layers

PAIRS = 64
"""Pairs of tokens whose flow is found at a time."""

PIPES = 1 << 19
"""Pipes of all those pairs together: a wave through so many takes some milliseconds."""


def attention_flow(model: Model, question: AttentionFlow) -> Iterator[JobReport[Flows]]:
    """The flow between every two tokens, wave after wave; another report after some of them.

    Each layer is a row of pipes as wide as half the mean over its heads and half the identity,
    each row over its sum, as in the rollout.

    Raises:
        ValueError: the request changes what does not exist, or there is no such layer.
    """
    start = perf_counter()
    network, request = model.network, question.request
    if not 0 <= question.layer < network.spec.layers:
        raise ValueError(f"layer {question.layer}: the model has {network.spec.layers}")
    encoding = model.tokenizer.encode(request.text, request.pair)
    (trace,) = read(network, encoding, [request], model.facts.vocabulary)
    weights = torch.from_numpy(trace.attention[: question.layer + 1].astype(np.float64))
    pipes = at_host(mixed_layers(weights)).numpy()
    tokens = len(trace)
    found = np.zeros((tokens, tokens), np.float32)
    above, below = np.divmod(np.arange(found.size), tokens)
    size = max(1, min(PAIRS, PIPES // pipes.size))
    for done in range(0, found.size, size):
        report = JobReport(question, done, found.size, Flows(found.copy()), perf_counter() - start)
        some = slice(done, done + size)
        for flows in flowing(pipes, above[some], below[some]):
            found.flat[some] = flows
            yield report
    yield JobReport(question, found.size, found.size, Flows(found), perf_counter() - start)
