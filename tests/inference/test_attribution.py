"""Which words a logit comes from, against the same numbers computed directly in float64."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from bertviz_app.bert.embeddings import EmbeddingParts
from bertviz_app.bert.interventions import BatchInterventions
from bertviz_app.bert.layer import LayerRun, read_layers
from bertviz_app.core.encoding import Encoding
from bertviz_app.core.errors import BertVizError
from bertviz_app.core.questions.attribution import (
    Attribution,
    AttributionAnswer,
    Baseline,
    GradientTimesInput,
    IntegratedGradients,
    Occlusion,
)
from bertviz_app.core.request import Interventions, Request
from bertviz_app.inference.attribution import typed_words
from bertviz_app.inference.engine import Engine
from bertviz_app.inference.load import load_engine
from tests.bert.networks import open_network
from tests.fixtures.tiny_models import VOCABULARY, TinyFolder

TEXT, PAIR, BLANK = "the woman [MASK] unhappiness in hands", "she is", 3
WORD = VOCABULARY.index("washed")
REQUEST = Request(TEXT, PAIR)
CHANGES = Interventions(heads_off={(1, 1)}, causal=True, parts=(1.0, 0.5, 2.0))
POINTS = 4_000
"""Points of the midpoint rule, the oracle's own; its error falls with their square."""


@pytest.fixture
def folder(tiny_folder: TinyFolder) -> Path:
    return tiny_folder()


