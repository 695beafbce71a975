"""The command line answers on stdout, complains in one line on stderr, and leaves no half file."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

import bertviz_app
from bertviz_app import Request, load_engine
from bertviz_app.cli import build_parser, main, named_session
from bertviz_app.inference.engine import Engine
from tests.fixtures.tiny_models import VOCABULARY, TinyFolder

REPOSITORY = Path(__file__).parents[1]
TEXT = "the woman washed [MASK] hands ."
Captured = pytest.CaptureFixture[str]


def complaint(capsys: Captured) -> str:
    """What was said on stderr: one line, and nothing on stdout."""
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.endswith("\n")
    assert said.err[:-1].isprintable()
    return said.err


def answer(capsys: Captured) -> dict[str, Any]:
    """The JSON on stdout."""
    said = capsys.readouterr()
    assert said.err == ""
    found: dict[str, Any] = json.loads(said.out)
    return found


def say(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> None:
    """Put `raw` on standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="ascii"))


@pytest.fixture(scope="module")
def model(tiny_folder: TinyFolder) -> str:
    return str(tiny_folder())


@pytest.fixture(scope="module")
def opened() -> Callable[[str], Engine]:
    """Opens each folder once: two engines may choose other kernels and differ in the last bit."""
    return cache(load_engine)


