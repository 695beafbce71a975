"""The files of a model are hashed a piece at a time, and its two vocabularies are compared."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bertviz_app.core.questions.check_files import CheckedFiles, CheckFiles
from bertviz_app.inference import files_check
from bertviz_app.inference.load import load_engine
from tests.fixtures.tiny_models import TinyFolder


@pytest.fixture
def folder(tiny_folder: TinyFolder, tmp_path: Path) -> Path:
    """A tiny model with both vocabularies, which agree."""
    from transformers import BertTokenizerFast

    copy = Path(shutil.copytree(tiny_folder(), tmp_path / "model"))
    BertTokenizerFast(str(copy / "vocab.txt")).backend_tokenizer.save(str(copy / "tokenizer.json"))
    return copy


def checked(folder: Path) -> CheckedFiles:
    *_, last = load_engine(folder).job(CheckFiles())
    assert last.finished
    return last.answer


def test_every_file_that_was_read_has_its_hash(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files_check, "_SLICE", 1000)
    engine = load_engine(folder)
    reports = list(engine.job(CheckFiles()))
    assert len(reports) > 30
    assert [report.done for report in reports] == sorted(report.done for report in reports)
    assert [report.finished for report in reports] == [False] * (len(reports) - 1) + [True]
    files = reports[-1].answer.files
    names = ["config.json", "model.safetensors", "tokenizer.json", "vocab.txt"]
    assert [file.path.name for file in files] == [*names, "tokenizer_config.json"]
    for file in files:
        assert file.digest == hashlib.sha256(file.path.read_bytes()).hexdigest()
        assert not file.problem


def test_a_file_that_is_gone_is_said_and_the_others_go_on(folder: Path) -> None:
    engine = load_engine(folder)
    (folder / "config.json").unlink()
    with (folder / "vocab.txt").open("a") as file:
        file.write("more\n" * 100_000)
    *_, last = engine.job(CheckFiles())
    config, weights, *_ = last.answer.files
    assert (config.digest, config.problem) == ("", "model/config.json: there is no such file.")
    assert weights.digest


def test_files_that_agree_differ_in_nothing(folder: Path) -> None:
    assert checked(folder).differences == ()
    (folder / "tokenizer.json").unlink()
    assert checked(folder).differences == ()


def cased(folder: Path) -> None:
    path = folder / "tokenizer_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"do_lower_case": False}))


def swapped(folder: Path) -> None:
    lines = (folder / "vocab.txt").read_text().splitlines()
    lines[7], lines[9] = lines[9], lines[7]
    (folder / "vocab.txt").write_text("\n".join(lines))


def shortened(folder: Path) -> None:
    lines = (folder / "vocab.txt").read_text().splitlines()
    (folder / "vocab.txt").write_text("\n".join(lines[:-1]))


def damaged(folder: Path) -> None:
    (folder / "vocab.txt").write_bytes(b"[PAD]\n\xff\n")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (cased, "tokenizer_config.json says do_lower_case false, tokenizer.json true."),
        (swapped, "vocab.txt and tokenizer.json differ in 2 pieces, such as "),
        (shortened, 'differ in 1 piece, such as "##ing": missing there, id '),
        (damaged, "model/vocab.txt: line 2 is not UTF-8 text; fetch the file again."),
    ],
    ids=lambda value: f"M33 {value.__name__}" if callable(value) else "",
)
def test_what_another_file_says_otherwise_is_told(
    change: Callable[[Path], None], said: str, folder: Path
) -> None:
    change(folder)
    (difference,) = checked(folder).differences
    assert said in difference