@pytest.fixture(params=["plain", "packed"])
def engine(folder: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """An engine with either form of linear layers."""
    from bertviz_app.bert.machine import can_pack, pack

    if request.param == "packed" and not can_pack():
        pytest.skip("needs oneDNN")
    keep = pack if request.param == "packed" else (lambda network: None)
    monkeypatch.setattr("bertviz_app.bert.machine.choose_linears", keep)
    return load_engine(folder)


def answer(engine: Engine, question: Attribution) -> AttributionAnswer:
    *_, last = engine.job(question)
    assert last.finished
    return last.answer


def values(found: AttributionAnswer) -> list[float]:
    return [contribution.value for contribution in found.contributions]


class Oracle:
    """The network in float64, and its logit as a function of the embedding sum."""

    def __init__(self, folder: Path, encoding: Encoding, changes: Interventions) -> None:
        self.network = open_network(folder).double()
        self.ids = torch.tensor([encoding.ids])
        self.segments = torch.tensor([encoding.segments])
        self._changes, self._tokens = changes, len(encoding)

    def parts(self, ids: Tensor) -> EmbeddingParts:
        batch = self._batch(1)
        batch.factors = batch.factors.double()
        parts: EmbeddingParts = self.network.embeddings(ids, self.segments, batch)
        return parts

    def logits(self, summed: Tensor) -> Tensor:
        x = self.network.embeddings.norm(summed)
        batch = self._batch(len(summed))
        for number, layer in enumerate(self.network.layers):
            (run,) = read_layers(x, [layer.weights], [batch.of_layer(number)], None, None)
            x = LayerRun.of(run).output
        assert self.network.mlm is not None
        return self.network.mlm(x[:, BLANK])[:, WORD]

    def gradient(self, summed: Tensor) -> Tensor:
        x = summed.detach().requires_grad_()
        (gradient,) = torch.autograd.grad(self.logits(x).sum(), x)
        return gradient

    def _batch(self, texts: int) -> BatchInterventions:
        return BatchInterventions([self._changes] * texts, self._tokens)


def oracle(folder: Path, engine: Engine, request: Request) -> Oracle:
    encoding = engine(Request(request.text, request.pair)).encoding
    return Oracle(folder, encoding, request.interventions)


def begin(exact: Oracle, encoding: Encoding, baseline: Baseline) -> Tensor:
    """The embedding sum of the baseline, put together by hand."""
    typed = [at for at in range(len(encoding)) if at not in encoding.added]
    if baseline is Baseline.ZERO:
        parts = exact.parts(exact.ids)
        summed = parts.segment.expand_as(parts.token) + parts.position
        summed[:, encoding.added] += parts.token[:, encoding.added]
        return summed
    ids = exact.ids.clone()
    ids[:, typed] = VOCABULARY.index(baseline.value)
    return exact.parts(ids).summed


@pytest.mark.parametrize("changes", [Interventions(), CHANGES], ids=["as is", "changed"])
@pytest.mark.parametrize("baseline", Baseline)
def test_integrated_gradients_are_the_integral(
    folder: Path, engine: Engine, baseline: Baseline, changes: Interventions
) -> None:
    request = Request(TEXT, PAIR, changes)
    exact, encoding = oracle(folder, engine, request), engine(REQUEST).encoding
    first, last = begin(exact, encoding, baseline), exact.parts(exact.ids).summed
    way, mean = last - first, torch.zeros_like(last)
    for alphas in ((torch.arange(POINTS, dtype=torch.float64) + 0.5) / POINTS).split(1000):
        mean += exact.gradient(first + alphas.view(-1, 1, 1) * way).sum(0) / POINTS
    found = answer(engine, IntegratedGradients(request, BLANK, WORD, baseline, steps=128))
    np.testing.assert_allclose(values(found), (mean * way).sum(-1)[0].numpy(), atol=2e-4)
    assert abs(found.gap) < 2e-4
    whole = exact.logits(last) - exact.logits(first)
    assert found.whole == pytest.approx(float(whole), abs=1e-4)
    assert found.logit == pytest.approx(float(exact.logits(last)), abs=1e-4)


def test_gradient_times_input_is_the_gradient_times_the_input(folder: Path, engine: Engine) -> None:
    request = Request(TEXT, PAIR, CHANGES)
    exact = oracle(folder, engine, request)
    parts = exact.parts(exact.ids)
    summed = parts.summed
    found = answer(engine, GradientTimesInput(request, BLANK, WORD))
    wanted = (exact.gradient(summed) * parts.token).sum(-1)[0]
    assert wanted.abs().max() > 1e-2
    np.testing.assert_allclose(values(found), wanted.detach().numpy(), atol=1e-4)
    assert found.whole == found.logit == pytest.approx(float(exact.logits(summed)), abs=1e-4)


def test_occlusion_is_the_text_typed_with_the_word_masked(engine: Engine) -> None:
    found = answer(engine, Occlusion(Request(TEXT, PAIR, CHANGES), BLANK, WORD))
    words = TEXT.split() + PAIR.split()
    unhappiness = (4, 5, 6, 7)
    masked = [(1,), (2,), unhappiness, (8,), (9,), (11,), (12,)]
    assert [contribution.tokens for contribution in found.contributions] == masked
    hidden = [word for word in words if word != "[MASK]"]
    for contribution, word in zip(found.contributions, hidden, strict=True):
        masks = "[MASK]" * len(contribution.tokens)
        typed = [masks if other == word else other for other in words]
        request = Request(" ".join(typed[:-2]), " ".join(typed[-2:]), CHANGES)
        trace = engine(request)
        assert trace.mask_logits is not None
        logit = trace.mask_logits[trace.encoding.masks.index(BLANK), WORD]
        assert found.logit - contribution.value == pytest.approx(float(logit), abs=1e-4)


def test_more_steps_close_the_gap_and_reports_come_slice_by_slice(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bertviz_app.inference.attribution.slice_texts", lambda *_: 12)
    coarse = answer(engine, IntegratedGradients(REQUEST, BLANK, WORD, Baseline.PAD, steps=1))
    reports = list(engine.job(IntegratedGradients(REQUEST, BLANK, WORD, Baseline.PAD, steps=10)))
    assert [report.done for report in reports] == [4, 8, 10]
    assert abs(reports[-1].answer.gap) < abs(coarse.gap) / 10
    assert reports[-1].answer.together == pytest.approx(sum(values(reports[-1].answer)))


def test_the_baseline_leaves_the_tokens_that_were_added(engine: Engine) -> None:
    found = answer(engine, IntegratedGradients(REQUEST, BLANK, WORD, Baseline.MASK, steps=4))
    still = [at for at, value in enumerate(values(found)) if value == 0]
    assert still == [0, BLANK, 10, 13]


def test_words_are_runs_of_pieces(engine: Engine) -> None:
    encoding = engine(Request("##ha unhappiness [MASK] ##s un", "##ha un")).encoding
    pieces = [[encoding.tokens[at] for at in word] for word in typed_words(encoding)]
    assert ["un", "##ha", "##pp", "##iness"] in pieces
    assert all("[MASK]" not in word for word in pieces)


def test_a_text_without_words_is_finished_at_once(engine: Engine) -> None:
    (report,) = engine.job(Occlusion(Request("[MASK]"), 1, WORD))
    assert report.finished


def test_what_cannot_be_asked_is_said(engine: Engine, tiny_folder: TinyFolder) -> None:
    with pytest.raises(ValueError, match="steps 0"):
        answer(engine, IntegratedGradients(REQUEST, BLANK, WORD, steps=0))
    with pytest.raises(ValueError, match="position 99"):
        answer(engine, GradientTimesInput(REQUEST, 99, WORD))
    without = ["[unused]" if piece == "[PAD]" else piece for piece in VOCABULARY]
    other = load_engine(tiny_folder(vocabulary=without))
    with pytest.raises(BertVizError, match=r"no \[PAD\]"):
        answer(other, IntegratedGradients(REQUEST, BLANK, WORD, Baseline.PAD))


@pytest.mark.parametrize("kind", [GradientTimesInput, IntegratedGradients, Occlusion])
def test_a_difference_is_one_attribution_less_the_other(
    engine: Engine, kind: type[Attribution]
) -> None:
    changed = Request(TEXT, PAIR, CHANGES)
    against = Interventions(heads_off={(0, 0)})
    about = BLANK, WORD
    these = answer(engine, kind(changed, *about))
    those = answer(engine, kind(Request(TEXT, PAIR, against), *about))
    found = answer(engine, kind(changed, *about, against=against))
    assert [contribution.tokens for contribution in found.contributions] == [
        contribution.tokens for contribution in these.contributions
    ]
    expected = np.subtract(values(these), values(those))
    assert np.abs(expected).max() > 1e-3
    np.testing.assert_allclose(values(found), expected, atol=1e-6)
    assert found.logit == pytest.approx(these.logit - those.logit)
    assert found.whole == pytest.approx(these.whole - those.whole)


def test_a_difference_looks_up_after_each_forward(engine: Engine) -> None:
    question = Occlusion(Request(TEXT, PAIR, CHANGES), BLANK, WORD, against=Interventions())
    one, both = (
        len(list(engine.job(asked)))
        for asked in (Occlusion(question.request, BLANK, WORD), question)
    )
    assert both == 2 * one
