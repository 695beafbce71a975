"""The engine answers a request with everything that was asked for, and nothing else."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from bertviz_app.bert.network import Bert
from bertviz_app.core.errors import BertVizError
from bertviz_app.core.request import Capture, Interventions, Request
from bertviz_app.core.trace import Embeddings, Trace
from bertviz_app.inference.engine import Engine
from bertviz_app.inference.load import load_engine
from bertviz_app.inference.measuring import measured
from tests.fixtures.tiny_models import VOCABULARY, TinyFolder, random_bert, write_vocabulary

TEXT = "the woman washed [MASK] hands ."
ASKED = Request(TEXT, "she is in [MASK] field")
OFF = Interventions(heads_off={(1, 0)})
OPTIONAL = ("logits_at", "q", "k", "v", "gradients", "measures")


@pytest.fixture
def engine(tiny_folder: TinyFolder) -> Engine:
    return load_engine(tiny_folder())


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many texts each forward reads."""
    batches: list[int] = []
    forward = Bert.forward

    def counted(network: Bert, ids: Tensor, *others: Any, **options: Any) -> Any:  # noqa: ANN401
        batches.append(len(ids))
        return forward(network, ids, *others, **options)

    monkeypatch.setattr(Bert, "forward", counted)
    return batches


def without_heads(folder: Path) -> Engine:
    config: dict[str, object] = {
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "hidden_size": 8,
        "intermediate_size": 8,
        "max_position_embeddings": 32,
        "vocab_size": len(VOCABULARY),
    }
    random_bert(config).bert.save_pretrained(folder)
    write_vocabulary(folder, VOCABULARY)
    engine = load_engine(folder)
    # transformers writes a pooler even without the heads.
    assert not engine.facts.has_mlm
    return engine


def assert_same(found: Trace, expected: Trace) -> None:
    for name in ("attention", "hidden", "mask_logits", "nsp"):
        np.testing.assert_allclose(
            getattr(found, name), getattr(expected, name), rtol=0, atol=1e-5, err_msg=name
        )


def test_a_trace_holds_the_run_as_read_only_numpy(engine: Engine) -> None:
    trace = engine(ASKED)
    spec, T, M = engine.facts.spec, len(trace), 2
    assert trace.request is ASKED
    assert trace.encoding.tokens[4] == "[MASK]"
    arrays = {name: getattr(trace, name) for name in ("attention", "hidden", "mask_logits", "nsp")}
    arrays |= {part.name: getattr(trace.embeddings, part.name) for part in fields(Embeddings)}
    assert arrays["attention"].shape == (spec.layers, spec.heads, T, T)
    assert arrays["hidden"].shape == (spec.layers + 1, T, spec.width)
    assert arrays["mask_logits"].shape == (M, spec.vocabulary)
    assert arrays["nsp"].shape == (2,)
    for name, array in arrays.items():
        assert type(array) is np.ndarray, name
        assert array.dtype == np.float32, name
        assert not array.flags.writeable, name
    assert all(getattr(trace, name) is None for name in OPTIONAL)
    np.testing.assert_allclose(trace.attention.sum(-1), 1, atol=1e-6)
    np.testing.assert_array_equal(trace.hidden[0], trace.embeddings.normed)
    assert trace.seconds > 0


def test_every_mask_has_ten_candidates_out_of_the_whole_vocabulary(engine: Engine) -> None:
    trace = engine(ASKED)
    assert trace.mask_logits is not None
    assert tuple(guess.position for guess in trace.predictions) == trace.encoding.masks
    for guess, logits in zip(trace.predictions, trace.mask_logits.astype(float), strict=True):
        powers = np.exp(logits)
        assert [word.id for word in guess.candidates] == np.argsort(-logits)[:10].tolist()
        assert [word.rank for word in guess.candidates] == list(range(1, 11))
        for word in guess.candidates:
            assert word.token == VOCABULARY[word.id]
            assert word.probability == pytest.approx(powers[word.id] / powers.sum(), rel=1e-5)


@pytest.mark.parametrize("text", ["", "   ", "the woman washed her hands ."])
def test_without_a_mask_there_is_nothing_to_predict(engine: Engine, text: str) -> None:
    trace = engine(Request(text))
    assert trace.mask_logits is not None
    assert trace.mask_logits.shape == (0, engine.facts.spec.vocabulary)
    assert trace.predictions == ()


def test_a_text_of_masks_alone_is_read_to_the_last_position(tiny_folder: TinyFolder) -> None:
    engine = load_engine(tiny_folder(layers=1, positions=512))
    trace = engine(Request("[MASK] " * 600))
    assert len(trace) == 512
    assert len(trace.predictions) == 510


