"""The command from end to end, with a tiny model: it learns, goes on exactly, and harms nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from bertviz_app.core.request import Request
from bertviz_app.inference.load import load_engine
from bertviz_app.training import command
from bertviz_app.training.state import STATE
from tests.fixtures.tiny_models import TinyFolder
from tests.training.stories import write_story

REPOSITORY = Path(__file__).parents[2]
WEIGHTS = "model.safetensors"
FIGURES = ["--pieces", "512", "--lengths", "16,32", "--rate", "0.01", "--seed", "3"]
STEPS = ["--steps", "40", "--rests", "4", *FIGURES]

Said = pytest.CaptureFixture[str]


@pytest.fixture
def text(tmp_path: Path) -> Path:
    return write_story(tmp_path)


def train(text: Path, model: Path, out: Path, *more: str) -> int:
    return command.main([str(text), "--start", str(model), "--out", str(out), *more])


def judged(said: str) -> list[float]:
    """The held-out losses, in order."""
    return [float(line.split()[2]) for line in said.splitlines() if line.startswith("held out")]


def test_the_loss_on_text_that_is_not_learned_falls(
    text: Path, tiny_folder: TinyFolder, tmp_path: Path, capsys: Said
) -> None:
    assert train(text, tiny_folder(), tmp_path / "out", *STEPS) == 0
    first, *_, last = judged(capsys.readouterr().out)
    assert last < 0.7 * first


def test_a_run_that_was_broken_off_goes_on_as_if_it_had_not(
    text: Path,
    tiny_folder: TinyFolder,
    tmp_path: Path,
    capsys: Said,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    assert train(text, tiny_folder(), whole, *STEPS) == 0

    def stop(line: str) -> None:
        if line.startswith("75 %"):
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(command, "_say", stop)
        assert train(text, tiny_folder(), broken, *STEPS) == 130
    assert "--resume goes on" in capsys.readouterr().err
    assert train(text, tiny_folder(), broken, *STEPS, "--resume") == 0
    assert len(judged(capsys.readouterr().out)) == 2
    for name in (WEIGHTS, STATE):
        one, other = load_file(whole / name), load_file(broken / name)
        assert one.keys() == other.keys()
        assert all(torch.equal(one[key], other[key]) for key in one)


def test_the_folder_opens_here_and_in_transformers_alike(
    text: Path, tiny_folder: TinyFolder, tmp_path: Path
) -> None:
    from transformers import BertForPreTraining

    start, out = tiny_folder(layers=3, heads=4), tmp_path / "out"
    assert train(text, start, out, *STEPS) == 0
    trace = load_engine(out)(Request("The woman washed [MASK] hands.", "He sat."))
    theirs = BertForPreTraining.from_pretrained(out, dtype=torch.float32).eval()
    with torch.no_grad():
        answer = theirs(
            input_ids=torch.tensor([trace.encoding.ids]),
            token_type_ids=torch.tensor([trace.encoding.segments]),
        )
    (mask,) = trace.encoding.masks
    assert trace.mask_logits is not None
    assert trace.nsp is not None
    assert np.allclose(trace.mask_logits[0], answer.prediction_logits[0, mask], atol=1e-5)
    assert np.allclose(trace.nsp, answer.seq_relationship_logits[0], atol=1e-5)
    published, before = load_file(out / WEIGHTS), load_file(start / WEIGHTS)
    assert {tensor.dtype for tensor in published.values()} == {torch.float16}
    assert published.keys() == before.keys()


def test_a_fresh_network_needs_no_weights(
    text: Path, tiny_folder: TinyFolder, tmp_path: Path
) -> None:
    start = tmp_path / "start"
    shutil.copytree(tiny_folder(), start, ignore=lambda *_: [WEIGHTS])
    assert train(text, start, tmp_path / "out", *STEPS, "--fresh", "--whole-words") == 0
    load_engine(tmp_path / "out")


def test_a_prepared_corpus_is_learned_from_as_its_text_is(
    text: Path, tiny_folder: TinyFolder, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.safetensors.xz"
    model = str(tiny_folder())
    assert command.main([str(text), "--start", model, "--prepare", str(kept)]) == 0
    for name, source in (("one", text), ("other", kept)):
        assert train(source, tiny_folder(), tmp_path / name, *STEPS) == 0
    assert (tmp_path / "one" / WEIGHTS).read_bytes() == (tmp_path / "other" / WEIGHTS).read_bytes()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--lengths", "16,65"], "--lengths must be whole numbers from 8 to 64"),
        (["--masked", "0.9"], "--masked must be a number from 0.01 to 0.5"),
        (["--rate", "nan"], "--rate must be"),
        (["--steps", "0"], "--steps must be a number greater than 0"),
        (["--resume"], f"{STATE}: there is no such file"),
        (["--steps", "many"], "invalid int value"),
        (["--start", "/nowhere"], "there is no such file"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    text: Path, tiny_folder: TinyFolder, tmp_path: Path, capsys: Said, more: list[str], said: str
) -> None:
    assert train(text, tiny_folder(positions=64), tmp_path / "out", *more) != 0
    complaint = capsys.readouterr().err
    assert said in complaint
    assert complaint.count("\n") == 1


def test_nothing_is_overwritten(
    text: Path, tiny_folder: TinyFolder, tmp_path: Path, capsys: Said
) -> None:
    start = tmp_path / "start"
    shutil.copytree(tiny_folder(), start)
    before = (start / WEIGHTS).read_bytes()
    assert train(text, start, start, *STEPS) == 1
    assert "there is something in it" in capsys.readouterr().err
    assert (start / WEIGHTS).read_bytes() == before


def test_other_options_do_not_go_on_with_a_run(
    text: Path, tiny_folder: TinyFolder, tmp_path: Path, capsys: Said
) -> None:
    out = tmp_path / "out"
    assert train(text, tiny_folder(), out, *STEPS) == 0
    assert train(text, tiny_folder(), out, *STEPS, "--dropout", "0.2", "--resume") == 1
    assert "other options" in capsys.readouterr().err


def test_a_loss_that_is_no_number_ends_it(
    text: Path, tiny_folder: TinyFolder, tmp_path: Path, capsys: Said
) -> None:
    start, out = tmp_path / "start", tmp_path / "out"
    shutil.copytree(tiny_folder(), start)
    weights = load_file(start / WEIGHTS)
    weights["bert.encoder.layer.0.output.dense.weight"][0, 0] = float("inf")
    save_file(weights, start / WEIGHTS)
    assert train(text, start, out, *STEPS) == 1
    assert "The loss was not a number" in capsys.readouterr().err
    assert not any(out.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_leaves_what_was_kept_before(
    text: Path, tiny_folder: TinyFolder, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert train(text, tiny_folder(), out, *STEPS) == 0
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    program = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000));"
        "from pathlib import Path; from bertviz_app.training.model_folder import *;"
        f"write_model(open_network(Path({str(out)!r})), Path({str(out)!r}), Path({str(out)!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert f"{WEIGHTS}: could not be written" in done.stderr
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before