@pytest.fixture(autouse=True)
def _one_engine_for_each_folder(
    opened: Callable[[str], Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    def open_once(folder: str, *, allow_pickle: bool, **usual: str) -> Engine:
        assert usual == {"device": "cpu", "precision": "float32"}
        return load_engine(folder, allow_pickle=True) if allow_pickle else opened(folder)

    monkeypatch.setattr("bertviz_app.inference.load.load_engine", open_once)


@pytest.fixture(scope="module")
def headless(model: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same model without its two heads."""
    folder = tmp_path_factory.mktemp("headless")
    for file in Path(model).iterdir():
        if file.name != "model.safetensors":
            (folder / file.name).write_bytes(file.read_bytes())
    tensors = load_file(Path(model) / "model.safetensors")
    encoder = {name: tensor for name, tensor in tensors.items() if not name.startswith("cls.")}
    save_file(encoder, folder / "model.safetensors")
    return str(folder)


def test_predict_prints_json_that_equals_the_engines_answer(
    model: str, opened: Callable[[str], Engine], capsys: Captured
) -> None:
    pair = "he [MASK] crops"
    assert main(["predict", TEXT, "--pair", pair, "--model", model, "--json"]) == 0
    found = answer(capsys)
    trace = opened(model)(Request(TEXT, pair))
    assert list(found) == ["model", "text", "pair", "tokens", "masks"]
    assert found["model"] == Path(model).name
    assert (found["text"], found["pair"]) == (TEXT, pair)
    assert found["tokens"] == list(trace.encoding.tokens)
    assert [mask["position"] for mask in found["masks"]] == [4, 9]
    for mask, expected in zip(found["masks"], trace.predictions, strict=True):
        assert mask["position"] == expected.position
        assert len(mask["candidates"]) == 10
        for word, ours in zip(mask["candidates"], expected.candidates, strict=True):
            assert list(word) == ["token", "id", "probability", "logit", "rank"]
            assert (word["token"], word["id"], word["rank"]) == (ours.token, ours.id, ours.rank)
            assert word["probability"] == pytest.approx(ours.probability, rel=1e-6)
            assert word["logit"] == pytest.approx(ours.logit, rel=1e-6)


@pytest.mark.parametrize(("top", "words"), [("1", 1), ("25", 25), ("999999999", len(VOCABULARY))])
def test_top_says_how_many_words(top: str, words: int, model: str, capsys: Captured) -> None:
    assert main(["predict", TEXT, "--model", model, "--json", "--top", top]) == 0
    (mask,) = answer(capsys)["masks"]
    assert [word["rank"] for word in mask["candidates"]] == list(range(1, words + 1))
    if words == len(VOCABULARY):
        assert sum(word["probability"] for word in mask["candidates"]) == pytest.approx(1)


def test_predict_prints_a_table_for_people(model: str, capsys: Captured) -> None:
    assert main(["predict", TEXT + " [MASK]", "--model", model, "--top", "3"]) == 0
    first, _, second = capsys.readouterr().out.partition("\n\n")
    head, columns, *rows = first.splitlines()
    assert head == "[MASK] at token 4"
    assert columns.split() == ["rank", "probability", "logit", "word"]
    assert [row.split()[0] for row in rows] == ["1", "2", "3"]
    start = columns.index("word")
    assert all(row[start - 1] == " " != row[start] for row in rows), "columns are aligned"
    assert len({row.index(".") for row in rows}) == 1, "numbers are aligned on the point"
    assert second.startswith("[MASK] at token 7\n")


def test_a_minus_reads_standard_input(
    model: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(monkeypatch, b"\xef\xbb\xbfcaf\xc3\xa9 [MASK] \xf0\x9f\x98\x80\r\n")
    assert main(["predict", "-", "--model", model, "--json"]) == 0
    assert answer(capsys)["text"] == "café [MASK] \U0001f600"
    say(monkeypatch, b"[MASK] crops\n")
    assert main(["predict", "he", "--pair", "-", "--model", model, "--json"]) == 0
    assert answer(capsys)["pair"] == "[MASK] crops"


def test_two_minuses_end_the_options(model: str, capsys: Captured) -> None:
    assert main(["predict", "--model", model, "--json", "--", "--top [MASK]"]) == 0
    assert answer(capsys)["text"] == "--top [MASK]"
    assert main(["--model", model, "predict", "--json", "--", "--"]) == 1
    assert "There is no [MASK]" in complaint(capsys)


@pytest.mark.parametrize("suffix", [".npz", ".JSON"])
def test_trace_writes_what_the_engine_found(
    suffix: str, model: str, opened: Callable[[str], Engine], tmp_path: Path, capsys: Captured
) -> None:
    pair, file = "he [MASK] crops", tmp_path / f"trace{suffix}"
    assert main(["trace", TEXT, "--pair", pair, "--model", model, "-o", str(file)]) == 0
    size = f"{file.stat().st_size / 1000:.0f} kB"
    said = f"Written: {file} (12 tokens through 2 layers × 2 heads × 16; {size}).\n"
    assert capsys.readouterr() == (said, "")
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    found = np.load(file) if suffix == ".npz" else json.loads(file.read_text("utf-8"))
    trace = opened(model)(Request(TEXT, pair))
    assert tuple(found["tokens"]) == trace.encoding.tokens
    np.testing.assert_array_equal(np.array(found["attention"], np.float32), trace.attention)


def test_a_trace_that_cannot_be_written_is_one_line(
    model: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", no_space)
    file = tmp_path / "trace.npz"
    assert main(["trace", TEXT, "--model", model, "-o", str(file)]) == 1
    assert f"{file}: could not be written (No space left on device)." in complaint(capsys)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "wrong", "accepted"),
    [
        ([], "a command is needed: predict or trace", "usage: bertviz-app "),
        (["guess"], "invalid choice: 'guess'", "'predict', 'trace'"),
        (["predict"], "required: TEXT", "[--top K] [--json] [--pair TEXT] [--model M]"),
        (["predict", "a", "b"], "unrecognized arguments: b", "usage: bertviz-app predict "),
        (["predict", "a", "--topp", "3"], "unrecognized arguments: --topp 3", "--top K"),
        (["predict", "a", "--to", "3"], "unrecognized arguments: --to 3", "--top K"),
        (["predict", "a", "--top", "0"], "a whole number from 1 is needed, not '0'", "--top K"),
        (["predict", "a", "--top", "-1"], "--top", "--top K"),
        (["predict", "a", "--top", "9" * 5000], "a whole number from 1", "--top K"),
        (["predict", "a", "--top", "²"], "a whole number from 1", "--top K"),
        (["predict", "a", "--model"], "--model: expected one argument", "--model M"),
        (["predict", "-", "--pair", "-"], "standard input can be TEXT or --pair, not both", ""),
        (["trace", "a"], "required: -o", "-o FILE.npz|FILE.json"),
        (["trace", "a", "-o", "a.csv"], "'a.csv' must end in .npz or .json", "-o FILE.npz"),
        (["trace", "a", "-o", ".json"], "must end in .npz or .json", ""),
        (["predict", "a", "--x\n\x1b"], "unrecognized arguments: --x\\n\\x1b", ""),
        (
            ["--theme", "pink", "predict", "a"],
            "invalid choice: 'pink'",
            "'system', 'light', 'dark'",
        ),
        (["--theme", "dark", "predict", "a"], "--text and --theme are the window's", ""),
        (["--text", "b", "predict", "a"], "--text and --theme are the window's", ""),
        (["--session", "b", "predict", "a"], "a session is the window's; predict reads", ""),
    ],
)
def test_wrong_arguments_are_one_line_and_status_2(
    arguments: list[str], wrong: str, accepted: str, capsys: Captured
) -> None:
    assert main(arguments) == 2
    said = complaint(capsys)
    assert wrong in said
    assert accepted in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["predict", "no blank", "--model", "{model}"], "There is no [MASK] in what BERT read"),
        (["predict", "", "--model", "{model}"], "The text is empty; write [MASK] where a word"),
        (["predict", "[mask]", "--model", "{model}"], "There is no [MASK] in what BERT read"),
        (
            ["predict", TEXT, "--model", "{headless}"],
            "this model has no word-prediction head, so it cannot fill a blank.",
        ),
        (["predict", TEXT, "--model", "{tmp}/none"], "/none: there is no such folder."),
        (["predict", TEXT, "--model", "{tmp}"], ": there is no config.json in this folder; "),
        (["trace", TEXT, "--model", "{tmp}", "-o", "{tmp}/a.npz"], "there is no config.json"),
        (["predict", "a\udcff", "--model", "{model}"], "TEXT: not UTF-8 text (position 1)."),
        (["predict", "a", "--pair", "\udcff", "--model", "{model}"], "--pair: not UTF-8 text"),
        (
            ["trace", TEXT, "--model", "{model}", "-o", "{tmp}/none/a.npz"],
            "/none/a.npz: could not be written (its folder does not exist).",
        ),
        (
            ["trace", TEXT, "--model", "{model}", "-o", "{tmp}/folder.json"],
            "/folder.json: could not be written (Is a directory).",
        ),
    ],
)
def test_what_fails_is_one_line_and_status_1(
    arguments: list[str],
    sentence: str,
    model: str,
    headless: str,
    tmp_path: Path,
    capsys: Captured,
) -> None:
    (tmp_path / "folder.json").mkdir()
    places = {"{model}": model, "{headless}": headless, "{tmp}": str(tmp_path)}
    for place, path in places.items():
        arguments = [argument.replace(place, path) for argument in arguments]
    assert main(arguments) == 1
    assert sentence in complaint(capsys)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.json"]


def test_a_pickle_is_read_only_if_it_is_allowed(
    model: str, tmp_path: Path, capsys: Captured
) -> None:
    for file in Path(model).iterdir():
        if file.name != "model.safetensors":
            shutil.copy(file, tmp_path)
    torch.save(load_file(Path(model) / "model.safetensors"), tmp_path / "pytorch_model.bin")
    arguments = ["predict", TEXT, "--model", str(tmp_path), "--json"]
    assert main(arguments) == 1
    assert "a Python pickle, which can hold any program; allow it (--allow" in complaint(capsys)
    assert main([*arguments, "--allow-pickle"]) == 0
    assert len(answer(capsys)["masks"]) == 1


def test_input_that_is_no_text_is_one_line(
    model: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(monkeypatch, b"caf\xe9 [MASK]")
    assert main(["predict", "-", "--model", model]) == 1
    assert complaint(capsys) == "bertviz-app: TEXT: not UTF-8 text (position 3).\n"


def test_a_traceback_is_shown_only_when_asked_for(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(folder: object, **_: object) -> None:
        raise RuntimeError("unforeseen\nin two lines")

    monkeypatch.setattr("bertviz_app.inference.load.load_engine", fail)
    assert main(["predict", TEXT]) == 1
    assert complaint(capsys) == "bertviz-app: RuntimeError: unforeseen\\nin two lines\n"
    for arguments in (["predict", TEXT, "--debug"], ["--debug", "predict", TEXT]):
        assert main(arguments) == 1
        assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_a_text_too_long_is_read_in_part_and_said(model: str, capsys: Captured) -> None:
    assert main(["predict", "[MASK] " + "he " * 100, "--model", model, "--json"]) == 0
    said = capsys.readouterr()
    assert len(json.loads(said.out)["tokens"]) == 64
    assert said.err == "bertviz-app: BERT reads 64 pieces; 39 more were not read\n"


def test_options_of_the_window_need_no_command() -> None:
    options = build_parser().parse_args(["--text", "a", "--pair", "b", "--theme", "dark"])
    assert options.command is None
    assert (options.text, options.pair, options.theme) == ("a", "b", "dark")
    assert options.model is None
    assert build_parser().parse_args(["--model", "m", "predict", "a"]).model == "m"
    assert build_parser().parse_args(["--model", "m", "predict", "a", "--model", "n"]).model == "n"


def test_help_lists_both_doors(capsys: Captured) -> None:
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    for word in ("--model", "--text", "--pair", "--theme", "predict", "trace"):
        assert word in said


def command(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run `bertviz-app` as a program of its own, in which Qt cannot be imported."""
    program = (
        "import sys; sys.modules.update(dict.fromkeys(('PySide6', 'shiboken6', 'pyqtgraph')))\n"
        "from bertviz_app.app import main; sys.exit(main())"
    )
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=REPOSITORY, check=False, **options
    )


def test_commands_run_without_qt_and_in_any_encoding(tiny_folder: TinyFolder) -> None:
    foreign = str(tiny_folder(vocabulary=(*VOCABULARY, "caf\u00e9", "\u6c34", "\x1b[2J")))
    done = command(
        "predict",
        TEXT,
        "--model",
        foreign,
        "--top",
        "999",
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    for word in (rb"caf\xe9", rb"\u6c34", rb"\x1b[2J"):
        assert b"  " + word + b"\n" in done.stdout


def test_a_reader_that_leaves_early_or_a_full_disk_is_no_traceback(model: str) -> None:
    read, write = os.pipe()
    os.close(read)
    arguments = ("predict", TEXT, "--model", model)
    done = command(*arguments, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")
    with Path("/dev/full").open("w") as full:
        done = command(*arguments, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 1
    assert done.stderr == b"bertviz-app: could not print: No space left on device\n"


@pytest.mark.parametrize(
    ("text", "closed", "sentence"),
    [
        ("-", "<&-", b"TEXT: standard input is closed."),
        ("[MASK]", ">&-", b"standard output is closed, and what is found is said there."),
    ],
)
def test_a_stream_that_is_closed_is_one_line(
    text: str, closed: str, sentence: bytes, model: str
) -> None:
    line = [sys.executable, "-m", "bertviz_app", "predict", text, "--model", model]
    shell = ["sh", "-c", f'exec "$@" {closed}', "sh", *line]
    done = subprocess.run(shell, cwd=REPOSITORY, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (1, b"bertviz-app: " + sentence + b"\n")


def test_help_says_what_a_trace_holds_and_version_which_program(capsys: Captured) -> None:
    assert main(["trace", "--help"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "attention (layers, heads, tokens, tokens), hidden (layers + 1, tokens, width)" in said
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"bertviz-app {bertviz_app.__version__}\n"


def test_bfloat16_is_computed_if_it_is_asked_for(
    model: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, object]] = []

    def noted(folder: str, **choices: object) -> Engine:
        asked.append(choices)
        return load_engine(folder)

    monkeypatch.setattr("bertviz_app.inference.load.load_engine", noted)
    assert main(["predict", "[MASK]", "--model", model, "--precision", "bfloat16"]) == 0
    assert asked[0]["precision"] == "bfloat16"
    capsys.readouterr()
    assert main(["predict", "[MASK]", "--model", model, "--precision", "int8"]) == 2
    assert "bfloat16" in complaint(capsys)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (["a.bertviz.json"], ["--session", "a.bertviz.json"]),
        (["a.bertviz.json", "--theme", "dark"], ["--session", "a.bertviz.json", "--theme", "dark"]),
        (["predict", "a.bertviz.json"], ["predict", "a.bertviz.json"]),
        (["--text", "a.bertviz.json"], ["--text", "a.bertviz.json"]),
        ([], []),
    ],
)
def test_a_session_file_that_comes_first_is_one(given: list[str], named: list[str]) -> None:
    assert named_session(given) == named
    assert build_parser().parse_args(named).session == (given[0] if given != named else None)
