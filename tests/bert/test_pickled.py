"""pytorch_model.bin: read if allowed, by a process that leaves nothing, else one sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from bertviz_app.bert import pickled, unpickle
from bertviz_app.bert.checkpoint import Weights, read_weights
from bertviz_app.bert.pickled import PickleTerms, digest
from bertviz_app.core.errors import ConsentError, ModelError
from bertviz_app.core.spec import ModelSpec
from tests.fixtures.tiny_models import random_bert

SPEC = ModelSpec(
    layers=2, heads=2, width=8, feed_forward=12, vocabulary=30, positions=16, segments=2
)
ALLOWED = PickleTerms(allowed=True)


@pytest.fixture(scope="module")
def state() -> dict[str, Tensor]:
    """What transformers before safetensors saved: the decoder is the token table."""
    config = {
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "hidden_size": 8,
        "intermediate_size": 12,
        "vocab_size": 30,
        "max_position_embeddings": 16,
    }
    return random_bert(config).state_dict()


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made; it must be empty again."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture
def model(tmp_path: Path, state: dict[str, Tensor]) -> Path:
    """A folder with a pickle of weights."""
    folder = tmp_path / "model"
    folder.mkdir()
    torch.save(state, folder / "pytorch_model.bin")
    return folder


@pytest.fixture
def pretend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts another program in the place of the one that reads pickles."""

    def replace(program: str) -> None:
        (tmp_path / "program.py").write_text(dedent(program), "utf-8")
        monkeypatch.setattr(unpickle, "__file__", str(tmp_path / "program.py"))

    return replace


def refusal(model: Path, terms: PickleTerms = ALLOWED) -> ModelError:
    """The error with which the weights of `model` are refused."""
    with pytest.raises(ModelError) as error:
        read_weights(model, SPEC, terms)
    assert error.value.sentence.startswith("model/pytorch_model.bin: ")
    return error.value


def same(weights: Weights, others: Weights) -> bool:
    """Whether both hold the same parameters."""
    return weights.tensors.keys() == others.tensors.keys() and all(
        torch.equal(tensor, others.tensors[name]) for name, tensor in weights.tensors.items()
    )


@pytest.mark.parametrize("archive", [True, False], ids=["zip", "before 1.6"])
def test_a_pickle_is_read_as_its_safetensors_would_be_and_nothing_is_left(
    archive: bool, model: Path, state: dict[str, Tensor], temporary: Path, tmp_path: Path
) -> None:
    torch.save(state, model / "pytorch_model.bin", _use_new_zipfile_serialization=archive)
    save_file(
        {name: tensor.clone() for name, tensor in state.items()}, tmp_path / "model.safetensors"
    )
    weights, expected = read_weights(model, SPEC, ALLOWED), read_weights(tmp_path, SPEC)
    assert same(weights, expected)
    assert weights.parameters == expected.parameters  # the decoder is tied again
    assert weights.report.origin == "read from pytorch_model.bin in a separate process"
    assert list(temporary.iterdir()) == []


def test_m37_shards_are_read_as_one(model: Path, state: dict[str, Tensor], temporary: Path) -> None:
    whole = read_weights(model, SPEC, ALLOWED)
    (model / "pytorch_model.bin").unlink()
    places = {name: f"part-{len(name) % 2}.bin" for name in state}
    for shard in set(places.values()):
        part = {name: state[name] for name, place in places.items() if place == shard}
        torch.save(part, model / shard)
    index = model / "pytorch_model.bin.index.json"
    index.write_text(json.dumps({"weight_map": places}), "utf-8")
    assert same(read_weights(model, SPEC, ALLOWED), whole)
    torch.save(state, model / "part-0.bin")
    with pytest.raises(ModelError, match=r"index\.json: damaged, .* stands in two of the files"):
        read_weights(model, SPEC, ALLOWED)
    index.write_text(json.dumps({"weight_map": {"a": "../part-0.bin"}}), "utf-8")
    with pytest.raises(ModelError, match=r"only \.bin files beside it are read"):
        read_weights(model, SPEC, ALLOWED)


