"""Weights under every name they were published with become the same parameters, or one sentence."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from bertviz_app.bert.checkpoint import Weights, read_weights
from bertviz_app.bert.network import Bert
from bertviz_app.core.errors import ModelError
from bertviz_app.core.spec import ModelSpec
from tests.fixtures.tiny_models import random_bert

SPEC = ModelSpec(
    layers=2, heads=2, width=8, feed_forward=12, vocabulary=30, positions=16, segments=2
)
WORDS = "bert.embeddings.word_embeddings.weight"
DECODER = "cls.predictions.decoder.weight"

State = dict[str, Tensor]
Reading = Callable[[State], Weights]


@pytest.fixture(scope="module")
def published() -> State:
    """The tensors of a BertForPreTraining as transformers names them, decoder tied."""
    config = {
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "hidden_size": 8,
        "intermediate_size": 12,
        "vocab_size": 30,
        "max_position_embeddings": 16,
    }
    state = random_bert(config).state_dict()
    return {name: tensor.detach().clone() for name, tensor in state.items()}


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    """Writes tensors to a file and reads it back."""

    def read(state: State) -> Weights:
        save_file(state, tmp_path / "model.safetensors")
        return read_weights(tmp_path, SPEC)

    return read


def without(state: State, *starts: str) -> State:
    """The tensors whose names do not start like this."""
    return {name: tensor for name, tensor in state.items() if not name.startswith(starts)}


def assert_same(found: Weights, expected: Weights) -> None:
    assert (found.has_mlm, found.has_nsp) == (expected.has_mlm, expected.has_nsp)
    assert found.tensors.keys() == expected.tensors.keys()
    for name, tensor in found.tensors.items():
        assert torch.equal(tensor, expected.tensors[name]), name


def test_the_weights_fill_the_network_exactly(published: State, reading: Reading) -> None:
    weights = reading(published)
    with torch.device("meta"):
        network = Bert(SPEC, mlm=weights.has_mlm, nsp=weights.has_nsp)
    network.load_state_dict(weights.tensors, strict=True, assign=True)
    assert {tensor.dtype for tensor in weights.tensors.values()} == {torch.float32}
    layer = "bert.encoder.layer.1.attention.self"
    fused = [published[f"{layer}.{part}.weight"] for part in ("query", "key", "value")]
    assert torch.equal(network.layers[1].attention.query_key_value.weight, torch.cat(fused))


RENAMINGS: dict[str, Callable[[str], str]] = {
    "without bert": lambda name: name.removeprefix("bert."),
    "module": lambda name: f"module.{name}",
    "module twice, without bert": lambda name: "module.module." + name.removeprefix("bert."),
    "gamma and beta": lambda name: name.replace("LayerNorm.weight", "LayerNorm.gamma").replace(
        "LayerNorm.bias", "LayerNorm.beta"
    ),
    "compiled": lambda name: f"_orig_mod.{name}",
    "trainer": lambda name: f"model.{name}",
    "a class of one's own": lambda name: f"text_model.{name}",
    "a class of one's own, without bert": lambda name: "encoder." + name.removeprefix("bert."),
    "a class that calls it bert": lambda name: f"bert.{name}",
    "a class with its heads beside it": lambda name: re.sub("^bert", "encoder", name),
}


@pytest.mark.parametrize("rename", RENAMINGS.values(), ids=RENAMINGS)
def test_older_names_are_the_same_weights(
    rename: Callable[[str], str], published: State, reading: Reading
) -> None:
    expected = reading(published)
    assert expected.report.renamed == ()
    found = reading({rename(name): tensor for name, tensor in published.items()})
    assert_same(found, expected)
    assert ("cls.predictions.decoder.bias", "mlm.decoder.bias") not in found.report.renamed
    changed = {name for name in published if rename(name) != name} - {"cls.predictions.bias"}
    assert len(found.report.renamed) == len(changed)


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float64])
def test_other_floating_kinds_become_float32(
    kind: torch.dtype, published: State, reading: Reading
) -> None:
    rounded = {name: tensor.to(kind) for name, tensor in published.items()}
    weights = reading(rounded)
    assert torch.equal(
        weights.tensors["pooler.weight"], rounded["bert.pooler.dense.weight"].float()
    )
    assert {tensor.dtype for tensor in weights.tensors.values()} == {torch.float32}


@pytest.mark.parametrize("absent", [(), ("cls.predictions.decoder",), ("cls.predictions.bias",)])
def test_a_decoder_equal_to_the_token_table_or_absent_is_tied(
    absent: tuple[str, ...], published: State, reading: Reading
) -> None:
    weights = reading(without(published, *absent))
    assert weights.tensors["mlm.decoder.weight"] is weights.tensors["embeddings.token.weight"]
    assert torch.equal(weights.tensors["mlm.decoder.bias"], published["cls.predictions.bias"])
    names = (DECODER, "cls.predictions.decoder.bias")  # the same numbers under a second name
    learned = {name: tensor for name, tensor in published.items() if name not in names}
    assert weights.parameters == sum(tensor.numel() for tensor in learned.values())


def test_a_decoder_of_its_own_is_used_as_it_is(published: State, reading: Reading) -> None:
    own = torch.randn(30, 8)
    weights = reading({**published, DECODER: own})
    assert torch.equal(weights.tensors["mlm.decoder.weight"], own)
    assert torch.equal(weights.tensors["embeddings.token.weight"], published[WORDS])
    assert weights.parameters == reading(published).parameters + own.numel()


def test_a_token_table_kept_under_the_decoders_name_is_found(
    published: State, reading: Reading
) -> None:
    weights = reading(without(published, WORDS))
    assert_same(weights, reading(published))


def test_the_decoders_own_bias_wins(published: State, reading: Reading) -> None:
    own = torch.randn(30)
    weights = reading({**published, "cls.predictions.decoder.bias": own})
    assert torch.equal(weights.tensors["mlm.decoder.bias"], own)
    assert weights.report.ignored == ("cls.predictions.bias",)


def test_without_any_bias_it_is_zero_and_reported(published: State, reading: Reading) -> None:
    bare = without(published, "cls.predictions.bias", "cls.predictions.decoder")
    weights = reading(bare)
    assert not weights.tensors["mlm.decoder.bias"].any()
    assert weights.report.missing == ("mlm.decoder.bias",)


@pytest.mark.parametrize(
    ("absent", "has_mlm", "has_nsp", "missing"),
    [
        (("cls.predictions",), False, True, "mlm.dense.weight"),
        (("cls.seq_relationship",), True, False, "nsp.weight"),
        (("bert.pooler",), True, False, "pooler.weight"),
        (("bert.pooler", "cls"), False, False, "mlm.norm.bias"),
        (("cls.predictions.transform.LayerNorm.bias",), False, True, "mlm.norm.bias"),
    ],
)
def test_a_missing_head_is_no_error(
    absent: tuple[str, ...],
    has_mlm: bool,
    has_nsp: bool,
    missing: str,
    published: State,
    reading: Reading,
) -> None:
    weights = reading(without(published, *absent))
    assert (weights.has_mlm, weights.has_nsp) == (has_mlm, has_nsp)
    assert missing in weights.report.missing
    with torch.device("meta"):
        network = Bert(SPEC, mlm=has_mlm, nsp=has_nsp)
    network.load_state_dict(weights.tensors, strict=True, assign=True)


def test_what_is_not_berts_is_ignored_and_listed(published: State, reading: Reading) -> None:
    foreign = {
        "bert.embeddings.position_ids": torch.arange(16)[None],
        "classifier.weight": torch.ones(3, 8),
        "classifier.bias": torch.ones(3, dtype=torch.int8),
        "qa_outputs.weight": torch.ones(2, 8),
        "crf.transitions": torch.ones(()),
    }
    weights = reading(published | foreign)
    assert_same(weights, reading(published))
    assert set(weights.report.ignored) == {*foreign, "cls.predictions.bias"}


def refusal(reading: Reading, state: State) -> ModelError:
    """The error with which these tensors are refused."""
    with pytest.raises(ModelError) as error:
        reading(state)
    assert "/model.safetensors does not fit config.json. " in error.value.sentence
    return error.value


def test_what_is_missing_is_listed_by_name(published: State, reading: Reading) -> None:
    error = refusal(reading, without(published, "bert.encoder.layer.0.output"))
    assert "missing: bert.encoder.layer.0.output.dense.weight, " in error.sentence
    assert error.sentence.endswith(" and 1 more.")
    assert len(error.detail.splitlines()) == 4
    assert "missing: bert.encoder.layer.0.output.LayerNorm.bias" in error.detail


@pytest.mark.parametrize(
    "name",
    [
        "bert.encoder.layer.0.attention.self.distance_embedding.weight",
        "bert.encoder.layer.1.crossattention.self.query.weight",
        "encoder.layer.1.attention.self.query.lora_A.weight",
        "cls.predictions.transform.extra.weight",
        "bert.\x1b[31m",
    ],
)
def test_what_would_change_the_numbers_is_listed_as_unexpected(
    name: str, published: State, reading: Reading
) -> None:
    error = refusal(reading, {**published, name: torch.ones(2)})
    shown = name.replace("\x1b", "\\x1b")
    assert error.sentence.endswith(f"unexpected: {shown}.")
    assert error.detail == f"unexpected: {shown}"


def test_what_is_misshapen_is_listed_with_both_shapes(published: State, reading: Reading) -> None:
    error = refusal(reading, {**published, WORDS: torch.ones(31, 8), DECODER: torch.ones(8)})
    assert (
        f"misshapen: {WORDS} is 31 × 8, not 30 × 8, {DECODER} is 8, not 30 × 8." in error.sentence
    )


def test_quantised_weights_are_named_with_their_kind(published: State, reading: Reading) -> None:
    name = "bert.encoder.layer.0.output.dense.weight"
    error = refusal(reading, {**published, name: published[name].to(torch.int8)})
    assert error.detail == f"not floating point: {name} is I8"


def test_two_names_for_one_tensor_are_refused(published: State, reading: Reading) -> None:
    error = refusal(reading, {**published, "module." + WORDS: torch.ones(30, 8)})
    assert f"there twice: {WORDS} and module.{WORDS}" in error.detail


def test_a_pooler_beside_a_wrapped_bert_is_not_its_own(published: State, reading: Reading) -> None:
    wrapped = {f"encoder.{name}": tensor for name, tensor in published.items()}
    stranger = {"pooler.dense.weight": torch.ones(3, 3)}
    found = reading(wrapped | stranger)
    assert_same(found, reading(published))
    assert "pooler.dense.weight" in found.report.ignored


def test_of_two_models_in_one_file_none_is_taken(published: State, reading: Reading) -> None:
    two = [f"{tower}.{name}" for tower in ("query", "passage") for name in published]
    error = refusal(reading, {name: torch.ones(2) for name in two})
    assert "it holds 2 models, such as passage and query; save one of them alone" in error.sentence


def test_another_family_inside_a_class_is_named(published: State, reading: Reading) -> None:
    names = [f"encoder.roberta.{name.removeprefix('bert.')}" for name in published]
    error = refusal(reading, {name: torch.ones(2) for name in names})
    assert "its tensors are named as those of a RoBERTa" in error.sentence


@pytest.mark.parametrize("layers", [1, 3])
def test_another_number_of_layers_is_said_first(
    layers: int, published: State, reading: Reading
) -> None:
    last = {
        name.replace("layer.1", "layer.2"): tensor.clone()
        for name, tensor in published.items()
        if "layer.1" in name
    }
    state = published | last if layers == 3 else without(published, "bert.encoder.layer.1")
    error = refusal(reading, state)
    assert f". config.json asks for 2 layers, the file holds {layers}; " in error.sentence


@pytest.mark.parametrize(
    ("file", "meaning"),
    [
        ("weights.bin", "weights.bin holds weights as a Python pickle under another name than"),
        ("weights.bin.index.json", "weights as a Python pickle"),
        ("onnx/model.onnx", "onnx/model.onnx holds a model for ONNX"),
        ("adapter_model.safetensors", "an adapter, which is no model by itself"),
        ("weights.safetensors", "weights.safetensors holds weights under another name"),
        ("model-00001-of-00002.safetensors", "holds a part of split weights, whose model.safete"),
        ("tf_model.h5", "TensorFlow"),
        ("bert_model.ckpt.index", "TensorFlow"),
        ("flax_model.msgpack", "Flax"),
        ("model.onnx", "ONNX"),
        ("model.gguf", "llama.cpp"),
    ],
)
def test_other_formats_are_said_by_name(file: str, meaning: str, tmp_path: Path) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_bytes(b"")
    with pytest.raises(ModelError) as error:
        read_weights(tmp_path, SPEC)
    start = f"{tmp_path.name}/model.safetensors: there is no such file; {file}"
    assert error.value.sentence.startswith(start)
    assert meaning in error.value.sentence


def test_no_weights_at_all_are_said(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"there is no such file; copy it there from where"):
        read_weights(tmp_path, SPEC)


def test_a_link_that_leads_nowhere_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").symlink_to("../../blobs/0a1b")
    with pytest.raises(ModelError, match=r"a link to ../../blobs/0a1b, where nothing is; copy the"):
        read_weights(tmp_path, SPEC)


@pytest.mark.parametrize("kind", ["folder", "pipe", "loop"])
def test_only_a_regular_file_is_opened(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "loop":
            path.symlink_to(path)
    with pytest.raises(ModelError, match=r"model\.safetensors: (this is not|could not)"):
        read_weights(tmp_path, SPEC)


def test_overlapping_tensors_are_refused_by_the_library_in_our_words(
    published: State, reading: Reading, tmp_path: Path
) -> None:
    reading(published)
    path = tmp_path / "model.safetensors"
    raw = path.read_bytes()
    length = int.from_bytes(raw[:8], "little")
    header = raw[8 : 8 + length].replace(b"[0,32]", b"[4,36]", 1)
    assert header != raw[8 : 8 + length]
    path.write_bytes(raw[:8] + header + raw[8 + length :])
    with pytest.raises(ModelError, match="damaged, or changed while it was read"):
        read_weights(tmp_path, SPEC)


def test_a_file_that_shrinks_between_header_and_weights_is_one_sentence(
    published: State, reading: Reading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bertviz_app.bert import checkpoint

    reading(published)
    path = tmp_path / "model.safetensors"
    read_headers = checkpoint.read_headers

    def then_cut(file: Path) -> object:
        header = read_headers(file)
        path.write_bytes(path.read_bytes()[:-100])
        return header

    monkeypatch.setattr(checkpoint, "read_headers", then_cut)
    with pytest.raises(ModelError, match="damaged, or changed while it was read"):
        read_weights(tmp_path, SPEC)


def test_weights_stay_when_the_file_is_overwritten(
    published: State, reading: Reading, tmp_path: Path
) -> None:
    weights = reading(published)
    before = {name: tensor.clone() for name, tensor in weights.tensors.items()}
    path = tmp_path / "model.safetensors"
    with path.open("r+b") as file:
        file.write(b"\0" * path.stat().st_size)
    for name, tensor in weights.tensors.items():
        assert torch.equal(tensor, before[name]), name