def test_a_model_without_heads_still_shows_attention(tmp_path: Path) -> None:
    engine = without_heads(tmp_path)
    capture = Capture(logits_at=(1,), gradients=(1, 1), qkv=True)
    trace = engine(Request(TEXT, capture=capture))
    assert trace.attention.shape[-1] == len(trace)
    assert trace.predictions == ()
    assert trace.mask_logits is trace.logits_at is trace.gradients is trace.nsp is None
    assert trace.q is not None


def test_without_changes_the_answer_is_one_run(engine: Engine, read: list[int]) -> None:
    answer = engine.answer(ASKED)
    assert answer.changed is None
    assert_same(answer.as_is, engine(ASKED))
    assert read == [1, 1]


def test_changes_come_with_the_run_as_is_in_one_batch(engine: Engine, read: list[int]) -> None:
    changed = replace(ASKED, interventions=OFF)
    answer = engine.answer(changed)
    assert read == [2]
    assert answer.changed is not None
    assert (answer.as_is.request, answer.changed.request) == (ASKED, changed)
    assert_same(answer.as_is, engine(ASKED))
    assert_same(answer.changed, engine(changed))
    assert not np.allclose(answer.as_is.hidden[-1], answer.changed.hidden[-1])


def test_the_run_as_is_is_used_again_while_only_the_changes_move(
    engine: Engine, read: list[int]
) -> None:
    as_is = engine.answer(ASKED).as_is
    read.clear()
    answer = engine.answer(replace(ASKED, interventions=OFF), as_is)
    assert answer.as_is is as_is
    assert answer.changed is not None
    assert answer.changed.request.interventions == OFF
    assert read == [1]
    assert engine.answer(ASKED, as_is).as_is is as_is
    assert read == [1]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(lambda asked: replace(asked, text="the man"), id="text"),
        pytest.param(lambda asked: replace(asked, pair=""), id="pair"),
        pytest.param(lambda asked: replace(asked, capture=Capture(qkv=True)), id="capture"),
        pytest.param(lambda asked: replace(asked, interventions=OFF), id="changed itself"),
    ],
)
def test_a_run_of_something_else_is_not_used(
    engine: Engine, other: Callable[[Request], Request]
) -> None:
    known = engine(other(ASKED))
    wanted = replace(ASKED, interventions=Interventions(causal=True))
    answer = engine.answer(wanted, known)
    assert answer.as_is is not known
    assert answer.as_is.request == ASKED


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (Request(TEXT, interventions=Interventions(heads_off={(2, 0)})), r"heads_off \(2, 0\)"),
        (
            Request(TEXT, interventions=Interventions(attention={(0, 1, 2): [1, 0]})),
            r"attention \(0, 1, 2\): 2 weights for 8 tokens",
        ),
        (Request(TEXT, capture=Capture(logits_at=(1, 8))), "logits_at 8: the text has 8 tokens"),
        (Request(TEXT, capture=Capture(gradients=(9, 0))), r"gradients \(9, 0\): the text has 8"),
        (Request(TEXT, capture=Capture(gradients=(0, 10**6))), r"gradients \(0, 1000000\): the vo"),
    ],
)
def test_what_does_not_exist_is_named(engine: Engine, asked: Request, name: str) -> None:
    with pytest.raises(ValueError, match=name):
        engine(asked)


def test_logits_are_kept_where_they_are_asked_for(engine: Engine) -> None:
    trace = engine(Request(TEXT, capture=Capture(logits_at=(0, 4))))
    assert trace.logits_at is not None
    assert trace.mask_logits is not None
    np.testing.assert_array_equal(trace.logits_at[1], trace.mask_logits[0])
    assert trace.logits_at.shape == (2, engine.facts.spec.vocabulary)
    assert not np.allclose(trace.logits_at[0], trace.logits_at[1])


