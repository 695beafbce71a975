"""The header of a safetensors file: read and checked before anything is allocated for weights.

Source: the format's description in the README of huggingface/safetensors. A file starts with the
header's length (8 bytes, little-endian), the header follows as JSON, then the bytes of the tensors.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeGuard

from bertviz_app.bert.files import (
    brief,
    label,
    open_regular,
    parse_object,
    printable,
    unreadable,
)
from bertviz_app.core.amounts import in_bytes
from bertviz_app.core.errors import ModelError, UnfinishedError

LONGEST_HEADER = 4_000_000
"""Bytes; the header of BERT large has about 45,000."""

MOST_TENSORS = 5000

_MOMENT = 0.05
"""Seconds after which a file that is being written has grown."""

# Bits of one number of each kind the format knows.
_BITS = {
    "BOOL": 8,
    "F4": 4,
    "F6_E2M3": 6,
    "F6_E3M2": 6,
    "U8": 8,
    "I8": 8,
    "F8_E4M3": 8,
    "F8_E4M3FNUZ": 8,
    "F8_E5M2": 8,
    "F8_E5M2FNUZ": 8,
    "F8_E8M0": 8,
    "I16": 16,
    "U16": 16,
    "F16": 16,
    "BF16": 16,
    "I32": 32,
    "U32": 32,
    "F32": 32,
    "C64": 64,
    "F64": 64,
    "I64": 64,
    "U64": 64,
}


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """What the header says of one tensor: the kind of its numbers ("F32") and its shape."""

    kind: str
    shape: tuple[int, ...]


class CutOffError(ModelError):
    """The file ends before all that it announces."""


def read_header(path: Path) -> dict[str, TensorInfo]:
    """The tensors of a safetensors file by name; no weight is read.

    Raises:
        UnfinishedError: the file is still being written.
        ModelError: it is no safetensors file, is cut off or damaged, or holds more than
            `MOST_TENSORS` tensors.
    """
    try:
        return _header(path)
    except CutOffError as error:
        if _grows(path):
            raise UnfinishedError(
                f"{label(path)}: the file is still being written; open it again when it is whole.",
                error.sentence,
                path,
            ) from error
        raise


def _grows(path: Path) -> bool:
    """Whether the file becomes longer within a moment."""
    try:
        before = path.stat().st_size
        time.sleep(_MOMENT)
        return path.stat().st_size > before
    except OSError:
        return False


def _header(path: Path) -> dict[str, TensorInfo]:
    name = label(path)
    with open_regular(path) as file:
        try:
            size = file.seek(0, 2)
            start = _bytes_at(file, 0, 512)
            length = int.from_bytes(start[:8], "little")
            _check_start(start, size, length, name)
            raw = _bytes_at(file, 8, length)
        except OSError as error:
            raise unreadable(path, error) from error
    entries = parse_object(raw, f"{name} (its header)")
    entries.pop("__metadata__", None)
    if len(entries) > MOST_TENSORS:
        raise ModelError(
            f"{name}: holds {len(entries)} tensors, and no BERT has over {MOST_TENSORS}."
        )
    found = {tensor: _entry(tensor, entry, name) for tensor, entry in entries.items()}
    _check_length(max((end for _, end in found.values()), default=0), size - 8 - length, name)
    return {tensor: info for tensor, (info, _) in found.items()}


def _bytes_at(file: BinaryIO, place: int, count: int) -> bytes:
    file.seek(place)
    return file.read(count)


def _check_start(start: bytes, size: int, length: int, name: str) -> None:
    """Say what the file is if it is none of safetensors, and refuse an absurd header."""
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith(b"version https://git-lfs"):
        problem = "this is a Git LFS pointer, not the weights; run `git lfs pull` in its folder"
    elif text.startswith((b"<!doctype html", b"<html", b"<?xml")):
        problem = "this is a web page, not weights; download the file again"
    elif start.startswith(b"PK"):
        problem = "this is a zip archive as PyTorch writes it, not a safetensors file"
    elif size < 8:
        raise CutOffError(f"{name}: the file is incomplete ({size} bytes); download it again.")
    elif start[8:9] not in (b"{", b"") or length < 2:
        problem = "this is not a safetensors file"
    elif length > LONGEST_HEADER:
        problem = f"its header would have {length} bytes; at most {LONGEST_HEADER} are read"
    elif length > size - 8:
        raise CutOffError(
            f"{name}: the file is cut off after {size} bytes, inside its header; download it again."
        )
    else:
        return
    raise ModelError(f"{name}: {problem}.")


def _entry(tensor: str, entry: object, name: str) -> tuple[TensorInfo, int]:
    """One entry of the header, checked, and the place at which the tensor's bytes end."""
    known = entry if isinstance(entry, dict) else {}
    kind, shape, offsets = (known.get(key) for key in ("dtype", "shape", "data_offsets"))
    if isinstance(kind, str) and _are_counts(shape) and _are_counts(offsets) and len(offsets) == 2:
        if kind not in _BITS:
            raise ModelError(f"{name}: {_short(tensor)} is stored as {brief(kind)}, unknown here.")
        if (offsets[1] - offsets[0]) * 8 == math.prod(shape) * _BITS[kind]:
            return TensorInfo(kind, tuple(shape)), offsets[1]
    raise ModelError(
        f"{name}: damaged, what its header says of {_short(tensor)} makes no sense; "
        "download it again."
    )


def _are_counts(value: object) -> TypeGuard[list[int]]:
    """Whether this is a short list of numbers that a file of this world can hold."""
    return (
        isinstance(value, list)
        and len(value) <= 8
        and all(type(item) is int and 0 <= item < 2**48 for item in value)
    )


def _short(tensor: str) -> str:
    return printable(tensor[:80])


def _check_length(expected: int, found: int, name: str) -> None:
    if found < expected:
        raise CutOffError(
            f"{name}: the file is cut off, of {in_bytes(expected)} it lacks the last "
            f"{in_bytes(expected - found)}; download it again."
        )
    if found > expected:
        raise ModelError(
            f"{name}: damaged, {in_bytes(found - expected)} stand behind the last tensor; "
            "download it again."
        )
