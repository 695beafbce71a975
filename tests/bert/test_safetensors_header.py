"""A weights file is recognised or refused from its first bytes and its header alone."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors import SafetensorError
from safetensors.torch import load, save

from bertviz_app.bert import safetensors_header
from bertviz_app.bert.safetensors_header import (
    LONGEST_HEADER,
    MOST_TENSORS,
    TensorInfo,
    read_header,
)
from bertviz_app.core.errors import ModelError

GOOD = save({"a": torch.ones(2, 3), "b": torch.ones(5, dtype=torch.float16)}, {"format": "pt"})


def packed(header: object, data: bytes = b"") -> bytes:
    """A file with this header, or with these bytes in place of one."""
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(raw).to_bytes(8, "little") + raw + data


def one(kind: object = "F32", shape: object = (2,), offsets: object = (0, 8)) -> bytes:
    """A file of eight bytes of data with one entry."""
    return packed({"x": {"dtype": kind, "shape": shape, "data_offsets": offsets}}, b"\0" * 8)


def refusal(raw: bytes) -> str:
    """The sentence with which a file of these bytes is refused; empty if it is not."""
    sentence = ""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.safetensors"
        path.write_bytes(raw)
        try:
            read_header(path)
        except ModelError as error:
            sentence = error.sentence
        assert sentence.startswith(f"{path.parent.name}/model.safetensors" if sentence else "")
    assert sentence.isprintable()
    return sentence


def test_the_tensors_of_a_file_are_told_by_name(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(GOOD)
    found = read_header(tmp_path / "model.safetensors")
    assert found == {"a": TensorInfo("F32", (2, 3)), "b": TensorInfo("F16", (5,))}


def test_every_kind_of_number_that_is_written_has_its_size(tmp_path: Path) -> None:
    kinds = [torch.bool, torch.uint8, torch.int16, torch.bfloat16, torch.float64, torch.int64]
    kinds += [torch.float8_e4m3fn, torch.complex64]
    raw = save({str(kind): torch.zeros(3, 4).to(kind) for kind in kinds})
    (tmp_path / "model.safetensors").write_bytes(raw)
    assert len(read_header(tmp_path / "model.safetensors")) == len(kinds)


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", "the file is incomplete (0 bytes)"),
        (b"abc", "the file is incomplete (3 bytes)"),
        (GOOD[:8], "cut off after 8 bytes, inside its header"),
        (GOOD[:50], "cut off after 50 bytes, inside its header"),
        (GOOD[:-1], "cut off, of 34 bytes it lacks the last 1 byte; download it again"),
        (GOOD + b"\0" * 7, "damaged, 7 bytes stand behind the last tensor"),
        ((2**63).to_bytes(8, "little") + b"{}", "its header would have 9223372036854775808 bytes"),
        (b"\xff" * 8 + b"{}", "its header would have 18446744073709551615 bytes"),
        (
            (LONGEST_HEADER + 1).to_bytes(8, "little") + b"{" + b" " * (LONGEST_HEADER + 9),
            f"its header would have {LONGEST_HEADER + 1} bytes; at most {LONGEST_HEADER} are read",
        ),
        (b"\x80\x04\x95\x1a\0\0\0\0\0\0\0\x8c", "this is not a safetensors file"),
        (b"GGUF\3\0\0\0" + b"\0" * 50, "this is not a safetensors file"),
        (packed(b""), "this is not a safetensors file"),
        (b"<!DOCTYPE html>\n<html><body>Sign in</body></html>", "this is a web page"),
        (b"\n  <html lang=en>", "this is a web page"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 440449768\n",
            "this is a Git LFS pointer, not the weights; run `git lfs pull`",
        ),
        (b"PK\3\4" + b"\0" * 60, "this is a zip archive"),
        (packed(b'{"x": '), "not valid JSON at line 1, column 7"),
        (packed(b'{"x":' * 10_000), "nested too deeply"),
        (packed(b'{"x": ' + b"1" * 5000 + b"}"), "a number far too long"),
        (packed(b'{"\xff": {}}'), "not UTF-8 text"),
        (packed(b'{"x": {}, "x": {}}'), '"x" stands there twice'),
        (packed({"x": 7}), "what its header says of x makes no sense"),
        (packed({"x\x1b[2J": {}}), "what its header says of x\\x1b[2J makes no sense"),
        (one(kind="F31"), 'x is stored as "F31", unknown here'),
        (one(kind=["F32"]), "makes no sense"),
        (one(shape=[3]), "makes no sense"),
        (one(shape=[-2]), "makes no sense"),
        (one(shape=[True, 2]), "makes no sense"),
        (one(shape=[2.0]), "makes no sense"),
        (one(shape=[2**62, 0], offsets=[0, 0]), "makes no sense"),
        (one(shape=[1] * 100_000 + [2]), "makes no sense"),
        (one(offsets=[8, 0]), "makes no sense"),
        (one(offsets=[-8, 0]), "makes no sense"),
        (one(offsets=[0, 4, 8]), "makes no sense"),
        (one(offsets=[8, 16]), "cut off, of 16 bytes it lacks the last 8 bytes"),
        (one(kind="F4", shape=[3], offsets=[0, 1]), "makes no sense"),
        (
            packed({f"t{n}": {} for n in range(MOST_TENSORS + 1)}),
            "holds 5001 tensors, and no BERT has over 5000",
        ),
    ],
    ids=lambda value: value[:50] if isinstance(value, str) else "",
)
def test_a_hostile_file_is_one_sentence(raw: bytes, problem: str) -> None:
    assert problem in refusal(raw)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_with_a_sentence(raw: bytes) -> None:
    assert refusal(raw) or raw[8:9] == b"{"


@given(
    place=st.integers(0, len(GOOD) - 1),
    change=st.binary(min_size=1, max_size=4),
    end=st.integers(0, len(GOOD)),
)
def test_no_change_of_a_good_file_ends_in_another_error(
    place: int, change: bytes, end: int
) -> None:
    raw = (GOOD[:place] + change + GOOD[place + len(change) :])[: end or None]
    sentence = refusal(raw)
    if not sentence:
        return
    # What is refused here is refused by the library too, or is one of our own limits.
    try:
        load(raw)
    except SafetensorError:
        return
    assert "twice" in sentence


@given(
    st.dictionaries(
        st.text(max_size=5),
        st.fixed_dictionaries(
            {
                "dtype": st.sampled_from(["F32", "F16", "I64", "X"]) | st.integers(),
                "shape": st.lists(st.integers(-1, 3) | st.integers(), max_size=3),
                "data_offsets": st.lists(st.integers(0, 40) | st.integers(), max_size=3),
            }
        )
        | st.integers(),
        max_size=3,
    )
)
def test_any_header_is_accepted_or_refused_with_a_sentence(header: dict[str, object]) -> None:
    refusal(packed(header, b"\0" * 24))


def test_m41_a_file_that_grows_is_still_being_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(GOOD[:-20])

    def meanwhile(seconds: float) -> None:
        with path.open("ab") as file:
            file.write(GOOD[-20:-10])

    monkeypatch.setattr(safetensors_header.time, "sleep", meanwhile)
    with pytest.raises(ModelError) as error:
        read_header(path)
    said = "the file is still being written; open it again when it is whole."
    assert error.value.sentence.endswith(said)
    assert "cut off" in error.value.detail
    path.write_bytes(GOOD)
    assert read_header(path)
