"""Subjects that are weights: the header of safetensors, all of the file, a whole folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from bertviz_app.bert.matching import match
from bertviz_app.bert.weight_files import find_weights, read_headers
from tests.fuzz import folder as valid
from tests.fuzz.mutation import edited, hostile_bytes, hostile_json, written
from tests.fuzz.subject import Subject
from tests.fuzz.texts import Card, Config, Tokenizer, Vocabulary

_KINDS = ("F32", "F16", "BF16", "F64", "I8", "F8_E4M3", "BOOL", "X")
_LENGTHS = (0, 1, 2**31, 2**63, 2**64 - 1, 100_000_001, 4_000_001)


class Header(Subject):
    """The header of a safetensors file, or the headers of the shards an index lists."""

    def write(self, chance: Random, folder: Path) -> None:
        if chance.random() < 0.2:
            _write_shards(chance, folder)
        else:
            (folder / "model.safetensors").write_bytes(_hostile_file(chance))

    def read(self, folder: Path) -> None:
        headers = read_headers(find_weights(folder))
        merged = {name: info for header in headers.values() for name, info in header.items()}
        plan = match(merged, valid.SPEC, "model.safetensors")
        assert set(plan.sources) <= set(merged)


class Weights(Header):
    """The same, and the numbers."""

    light = False

    def read(self, folder: Path) -> None:
        from bertviz_app.bert.checkpoint import read_weights

        weights = read_weights(folder, valid.SPEC)
        table = weights.tensors["embeddings.token.weight"]
        assert table.shape == (valid.SPEC.vocabulary, valid.SPEC.width)
        for tensor in weights.tensors.values():
            tensor.sum()  # reads every number


class Model(Subject):
    """A folder with one hostile file, up to the picture of one text."""

    light = False

    def write(self, chance: Random, folder: Path) -> None:
        hostile: Callable[[], Subject] = chance.choice(
            (Config, Vocabulary, Tokenizer, Weights, Card)
        )
        valid.write_valid(folder, "model.safetensors" if hostile is Weights else "")
        hostile().write(chance, folder)

    def read(self, folder: Path) -> None:
        from bertviz_app import Request, load_engine

        engine = load_engine(folder)
        trace = engine(Request("The woman washed [MASK] hands.", "he is 漢字 unhappiness"))
        spec = engine.facts.spec
        T = len(trace.encoding.ids)
        assert trace.attention.shape == (spec.layers, spec.heads, T, T)
        sums = trace.attention.sum(-1)
        assert np.all(np.isnan(sums) | (np.abs(sums - 1) < 1e-3))


def _hostile_file(chance: Random) -> bytes:
    """A safetensors file with one to three things wrong, at least one of them of its own kind."""
    arrays = valid.tensors()
    header = valid.header_of(arrays)
    data = b"".join(array.tobytes() for array in arrays.values())
    for _ in range(chance.randint(1, 3)):
        data = chance.choice(_EDITS)(chance, header, data)
    raw = written(chance, header) if chance.random() < 0.2 else json.dumps(header).encode()
    length = chance.choice((*_LENGTHS, len(raw) + 1, len(raw) - 1))
    file = valid.safetensors(raw, data, length if chance.random() < 0.1 else None)
    return hostile_bytes(chance, file) if chance.random() < 0.2 else file


def _entry(chance: Random, header: dict[str, Any]) -> dict[str, Any]:
    """The entry of one of the tensors that still look like one."""
    entries = [
        entry for entry in header.values() if isinstance(entry, dict) and "data_offsets" in entry
    ]
    usual = {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}
    return chance.choice(entries) if entries else usual


def _edit_anything(chance: Random, header: dict[str, Any], data: bytes) -> bytes:
    found = edited(chance, header, ("dtype", "shape", "data_offsets", "__metadata__"))
    if found is not header:
        header.clear()
        header.update(found if isinstance(found, dict) else {"a": found})
    return data


def _move(chance: Random, header: dict[str, Any], data: bytes) -> bytes:
    by = chance.choice((-4, 4, 1, -1, len(data), 2**40))
    ends = _entry(chance, header)["data_offsets"]
    if isinstance(ends, list) and all(type(end) is int for end in ends):
        ends[:] = [end + by for end in ends]
    return data


def _swap(chance: Random, header: dict[str, Any], data: bytes) -> bytes:
    first, second = _entry(chance, header), _entry(chance, header)
    key = chance.choice(("shape", "data_offsets", "dtype"))
    first[key], second[key] = deepcopy(second.get(key)), deepcopy(first.get(key))
    return data


def _rekind(chance: Random, header: dict[str, Any], data: bytes) -> bytes:
    _entry(chance, header)["dtype"] = chance.choice(_KINDS)
    return data


def _reshape(chance: Random, header: dict[str, Any], data: bytes) -> bytes:
    entry = _entry(chance, header)
    shape = entry.get("shape")
    known = list(shape) if isinstance(shape, list) else []
    shapes = (known[::-1], [*known, 1], [1, *known], [2**32, 2**32], [0, 2**40], [2**24] * 3)
    entry["shape"] = chance.choice(shapes)
    return data


def _rename(chance: Random, header: dict[str, Any], data: bytes) -> bytes:
    name = chance.choice(list(header) or [""])
    to = chance.choice(
        (
            f"module.{name}",
            name.removeprefix("bert."),
            name.replace("weight", "gamma"),
            name.replace("layer.1", "layer.7"),
            name.replace("layer.1", "layer." + "9" * 4000),
            "classifier.weight",
            "\x1b[31m" + name,
            name + "\ud800",
            name * 1000,
        )
    )
    value = header.pop(name, {})
    header[to] = value
    if chance.random() < 0.3:
        header[name] = deepcopy(value)
    return data


def _crowd(chance: Random, header: dict[str, Any], data: bytes) -> bytes:
    for number in range(chance.choice((10, 6000))):
        header[f"extra.{number}"] = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
    return data


def _cut(chance: Random, header: dict[str, Any], data: bytes) -> bytes:
    return data[: chance.randrange(len(data) + 1)] if chance.random() < 0.5 else data + b"\0" * 4


def _poison(chance: Random, header: dict[str, Any], data: bytes) -> bytes:
    numbers = np.frombuffer(data[: len(data) // 4 * 4], np.float32).copy()
    if numbers.size:
        start = chance.randrange(numbers.size)
        value = chance.choice((np.nan, np.inf, 3e38, 0.0, 1e-45))
        numbers[start : start + chance.choice((1, 8, 100_000))] = value
    return numbers.tobytes() + data[len(data) // 4 * 4 :]


_EDITS = (
    *(_edit_anything, _edit_anything, _move, _swap, _rekind, _reshape, _rename, _rename),
    *(_crowd, _cut, _poison),
)


def _write_shards(chance: Random, folder: Path) -> None:
    """Two shards and a hostile index, or a hostile shard and an index that is well."""
    arrays = valid.tensors()
    places = {name: f"part-{number % 2}.safetensors" for number, name in enumerate(arrays)}
    for shard in set(places.values()):
        part = {name: arrays[name] for name, place in places.items() if place == shard}
        data = b"".join(array.tobytes() for array in part.values())
        raw = valid.safetensors(json.dumps(valid.header_of(part)).encode(), data)
        (folder / shard).write_bytes(hostile_bytes(chance, raw) if chance.random() < 0.2 else raw)
    index = {"metadata": {"total_size": 1}, "weight_map": places}
    names = (
        "../part-0.safetensors",
        "part-0.safetensors",
        "/etc/passwd.safetensors",
        ".safetensors",
    )
    (folder / "model.safetensors.index.json").write_bytes(hostile_json(chance, index, names))
