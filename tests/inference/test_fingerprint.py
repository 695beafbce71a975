"""The fingerprint follows a model's numbers, not its folder or the names in it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from bertviz_app.inference.load import load_engine
from tests.fixtures.tiny_models import TinyFolder


@pytest.fixture
def copied(tiny_folder: TinyFolder, tmp_path: Path) -> Callable[[str], Path]:
    """Copies the tiny model into a folder of this name."""

    def copy(name: str) -> Path:
        return Path(shutil.copytree(tiny_folder(), tmp_path / name))

    return copy


def test_another_name_or_naming_is_the_same_model(copied: Callable[[str], Path]) -> None:
    first, second = copied("one"), copied("two")
    tensors = load_file(second / "model.safetensors")
    renamed = {f"module.{name}": tensors[name] for name in reversed(tensors)}
    save_file(renamed, second / "model.safetensors")
    found = load_engine(first).facts.fingerprint
    assert found == load_engine(second).facts.fingerprint
    assert len(bytes.fromhex(found)) == 32


def trained(folder: Path) -> None:
    tensors = load_file(folder / "model.safetensors")
    save_file(
        {name: tensor + 0.01 for name, tensor in tensors.items()}, folder / "model.safetensors"
    )


def rounded(folder: Path) -> None:
    tensors = load_file(folder / "model.safetensors")
    halves = {name: tensor.to(torch.bfloat16) for name, tensor in tensors.items()}
    save_file(halves, folder / "model.safetensors")


def reordered(folder: Path) -> None:
    lines = (folder / "vocab.txt").read_text().splitlines()
    (folder / "vocab.txt").write_text("\n".join([*lines[:-2], lines[-1], lines[-2]]))


def reconfigured(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"num_attention_heads": 4}))


@pytest.mark.parametrize("change", [trained, rounded, reordered, reconfigured])
def test_what_computes_otherwise_is_another_model(
    change: Callable[[Path], None], copied: Callable[[str], Path]
) -> None:
    before = load_engine(copied("one")).facts.fingerprint
    change(folder := copied("two"))
    assert load_engine(folder).facts.fingerprint != before
