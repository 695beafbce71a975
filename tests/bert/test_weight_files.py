"""Weights split over files are read as one; an index that lies or leads elsewhere is refused."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from bertviz_app.bert import checkpoint
from bertviz_app.bert.checkpoint import read_weights
from bertviz_app.bert.config import read_config
from bertviz_app.bert.files import printable
from bertviz_app.bert.weight_files import (
    INDEX,
    MOST_SHARDS,
    find_weights,
    is_plain,
    read_headers,
)
from bertviz_app.core.errors import ModelError
from tests.fixtures.tiny_models import TinyFolder, random_bert


@pytest.fixture
def sharded(tiny_folder: TinyFolder, tmp_path: Path) -> Path:
    """The tiny model as transformers splits it."""
    config = {
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "hidden_size": 16,
        "intermediate_size": 32,
        "max_position_embeddings": 64,
        "vocab_size": read_config(tiny_folder()).vocabulary,
    }
    random_bert(config).save_pretrained(tmp_path, max_shard_size="10KB")
    return tmp_path


def shards(folder: Path) -> list[Path]:
    return sorted(folder.glob("model-*.safetensors"))


def test_m37_split_weights_are_the_weights(sharded: Path, tiny_folder: TinyFolder) -> None:
    assert len(shards(sharded)) > 3
    spec = read_config(sharded)
    found, expected = read_weights(sharded, spec), read_weights(tiny_folder(), spec)
    assert found.tensors.keys() == expected.tensors.keys()
    for name, tensor in found.tensors.items():
        assert torch.equal(tensor, expected.tensors[name]), name
    assert found.tensors["mlm.decoder.weight"] is found.tensors["embeddings.token.weight"]


def refusal(folder: Path) -> str:
    """The sentence with which the headers of a folder are refused."""
    with pytest.raises(ModelError) as error:
        read_headers(find_weights(folder))
    assert error.value.sentence.isprintable()
    return error.value.sentence


@pytest.mark.parametrize(
    "name",
    [
        "../weights.safetensors",
        "/etc/weights.safetensors",
        "C:weights.safetensors",
        "..\\weights.safetensors",
        "inner/weights.safetensors",
        ".safetensors",
        "weights.bin",
        "weights\n.safetensors",
        7,
        None,
        ["a.safetensors"],
    ],
)
def test_a_list_that_leads_elsewhere_is_refused(name: object, tmp_path: Path) -> None:
    (tmp_path / INDEX).write_text(json.dumps({"weight_map": {"a": name}}))
    assert "; only .safetensors files beside it are read." in refusal(tmp_path)


@given(st.text(max_size=12).map(lambda name: f"{name}.safetensors"))
def test_no_name_in_a_list_leads_out_of_the_folder(name: str) -> None:
    path = Path("/models/one") / INDEX
    if is_plain(name):
        assert os.path.dirname(os.path.normpath(path.with_name(name))) == "/models/one"
        assert printable(name) == name


@pytest.mark.parametrize("entries", [{}, {"weight_map": {}}, {"weight_map": ["a"]}])
def test_a_list_without_files_is_said(entries: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / INDEX).write_text(json.dumps(entries))
    assert "has no weight_map" in refusal(tmp_path)


def test_no_bert_has_thousands_of_files(tmp_path: Path) -> None:
    places = {f"t{n}": f"{n}.safetensors" for n in range(MOST_SHARDS + 1)}
    (tmp_path / INDEX).write_text(json.dumps({"weight_map": places}))
    assert f"lists {MOST_SHARDS + 1} files" in refusal(tmp_path)


def test_a_missing_file_is_named(sharded: Path) -> None:
    gone = shards(sharded)[1]
    gone.unlink()
    assert f"/{gone.name}: there is no such file, but {INDEX} lists it" in refusal(sharded)


@pytest.mark.parametrize("kind", ["lacks one", "has one more"])
def test_a_file_that_is_not_the_one_listed_is_refused(kind: str, sharded: Path) -> None:
    tensors = load_file(shards(sharded)[0])
    if kind == "lacks one":
        tensors.popitem()
    else:
        tensors["classifier.weight"] = torch.ones(2)
    save_file(tensors, shards(sharded)[0])
    assert f"{shards(sharded)[0].name}: it and {INDEX} disagree on " in refusal(sharded)


def test_a_pipe_among_the_files_is_not_waited_for(sharded: Path) -> None:
    path = shards(sharded)[0]
    path.unlink()
    os.mkfifo(path)
    assert "this is not a regular file" in refusal(sharded)


def test_m43_weights_larger_than_what_is_free_are_not_read(
    tiny_folder: TinyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tiny_folder()
    spec = read_config(folder)
    monkeypatch.setattr(checkpoint, "free_memory", lambda: 20_000)
    monkeypatch.setattr(checkpoint, "safe_open", None)  # what would allocate
    with pytest.raises(ModelError, match=r"needs \d+ kB of memory, \d+ kB are free; close"):
        read_weights(folder, spec)
