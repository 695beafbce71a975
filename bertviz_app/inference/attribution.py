"""Which words a logit comes from: gradient × input, integrated gradients, occlusion.

Legend: T tokens, W width, n copies of the text that are read at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import torch
from torch import Tensor

from bertviz_app.bert.embeddings import EmbeddingParts
from bertviz_app.bert.interventions import BatchInterventions
from bertviz_app.bert.network import Bert, WordHead
from bertviz_app.core.encoding import Encoding
from bertviz_app.core.errors import BertVizError
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.attribution import (
    Attribution,
    AttributionAnswer,
    Baseline,
    Contribution,
    GradientTimesInput,
    IntegratedGradients,
    Occlusion,
)
from bertviz_app.core.request import Interventions
from bertviz_app.inference.model import Model
from bertviz_app.inference.surprise import slice_texts
from bertviz_app.inference.targets import prepared

Reports = Iterator[JobReport[AttributionAnswer]]

_WAY_BACK = 3
"""A forward and its gradient cost about as much as three forwards."""


def gradient_times_input(model: Model, question: GradientTimesInput) -> Reports:
    """One forward, one report.

    Raises:
        ValueError: the request changes what does not exist, or position or word do not exist.
        BertVizError: the model cannot fill a blank.
    """
    start = perf_counter()
    text = _Text.of(model, question)
    with torch.no_grad():
        parts = text.embedded(text.ids)
    logits, gradient = text.gradient(parts.summed)
    # Times the whole sum it would be 0: LayerNorm takes no notice of the length of a vector.
    contributions = (gradient * parts.token).sum(-1)[0].tolist()
    answer = _answer(contributions, logit := float(logits[0]), logit)
    yield JobReport(question, 1, 1, answer, perf_counter() - start)


def integrated_gradients(model: Model, question: IntegratedGradients) -> Reports:
    """The gradient at each of `steps` points of the path; a report after each slice of them.

    Raises:
        ValueError: the request changes what does not exist, position or word do not exist, or
            `steps` is less than 1.
        BertVizError: the model cannot fill a blank, or has not the piece of the baseline.
    """
    start = perf_counter()
    if question.steps < 1:
        raise ValueError(f"steps {question.steps}: at least 1 expected")
    text = _Text.of(model, question)
    with torch.inference_mode():
        end = text.embedded(text.ids).summed  # (1, T, W)
        begin = _baseline(text, model, question.baseline)
        logit, least = text.logits(torch.cat([end, begin])).tolist()
    way = end - begin
    points, shares = np.polynomial.legendre.leggauss(question.steps)
    alphas = end.new_tensor((points + 1) / 2).view(-1, 1, 1)
    weights = end.new_tensor(shares / 2).view(-1, 1, 1)
    mean = torch.zeros_like(way[0])  # (T, W)
    size = max(1, slice_texts(model.network.spec, len(text.encoding)) // _WAY_BACK)
    for first in range(0, question.steps, size):
        some = slice(first, first + size)
        _, gradients = text.gradient(begin + alphas[some] * way)
        mean += (weights[some] * gradients).sum(0)
        contributions = (mean * way[0]).sum(-1).tolist()
        done = min(first + size, question.steps)
        answer = _answer(contributions, logit, logit - least)
        yield JobReport(question, done, question.steps, answer, perf_counter() - start)


def occlusion(model: Model, question: Occlusion) -> Reports:
    """Mask each word that was typed, one at a time; a report after each forward.

    Raises:
        ValueError: the request changes what does not exist, or position or word do not exist.
        BertVizError: the model cannot fill a blank or hide a word.
    """
    start = perf_counter()
    text, mask = _Text.of(model, question), model.tokenizer.mask_id
    if mask is None:
        raise BertVizError("this model cannot hide a word: its vocabulary has no mask token")
    words = typed_words(text.encoding)
    contributions: list[Contribution] = []
    logit = text.logits_of(text.ids)[0]
    size = slice_texts(model.network.spec, len(text.encoding))

    def report() -> JobReport[AttributionAnswer]:
        answer = AttributionAnswer(tuple(contributions), logit, logit)
        return JobReport(question, len(contributions), len(words), answer, perf_counter() - start)

    yield report()
    for first in range(0, len(words), size):
        some = words[first : first + size]
        ids = text.ids.repeat(len(some), 1)  # (n, T)
        for copy, places in zip(ids, some, strict=True):
            copy[list(places)] = mask
        without = text.logits_of(ids)
        contributions += [
            Contribution(word, logit - less) for word, less in zip(some, without, strict=True)
        ]
        yield report()


def typed_words(encoding: Encoding) -> list[tuple[int, ...]]:
    """The tokens of each word that was typed, in order; masks are no words."""
    words: list[tuple[int, ...]] = []
    for place, piece in enumerate(encoding.tokens):
        if place in encoding.added or place in encoding.masks:
            continue
        if piece.startswith("##") and words and words[-1][-1] == place - 1:
            words[-1] = (*words[-1], place)
        else:
            words.append((place,))
    return words


@dataclass(frozen=True, eq=False)
class _Text:
    """One text, the network that reads it, and the logit in question."""

    network: Bert
    head: WordHead
    encoding: Encoding
    changes: Interventions
    position: int
    vector: Tensor
    bias: Tensor

    @classmethod
    def of(cls, model: Model, question: Attribution) -> _Text:
        """The text of `question`."""
        head, encoding, changes = prepared(model, question)
        # Of the decoder one row is needed; unpacked it is as large as several layers.
        vector = head.decoder.weight[question.word].detach().clone()
        bias = head.decoder.bias[question.word].detach()
        return cls(model.network, head, encoding, changes, question.position, vector, bias)

    @property
    def ids(self) -> Tensor:
        """The vocabulary ids (1, T)."""
        return torch.tensor([self.encoding.ids])

    def embedded(self, ids: Tensor) -> EmbeddingParts:
        """The embeddings of n copies (n, T) under the changes of the request."""
        segments = torch.tensor(self.encoding.segments).expand_as(ids)
        parts: EmbeddingParts = self.network.embeddings(ids, segments, self._changes(len(ids)))
        return parts

    def logits(self, summed: Tensor) -> Tensor:
        """The logit (n,) of the word, from n embedding sums (n, T, W)."""
        x = self.network.embeddings.norm(summed)
        last = self.network.read_on(x, self._changes(len(summed)), at=self.position)
        logits: Tensor = self.head.transform(last) @ self.vector + self.bias
        return logits

    @torch.inference_mode()
    def logits_of(self, ids: Tensor) -> list[float]:
        """The logit of the word in each of n copies (n, T)."""
        found: list[float] = self.logits(self.embedded(ids).summed).tolist()
        return found

    def gradient(self, summed: Tensor) -> tuple[Tensor, Tensor]:
        """The logits (n,) and the gradient of each for its own embedding sum (n, T, W)."""
        with torch.inference_mode(mode=False), torch.enable_grad():
            x = summed.clone().requires_grad_()
            logits = self.logits(x)
            (gradient,) = torch.autograd.grad(logits.sum(), x)
        return logits.detach(), gradient

    def _changes(self, texts: int) -> BatchInterventions:
        return BatchInterventions([self.changes] * texts, len(self.encoding))


def _baseline(text: _Text, model: Model, baseline: Baseline) -> Tensor:
    """The embedding sum (1, T, W) where every typed piece, blanks too, is what `baseline` says."""
    typed = [place for place in range(len(text.encoding)) if place not in text.encoding.added]
    if baseline is Baseline.ZERO:
        parts = text.embedded(text.ids)
        begin = parts.summed.clone()
        begin[:, typed] -= parts.token[:, typed]
        return begin
    piece = model.facts.mask_token if baseline is Baseline.MASK else baseline.value
    if piece not in model.facts.ids:
        raise BertVizError(f"the vocabulary of this model has no {baseline.value} to begin from")
    ids = text.ids
    ids[:, typed] = model.facts.ids[piece]
    return text.embedded(ids).summed


def _answer(values: Sequence[float], logit: float, whole: float) -> AttributionAnswer:
    contributions = tuple(Contribution((place,), value) for place, value in enumerate(values))
    return AttributionAnswer(contributions, logit, whole)
