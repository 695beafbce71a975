"""Which heads matter: each head silenced alone, the layers below it read once for all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from time import perf_counter

import torch
from torch import Tensor

from bertviz_app.analysis.difference import change
from bertviz_app.bert.interventions import BatchInterventions
from bertviz_app.bert.network import Bert, WordHead
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.head_sweep import HeadSweep, HeadSweepAnswer
from bertviz_app.core.request import Head, Interventions
from bertviz_app.inference.arrays import at_host
from bertviz_app.inference.model import Model
from bertviz_app.inference.predictions import surprise
from bertviz_app.inference.surprise import slice_texts
from bertviz_app.inference.targets import prepared


def head_sweep(model: Model, question: HeadSweep) -> Iterator[JobReport[HeadSweepAnswer]]:
    """Silence each head alone, the last layer first; a report after each slice.

    A slice is some heads of one layer, read from the hidden states before that layer on.

    Raises:
        ValueError: the request changes what does not exist, or position or word do not exist.
        BertVizError: the model cannot fill a blank.
    """
    start = perf_counter()
    head, encoding, changes = prepared(model, question)
    spec = model.network.spec
    ids, segments = torch.tensor([encoding.ids]), torch.tensor([encoding.segments])
    with torch.inference_mode():
        as_asked = BatchInterventions([changes], len(encoding))
        states = model.network(ids, segments, as_asked).hidden  # (L + 1, 1, T, W)
        before = -surprise(at_host(head(states[-1, 0, question.position])), question.word)
    text = _Text(model.network, head, states, changes, question)
    found: dict[Head, float] = {}

    every = product(range(spec.layers), range(spec.heads))
    speaking = [head for head in every if head not in changes.heads_off]

    def report() -> JobReport[HeadSweepAnswer]:
        total, seconds = len(speaking), perf_counter() - start
        return JobReport(question, len(found), total, HeadSweepAnswer(before, dict(found)), seconds)

    yield report()
    size = slice_texts(spec, len(encoding))
    for layer in reversed(range(spec.layers)):
        heads = [head for head in speaking if head[0] == layer]
        for first in range(0, len(heads), size):
            some = heads[first : first + size]
            after = text.without(layer, some)
            found |= {one: change(bits, before) for one, bits in zip(some, after, strict=True)}
            yield report()


@dataclass(frozen=True, eq=False)
class _Text:
    """One text as it was read, and the network that reads on from any layer of it."""

    network: Bert
    head: WordHead
    states: Tensor
    changes: Interventions
    question: HeadSweep

    @torch.inference_mode()
    def without(self, layer: int, heads: Sequence[Head]) -> list[float]:
        """log2 p of the word with each of n heads of a layer silenced alone."""
        texts = [replace(self.changes, heads_off=(*self.changes.heads_off, head)) for head in heads]
        x = self.states[layer].expand(len(heads), -1, -1)  # (n, T, W)
        changes = BatchInterventions(texts, x.shape[1])
        last = self.network.read_on(x, changes, layer=layer, at=self.question.position)
        return [-surprise(logits, self.question.word) for logits in at_host(self.head(last))]
