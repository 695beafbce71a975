"""What is known of a model's folder after it was opened: files, entries, tokenizer, remarks."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from bertviz_app.core.facts import LoadReport
from bertviz_app.core.paths import default_model
from bertviz_app.core.spec import ModelSpec
from bertviz_app.inference.load import load_engine
from bertviz_app.inference.origin import as_written, files_of, remarks, tokenizer_facts
from bertviz_app.inference.tokenizer import Tokenizer
from bertviz_app.inference.vocabulary import Vocabulary
from tests.fixtures.tiny_models import TinyFolder


def test_the_bundled_model_is_told_whole() -> None:
    origin = load_engine().facts.origin
    assert {file.path.parent for file in origin.files} == {default_model()}
    assert all(file.size == file.path.stat().st_size for file in origin.files)
    assert ("hidden_size", "384") in origin.config
    assert ("architectures", '["BertForPreTraining"]') in origin.config
    assert origin.licence == "apache-2.0"
    assert origin.remarks == ()
    tokenizer = origin.tokenizer
    assert tokenizer is not None
    assert (tokenizer.file, tokenizer.pieces) == ("tokenizer.json", 30_522)
    assert (tokenizer.cased, tokenizer.accents) == (False, False)
    assert ("[MASK]", 103) in tokenizer.specials
    # Every tensor of the file is there, with the numbers of the file.
    assert len(origin.tensors) == 110
    assert {tensor.kind for tensor in origin.tensors} == {"F16"}
    assert not any(tensor.broken or tensor.constant for tensor in origin.tensors)


def test_the_files_that_are_read_are_listed_and_no_others(tmp_path: Path) -> None:
    for name in ("config.json", "model.safetensors", "pytorch_model.bin", "vocab.txt", "a.png"):
        (tmp_path / name).write_text(name)
    names = [file.path.name for file in files_of(tmp_path)]
    assert names == ["config.json", "model.safetensors", "vocab.txt"]
    (tmp_path / "model.safetensors").rename(tmp_path / "model-00001-of-00001.safetensors")
    (tmp_path / "model.safetensors.index.json").touch()
    names = [file.path.name for file in files_of(tmp_path)]
    assert names[1:3] == ["model.safetensors.index.json", "model-00001-of-00001.safetensors"]


def test_an_entry_is_shown_as_it_stands_and_cut() -> None:
    rows = as_written({"a\x1b": None, "b": {"c": [1, 2.5]}, "long": "x" * 1000})
    assert rows[:2] == (("a\\x1b", "null"), ("b", '{"c": [1, 2.5]}'))
    assert len(rows[2][1]) == 200
    assert rows[2][1].endswith("…")


def test_an_entry_that_is_too_deep_to_be_written_is_told_all_the_same() -> None:
    deep: object = 1
    for _ in range(100_000):
        deep = [deep]
    assert as_written({"deep": deep, "after": 1}) == (("deep", "a list […]"), ("after", "1"))


def test_m39_a_folder_that_can_be_entered_but_not_read_opens(
    tiny_folder: TinyFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(folder: object) -> object:
        raise PermissionError(13, "Permission denied", str(folder))

    folder = Path(shutil.copytree(tiny_folder(), tmp_path / "model"))
    monkeypatch.setattr(os, "scandir", forbidden)
    names = [file.path.name for file in load_engine(folder).facts.origin.files]
    assert names == ["config.json", "model.safetensors", "vocab.txt", "tokenizer_config.json"]


@pytest.mark.parametrize(
    ("lowercase", "strip_accents", "cased", "accents"),
    [
        (True, None, False, False),
        (False, None, True, True),
        (True, False, False, True),
        (False, True, True, False),
    ],
)
def test_capitals_and_accents_are_told_apart(
    lowercase: bool, strip_accents: bool | None, cased: bool, accents: bool
) -> None:
    ids = {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2}
    rules = Vocabulary(Path("vocab.txt"), ids, lowercase=lowercase, strip_accents=strip_accents)
    facts = tokenizer_facts(Tokenizer(rules, ModelSpec(1, 1, 1, 1, 5, 8)))
    assert (facts.cased, facts.accents, facts.pieces) == (cased, accents, 3)


def test_code_in_the_folder_is_named_and_not_run(tiny_folder: TinyFolder, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_folder(), tmp_path / "model"))
    ran = tmp_path / "ran"
    (folder / "modeling_evil.py").write_text(f"open({str(ran)!r}, 'w')")
    entries = json.loads((folder / "config.json").read_text())
    entries["auto_map"] = {"AutoModel": "modeling_evil.Evil"}
    (folder / "config.json").write_text(json.dumps(entries))
    (remark,) = load_engine(folder).facts.origin.remarks
    assert remark == (
        "The folder brings code along (modeling_evil.py). It was not run; none ever is."
    )
    assert not ran.exists()


def test_a_folder_of_sentence_transformers_says_what_was_left(tmp_path: Path) -> None:
    (tmp_path / "modules.json").touch()
    (remark,) = remarks(tmp_path, {}, LoadReport())
    assert "sentence-transformers; its BERT alone was opened" in remark