def test_queries_keys_and_values_are_kept_if_asked_for(engine: Engine) -> None:
    trace = engine(Request(TEXT, capture=Capture(qkv=True)))
    assert trace.q is not None
    assert trace.k is not None
    assert trace.v is not None
    spec = engine.facts.spec
    assert trace.v.shape == (spec.layers, spec.heads, len(trace), spec.width // spec.heads)
    scores = trace.q @ trace.k.swapaxes(-1, -2) / math.sqrt(spec.width // spec.heads)
    powers = np.exp(scores)
    np.testing.assert_allclose(powers / powers.sum(-1, keepdims=True), trace.attention, atol=1e-5)


def test_measures_of_both_runs_are_kept_if_asked_for(engine: Engine) -> None:
    capture = Capture(measures=True)
    answer = engine.answer(Request(TEXT, interventions=OFF, capture=capture))
    for trace in (answer.as_is, answer.shown):
        again = measured(torch.tensor(trace.attention), trace.encoding)
        np.testing.assert_array_equal(trace.measures, again)
    assert answer.changed is not None


def test_weights_that_were_not_loaded_are_noticed(tiny_folder: TinyFolder, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    shutil.copytree(tiny_folder(), tmp_path, dirs_exist_ok=True)
    tensors = load_file(tmp_path / "model.safetensors")
    for name, tensor in tensors.items():
        tensors[name] = tensor * (0.01 if "attention.self" in name else 1.0)
    save_file(tensors, tmp_path / "model.safetensors")
    assert load_engine(tmp_path)(ASKED).uniform
    assert not load_engine(tiny_folder())(ASKED).uniform


@pytest.mark.parametrize("changes", [Interventions(), Interventions(heads_off={(0, 0)})])
def test_gradients_are_the_slope_of_the_logit_when_a_row_is_edited(
    engine: Engine, changes: Interventions
) -> None:
    position, word = 4, 60
    capture = Capture(logits_at=(position,), gradients=(position, word))
    asked = Request(TEXT, interventions=changes, capture=capture)
    trace = engine(asked)
    assert trace.gradients is not None
    assert trace.gradients.shape == trace.attention.shape
    assert_same(trace, engine(replace(asked, capture=Capture())))
    step = 2e-2
    for layer, head, query, key in ((0, 0, 2, 5), (0, 1, 4, 1), (1, 1, 4, 3)):
        logits = []
        for sign in (1, -1):
            row = trace.attention[layer, head, query].copy()
            row[key] = max(row[key] + sign * step, 0)
            edited = replace(changes, attention={(layer, head, query): row})
            after = engine(replace(asked, interventions=edited))
            assert after.logits_at is not None
            logits.append((row[key], after.logits_at[0, word]))
        slope = (logits[0][1] - logits[1][1]) / (logits[0][0] - logits[1][0])
        found = trace.gradients[layer, head, query, key]
        assert found == pytest.approx(slope, rel=0.05, abs=5e-3)


def test_gradients_of_both_runs_come_in_one_batch(engine: Engine) -> None:
    asked = Request(TEXT, interventions=OFF, capture=Capture(gradients=(4, 60)))
    answer = engine.answer(asked)
    assert answer.changed is not None
    for trace in (answer.as_is, answer.changed):
        expected = engine(trace.request).gradients
        np.testing.assert_allclose(trace.gradients, expected, rtol=0, atol=1e-5)
    assert answer.changed.gradients is not None
    assert (answer.changed.gradients[1, 0] == 0).all()


def test_no_mode_of_torch_is_left_behind(engine: Engine) -> None:
    engine(ASKED)
    with torch.no_grad():
        engine(Request(TEXT, capture=Capture(gradients=(4, 60))))
        assert not torch.is_grad_enabled()
    assert torch.is_grad_enabled()
    assert not torch.is_inference_mode_enabled()


def test_numbers_that_are_none_come_through(tmp_path: Path, tiny_folder: TinyFolder) -> None:
    from safetensors.torch import load_file, save_file

    for name in ("config.json", "vocab.txt", "tokenizer_config.json"):
        (tmp_path / name).write_bytes((tiny_folder() / name).read_bytes())
    tensors = load_file(tiny_folder() / "model.safetensors")
    tensors["bert.encoder.layer.1.output.dense.bias"][0] = math.nan
    save_file(tensors, tmp_path / "model.safetensors")
    trace = load_engine(tmp_path)(Request(TEXT))
    assert np.isfinite(trace.attention).all()
    assert np.isnan(trace.hidden[-1]).all()
    assert trace.broken == 2
    assert len(trace.predictions[0].candidates) == 10
    assert all(math.isnan(word.probability) for word in trace.predictions[0].candidates)


def test_running_out_of_memory_is_said_in_words(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Bert, "forward", lambda *_, **__: torch.empty(2**55))
    with pytest.raises(BertVizError, match="not enough memory") as caught:
        engine(ASKED)
    assert caught.value.detail


def test_other_failures_are_not_taken_for_memory(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Bert, "forward", lambda *_, **__: torch.ones(2) @ torch.ones(3))
    with pytest.raises(RuntimeError):
        engine(ASKED)
