"""Attention flow: the most that can flow from a token of a layer down to a token that was read."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

import numpy as np
import torch

from bertviz_app.analysis.max_flow import max_flow
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.attention_flow import AttentionFlow, Flows
from bertviz_app.inference.model import Model
from bertviz_app.inference.reading import read
from bertviz_app.inference.weighing import mixed_layers

SLICE = 0.02
"""Seconds after which a text being typed gets its turn; the flow under way is finished first."""


def attention_flow(model: Model, question: AttentionFlow) -> Iterator[JobReport[Flows]]:
    """The flow between every two tokens; a report after some of them.

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
    weights = torch.tensor(trace.attention[: question.layer + 1], dtype=torch.float64)
    pipes = mixed_layers(weights).numpy()
    tokens = len(trace)
    found, said = np.zeros((tokens, tokens), np.float32), 0.0
    for done in range(tokens**2):
        if perf_counter() - said > SLICE:
            yield JobReport(question, done, tokens**2, Flows(found.copy()), perf_counter() - start)
            said = perf_counter()
        above, below = divmod(done, tokens)
        found[above, below] = max_flow(pipes, above, below)
    yield JobReport(question, tokens**2, tokens**2, Flows(found), perf_counter() - start)