def test_m20_a_program_is_named_and_nothing_runs_and_nothing_is_left(
    model: Path, temporary: Path, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    (model / "pytorch_model.bin").write_bytes(b"cposix\nsystem\n(Vtouch " + bytes(mark) + b"\ntR.")
    error = refusal(model)
    # Neither an archive nor PyTorch's older form: whatever is said, nothing of it is run.
    assert not mark.exists()
    assert list(temporary.iterdir()) == []
    torch.save({"a": torch.nn.Linear(2, 2)}, model / "pytorch_model.bin")
    error = refusal(model)
    assert "torch.nn.modules.linear.Linear would have to be run" in error.sentence


def test_tensors_that_do_not_fit_are_said_of_the_file_that_people_have(
    model: Path, temporary: Path
) -> None:
    torch.save({"bert.x": torch.ones(2)}, model / "pytorch_model.bin")
    with pytest.raises(ModelError, match=r"^model/pytorch_model\.bin does not fit config\.json"):
        read_weights(model, SPEC, ALLOWED)
    assert list(temporary.iterdir()) == []


def test_without_consent_no_process_is_started(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "Popen", pytest.fail)
    for allowed in (False, (), {"0" * 64}):
        error = refusal(model, PickleTerms(allowed=allowed))
        assert isinstance(error, ConsentError)
        assert "--allow-pickle" in error.sentence
        assert error.file == "model/pytorch_model.bin"
        assert error.digest == digest([model / "pytorch_model.bin"])


def test_consent_is_for_one_content(model: Path, pretend: Callable[[str], None]) -> None:
    pretend("""print('{"problem": "no table"}')""")
    allowed = PickleTerms(allowed={digest([model / "pytorch_model.bin"])})
    assert "does not hold a table" in refusal(model, allowed).sentence
    with (model / "pytorch_model.bin").open("ab") as file:
        file.write(b" ")
    assert isinstance(refusal(model, allowed), ConsentError)


def test_m24_a_file_too_large_for_the_model_is_refused_before_anything_is_asked(
    model: Path,
) -> None:
    os.truncate(model / "pytorch_model.bin", 4 * 10**9)
    error = refusal(model, PickleTerms())
    assert not isinstance(error, ConsentError)
    assert "declares 4.00 GB of numbers, and a model of the shape in config.json has 67 MB" in str(
        error
    )


def test_m38_a_pipe_is_not_waited_for(model: Path) -> None:
    (model / "pytorch_model.bin").unlink()
    os.mkfifo(model / "pytorch_model.bin")
    assert "not a regular file" in refusal(model).sentence


def test_r13_no_room_for_the_copy_is_said_before(
    model: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=10))
    assert "and 10 bytes are free" in refusal(model).sentence
    assert list(temporary.iterdir()) == []


def test_r13_without_a_temporary_folder_or_a_process_it_is_one_sentence(
    model: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(model / "none"))
    assert "no separate process could be started" in refusal(model).sentence
    assert list(temporary.iterdir()) == []
    temporary.rmdir()
    temporary.write_text("")
    assert "a temporary folder is needed (Not a directory)" in refusal(model).sentence


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        ("import os; os.kill(os.getpid(), 9)", "ended the separate process"),
        ("raise SystemExit(0)", "ended the separate process"),
        ("print('no answer')", "ended the separate process"),
        ("print('[]')", "ended the separate process"),
        ("print('x' * 50_000, end='')", "ended the separate process"),
        ("""print('{"problem": "unheard of"}')""", "ended the separate process"),
        ("while True: pass", "took over 0 seconds and was stopped"),
    ],
)
def test_a_process_that_dies_or_hangs_or_lies_is_one_sentence_and_leaves_nothing(
    program: str,
    sentence: str,
    model: Path,
    temporary: Path,
    pretend: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pretend(program)
    if "while" in program:
        monkeypatch.setattr(pickled, "_PATIENCE", 0.2)
    assert sentence in refusal(model).sentence
    assert list(temporary.iterdir()) == []


def test_it_is_given_up_at_once_and_leaves_nothing(
    model: Path, temporary: Path, pretend: Callable[[str], None]
) -> None:
    pretend("while True: pass")
    answers = iter([False, True])
    error = refusal(model, PickleTerms(allowed=True, given_up=lambda: next(answers)))
    assert "given up" in error.sentence
    assert list(temporary.iterdir()) == []


def test_the_process_starts_isolated_in_an_empty_folder_with_no_environment(
    model: Path, temporary: Path, pretend: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "secret")
    monkeypatch.setenv("PYTHONPATH", str(model))
    pretend("""
        import json, os, sys
        found = [sorted(os.environ), os.getcwd(), sys.flags.isolated, sys.path]
        print(json.dumps({"problem": "damaged", "detail": json.dumps(found)}))
    """)
    detail = refusal(model).detail
    assert "HF_TOKEN" not in detail
    assert str(model) not in detail
    assert f'"{temporary}/' in detail


def test_when_this_program_is_killed_the_process_takes_its_folder_away(
    model: Path, temporary: Path
) -> None:
    program = f"""
        import sys, tempfile
        from pathlib import Path
        tempfile.tempdir = {str(temporary)!r}
        from bertviz_app.bert.pickled import PickleTerms, copied
        from tests.bert.test_pickled import SPEC
        path = Path({str(model)!r}, "pytorch_model.bin")
        with copied(path, SPEC, PickleTerms(allowed=True)) as copy:
            print(copy.path.stat().st_size, flush=True)
            sys.stdin.read()
    """
    process = subprocess.Popen(
        [sys.executable, "-c", dedent(program)],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdin, process.stdout:
        assert int(process.stdout.readline()) > 1000
        (folder,) = temporary.iterdir()
        process.kill()
        process.wait()
        # The other process holds the pipe's end until it, too, is gone.
        while folder.exists():
            pass
