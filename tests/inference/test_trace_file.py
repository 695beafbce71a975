"""A trace file holds every number to the last bit, and is there whole or not at all."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bertviz_app.core.request import Request
from bertviz_app.core.trace import Trace
from bertviz_app.inference.load import load_engine
from bertviz_app.inference.trace_file import write_trace
from tests.fixtures.failing_files import each_failure
from tests.fixtures.tiny_models import VOCABULARY, TinyFolder

SUFFIXES = pytest.mark.parametrize("suffix", [".npz", ".json", ".NPZ"])


@pytest.fixture(scope="module")
def trace(tiny_folder: TinyFolder) -> Trace:
    """Two sentences, two masks, and a piece that is no ASCII."""
    folder = tiny_folder(vocabulary=(*VOCABULARY, "\u6c34"))
    return load_engine(folder)(Request("the woman washed [MASK] hands .", "\u6c34 [MASK] crops"))


def read(file: Path) -> dict[str, Any]:
    """The entries of a file, in their order."""
    if file.suffix.lower() == ".npz":
        with np.load(file, allow_pickle=False) as arrays:
            return dict(arrays)
    entries: dict[str, Any] = json.loads(file.read_text("utf-8"), parse_constant=pytest.fail)
    return entries


@SUFFIXES
def test_every_array_comes_back_as_it_was(suffix: str, trace: Trace, tmp_path: Path) -> None:
    file = tmp_path / f"trace{suffix}"
    write_trace(trace, file)
    expected = {
        "tokens": trace.encoding.tokens,
        "ids": trace.encoding.ids,
        "segments": trace.encoding.segments,
        "spans": trace.encoding.spans,
        "attention": trace.attention,
        "hidden": trace.hidden,
        "embedding_token": trace.embeddings.token,
        "embedding_segment": trace.embeddings.segment,
        "embedding_position": trace.embeddings.position,
        "embedding_sum": trace.embeddings.summed,
        "embedding_normed": trace.embeddings.normed,
        "mask_positions": trace.encoding.masks,
        "mask_logits": trace.mask_logits,
        "nsp": trace.nsp,
    }
    found = read(file)
    assert list(found) == list(expected)
    for key, array in expected.items():
        wanted = np.asarray(array)
        np.testing.assert_array_equal(np.asarray(found[key], wanted.dtype), wanted, err_msg=key)
    assert list(tmp_path.iterdir()) == [file]


@SUFFIXES
def test_without_masks_arrays_are_empty_and_without_heads_left_out(
    suffix: str, tiny_folder: TinyFolder, tmp_path: Path
) -> None:
    trace = load_engine(tiny_folder())(Request("he washed"))
    write_trace(trace, tmp_path / f"a{suffix}")
    whole = read(tmp_path / f"a{suffix}")
    assert len(whole["mask_positions"]) == len(whole["mask_logits"]) == 0
    write_trace(replace(trace, mask_logits=None, nsp=None), tmp_path / f"b{suffix}")
    assert whole.keys() - read(tmp_path / f"b{suffix}").keys() == {"mask_logits", "nsp"}


def test_a_number_that_is_none_is_null_in_json(trace: Trace, tmp_path: Path) -> None:
    hidden = trace.hidden.copy()
    hidden[0, 0, :3] = [np.nan, np.inf, -np.inf]
    write_trace(replace(trace, hidden=hidden), tmp_path / "trace.json")
    assert read(tmp_path / "trace.json")["hidden"][0][0][:3] == [None, None, None]


@SUFFIXES
@pytest.mark.parametrize("broken", ["write", "replace"])
def test_an_old_file_stays_whole_when_writing_fails(
    suffix: str, broken: str, trace: Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / f"trace{suffix}"
    file.write_text("old")

    def no_space(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    if broken == "replace":
        monkeypatch.setattr(os, "replace", no_space)
    else:
        monkeypatch.setattr(np, "savez", no_space)
        monkeypatch.setattr("bertviz_app.inference.trace_file._json", no_space)
    with pytest.raises(OSError, match="No space left"):
        write_trace(trace, file)
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_new_file_replaces_the_old_one_even_behind_a_link(trace: Trace, tmp_path: Path) -> None:
    file, link = tmp_path / "real.json", tmp_path / "link.json"
    file.write_text("old")
    link.symlink_to(file)
    write_trace(trace, link)
    assert link.is_symlink()
    assert read(file)["tokens"][0] == "[CLS]"


def test_other_formats_are_refused(trace: Trace, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"trace\.csv ends in none of \.npz, \.json"):
        write_trace(trace, tmp_path / "trace.csv")
    assert list(tmp_path.iterdir()) == []


@SUFFIXES
def test_whichever_file_operation_fails_the_old_file_or_the_new_is_whole(
    suffix: str, trace: Trace, tmp_path: Path
) -> None:
    file = tmp_path / f"trace{suffix}"
    write_trace(trace, file)
    whole, failures = file.read_bytes(), []

    def write() -> None:
        try:
            write_trace(trace, file)
        except OSError as error:
            failures.append(error)

    file.write_bytes(b"old")
    for operations in each_failure(tmp_path, write):
        assert file.read_bytes() in (b"old", whole), operations.failed
        file.write_bytes(b"old")
    assert len(failures) >= 3
