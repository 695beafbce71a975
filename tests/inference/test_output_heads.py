"""The two heads step by step: the steps end in the logits of the run they start from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from bertviz_app.core.questions.output_heads import Pooler, PoolerAnswer, ToWord, ToWordAnswer
from bertviz_app.core.request import Interventions, Request
from bertviz_app.core.trace import Trace
from bertviz_app.inference.engine import Engine
from bertviz_app.inference.load import load_engine
from tests.fixtures.tiny_models import TinyFolder

REQUEST = Request("the woman washed [MASK] hands .", "she is in the cat")


@pytest.fixture(params=["gelu", "gelu_new", "relu"])
def folder(request: pytest.FixtureRequest, tiny_folder: TinyFolder) -> Path:
    return tiny_folder(activation=request.param)


def state(trace: Trace, position: int) -> tuple[float, ...]:
    return tuple(trace.hidden[-1][position].tolist())


def to_word(engine: Engine, word: int, *runs: Trace) -> ToWordAnswer:
    states = tuple(state(run, run.encoding.masks[0]) for run in runs)
    return list(engine.job(ToWord(states, word)))[-1].answer


def pooled(engine: Engine, *runs: Trace) -> PoolerAnswer:
    return list(engine.job(Pooler(tuple(state(run, 0) for run in runs))))[-1].answer


def test_the_steps_end_in_the_logits_of_both_runs(folder: Path) -> None:
    engine = load_engine(folder)
    changed = Request(REQUEST.text, REQUEST.pair, Interventions(heads_off={(1, 0)}))
    runs = engine(REQUEST), engine(changed)
    for word in (0, 7, engine.facts.spec.vocabulary - 1):
        answer = to_word(engine, word, *runs)
        for run, steps in zip(runs, answer.steps, strict=True):
            assert run.mask_logits is not None
            logit = steps.normed.astype(np.float64) @ answer.row + answer.bias
            assert logit == pytest.approx(run.mask_logits[0, word], abs=1e-5)


def test_each_step_is_what_transformers_computes(folder: Path) -> None:
    from transformers import BertForPreTraining

    engine = load_engine(folder)
    trace = engine(REQUEST)
    answer = to_word(engine, 7, trace)
    head = BertForPreTraining.from_pretrained(folder).eval().cls.predictions
    with torch.no_grad():
        dense = head.transform.dense(torch.from_numpy(trace.hidden[-1][[4]].copy()))
        activated = head.transform.transform_act_fn(dense)
        normed = head.transform.LayerNorm(activated)
    steps = answer.steps[0]
    for ours, theirs in (
        (steps.dense, dense),
        (steps.activated, activated),
        (steps.normed, normed),
        (answer.row, head.decoder.weight[[7]]),
    ):
        np.testing.assert_allclose(ours, theirs[0].detach().numpy(), atol=1e-5)
    assert answer.bias == pytest.approx(head.decoder.bias[7].item())


def test_a_tied_row_is_the_embedding_and_an_untied_one_is_its_own(
    tiny_folder: TinyFolder, tmp_path: Path
) -> None:
    engine = load_engine(tiny_folder())
    assert engine.facts.tied
    answer = to_word(engine, 9, engine(REQUEST))
    np.testing.assert_array_equal(answer.row, engine.facts.token_table[9])
    weights = load_file(tiny_folder() / "model.safetensors")
    decoder = torch.randn(engine.facts.spec.vocabulary, engine.facts.spec.width)
    weights["cls.predictions.decoder.weight"] = decoder
    for file in tiny_folder().iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    save_file(weights, tmp_path / "model.safetensors")
    untied = load_engine(tmp_path)
    assert not untied.facts.tied
    np.testing.assert_allclose(to_word(untied, 9, untied(REQUEST)).row, decoder[9])


def test_the_pooler_ends_in_the_next_sentence_logits(tiny_folder: TinyFolder) -> None:
    engine = load_engine(tiny_folder())
    trace = engine(REQUEST)
    answer = pooled(engine, trace)
    assert trace.nsp is not None
    logits = answer.weights.astype(np.float64) @ answer.pooled[0] + answer.biases
    assert logits == pytest.approx(trace.nsp, abs=1e-5)
    assert np.abs(answer.pooled[0]).max() <= 1


def test_what_does_not_exist_is_named(tiny_folder: TinyFolder) -> None:
    engine = load_engine(tiny_folder())
    with pytest.raises(ValueError, match="word 30522"):
        to_word(engine, 30522, engine(REQUEST))
    with pytest.raises(ValueError, match="a state of 3 numbers"):
        list(engine.job(Pooler(((0.0, 1.0, 2.0),))))
