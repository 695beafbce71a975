"""What a pickle may hold: a table of numbers no larger than allowed, and nothing that is run."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from bertviz_app.bert import unpickle
from bertviz_app.bert.unpickle import RefusedError, convert

MB = 2**20


class Runs:
    """What is pickled so that reading it calls a function."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self._call = function, arguments

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self._call


def converted(folder: Path, content: object, *, allowed: int = MB, archive: bool = True) -> Path:
    """The copy of a pickle of `content`."""
    file, copy = folder / "pytorch_model.bin", folder / "copy.safetensors"
    torch.save(content, file, _use_new_zipfile_serialization=archive)
    convert([str(file)], str(copy), allowed)
    return copy


def refusal(folder: Path, content: object, **options: bool | int) -> dict[str, object]:
    """Why a pickle of `content` is refused."""
    with pytest.raises(RefusedError) as refused:
        converted(folder, content, **options)
    return refused.value.answer


@pytest.mark.parametrize("archive", [True, False], ids=["zip", "before 1.6"])
def test_numbers_arrive_as_they_were_even_shared_and_turned(archive: bool, tmp_path: Path) -> None:
    table = torch.arange(12.0).reshape(3, 4)
    content = {"a": table, "tied": table, "turned": table.T, "row": table[1], "half": table.half()}
    found = load_file(converted(tmp_path, content, archive=archive))
    assert found.keys() == content.keys()
    for name, tensor in content.items():
        assert torch.equal(found[name], tensor), name


@pytest.mark.parametrize("entry", ["state_dict", "model_state_dict", "model"])
def test_m21_of_a_training_the_weights_are_taken(entry: str, tmp_path: Path) -> None:
    moments = {"state": {0: {"exp_avg": torch.ones(2)}}}
    content = {"epoch": 3, "optimizer": moments, entry: {"a": torch.ones(2), "b": torch.zeros(1)}}
    assert set(load_file(converted(tmp_path, content))) == {"a", "b"}


@pytest.mark.parametrize("archive", [True, False], ids=["zip", "before 1.6"])
def test_m20_what_would_be_run_is_named_and_not_run(archive: bool, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    content = {"a": torch.ones(2), "b": Runs(os.system, f"touch {mark}")}
    answer = refusal(tmp_path, content, archive=archive)
    assert answer == {"problem": "program", "name": f"{os.system.__module__}.system"}
    assert not mark.exists()


def test_m21_a_whole_network_is_named_by_its_class(tmp_path: Path) -> None:
    answer = refusal(tmp_path, torch.nn.Linear(2, 2))
    assert answer["name"] == "torch.nn.modules.linear.Linear"


@pytest.mark.parametrize("content", [[torch.ones(2)], 3, None, {}, {"a": 1}, {1: torch.ones(2)}])
def test_m22_anything_but_a_table_of_tensors_is_refused(content: object, tmp_path: Path) -> None:
    assert refusal(tmp_path, content) == {"problem": "no table"}


@pytest.mark.parametrize("archive", [True, False], ids=["zip", "before 1.6"])
def test_m24_a_number_repeated_without_end_is_refused(archive: bool, tmp_path: Path) -> None:
    answer = refusal(tmp_path, {"a": torch.ones(1).expand(10**9)}, archive=archive)
    assert answer == {"problem": "repeated", "name": "a", "declared": 4 * 10**9}


def test_m24_one_storage_under_many_names_counts_each_time(tmp_path: Path) -> None:
    table = torch.ones(1000)
    answer = refusal(tmp_path, {f"a{number}": table for number in range(300)})
    assert answer == {"problem": "size", "declared": 1_200_000}


@pytest.mark.parametrize(
    ("entry", "content", "problem"),
    [
        pytest.param("archive/data/0", bytes(2 * MB), "size", id="declares too much"),
        pytest.param("archive/data/0", bytes(1000), "packed", id="deflated"),
        pytest.param("archive/../../0", b"", "outside", id="M23 outside"),
        pytest.param("/0", b"", "outside", id="M23 absolute"),
    ],
)
def test_m24_an_archive_that_pytorch_would_not_write_is_not_unpacked(
    entry: str, content: bytes, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "pytorch_model.bin"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED if content else 0) as archive:
        archive.writestr(entry, content)
    monkeypatch.delattr(torch, "load")
    with pytest.raises(RefusedError) as refused:
        convert([str(file)], str(tmp_path / "copy"), MB)
    assert refused.value.answer["problem"] == problem


@pytest.mark.parametrize(
    "tensor",
    [torch.eye(2).to_sparse(), torch.ones(2, device="meta")],
    ids=["sparse", "no numbers"],
)
def test_a_tensor_that_is_no_plain_table_is_named(tensor: torch.Tensor, tmp_path: Path) -> None:
    assert refusal(tmp_path, {"a": tensor}) == {"problem": "kind", "name": "a"}


@pytest.mark.parametrize(
    "action",
    [
        "os.system('true')",
        "os.fork()",
        "subprocess.run(['true'])",
        "socket.socket()",
        "ctypes.CDLL(None)",
        "shutil.rmtree('.')",
        "os.remove('a')",
        "os.open('a', os.O_CREAT)",
        "open('a', 'a')",
    ],
)
def test_the_process_starts_no_program_and_changes_no_file(action: str, tmp_path: Path) -> None:
    program = (
        "import ctypes, os, shutil, socket, subprocess\n"
        "from bertviz_app.bert import unpickle\n"
        f"os.chdir({str(tmp_path)!r})\n"
        "unpickle._refuse_actions()\n"
        "open(os.__file__).close()\n"
        f"try: {action}\n"
        "except unpickle.RefusedError as refused: print(refused.answer['name'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(unpickle.__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip()  # the name of what was refused
    assert list(tmp_path.iterdir()) == []
