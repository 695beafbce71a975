"""The files of a folder that hold its weights: one, or the shards that an index lists."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from bertviz_app.bert.files import brief, label, printable, read_object
from bertviz_app.bert.safetensors_header import TensorInfo, read_header
from bertviz_app.core.errors import ModelError

WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"
PICKLE = "pytorch_model.bin"
PICKLE_INDEX = "pytorch_model.bin.index.json"

KNOWN = (WEIGHTS, INDEX, PICKLE, PICKLE_INDEX)
"""What is opened, the first that is there; a pickle only if it is allowed."""

LONGEST_INDEX = 4_000_000
"""Bytes; that of BERT large has about 40,000."""

MOST_SHARDS = 64
_MOST_ENTRIES = 5000

Headers = dict[Path, dict[str, TensorInfo]]
"""The tensors of each file by name."""

_PICKLE = "weights as a Python pickle under another name than pytorch_model.bin"

# What a folder may hold instead; the first that fits is said.
_OTHERS = (
    ("model-?????-of-?????.safetensors", f"a part of split weights, whose {INDEX} is missing"),
    ("adapter_model.*", "an adapter, which is no model by itself"),
    ("adapter_config.json", "the settings of an adapter, which is no model by itself"),
    ("*.safetensors", "weights under another name"),
    ("*.bin", _PICKLE),
    ("*.bin.index.json", _PICKLE),
    ("*.pt", _PICKLE),
    ("*.pth", _PICKLE),
    ("*.ckpt*", "weights of TensorFlow or of a training program"),
    ("*.h5", "weights for TensorFlow"),
    ("saved_model.pb", "a model for TensorFlow"),
    ("*.msgpack", "weights for Flax"),
    ("*.onnx", "a model for ONNX"),
    ("onnx/*.onnx", "a model for ONNX"),
    ("*.gguf", "a model for llama.cpp"),
    ("*.tflite", "a model for TensorFlow Lite"),
    ("*.mlmodel", "a model for Core ML"),
)


def find_weights(folder: Path) -> Path:
    """The file of `folder` that holds the weights, or the index of the files that do.

    Raises:
        ModelError: there is none that this program opens; the sentence says what is there.
    """
    for name in KNOWN:
        path = folder / name
        if path.exists() or path.is_symlink():
            return path
    what = other_format(folder) or "copy it there from where the model came from"
    raise ModelError(f"{label(folder / WEIGHTS)}: there is no such file; {what}.", str(folder))


def has_weights(folder: Path) -> bool:
    """Whether weights lie in a folder under a name that is opened."""
    return any(os.path.isfile(folder / name) for name in KNOWN)


def other_format(folder: Path) -> str:
    """What a folder holds instead of weights that this program opens; empty if nothing known."""
    names = _listed(folder)
    for pattern, meaning in _OTHERS:
        if found := fnmatch.filter(names, pattern):
            return f"{printable(found[0])} holds {meaning}"
    return ""


def _listed(folder: Path) -> list[str]:
    """The names of what lies in a folder, and in the one in which exports for ONNX lie."""
    names: list[str] = []
    for inner in ("", "onnx/"):
        with suppress(OSError), os.scandir(folder / inner) as entries:
            names += sorted(inner + entry.name for entry in islice(entries, _MOST_ENTRIES))
    return names


def read_headers(path: Path) -> Headers:
    """The header of a safetensors file, or of all that an index lists; no weight is read.

    Raises:
        ModelError: as `read_header`; or the index is damaged, does not fit the files it lists, or
            leads out of its folder.
    """
    return dict(_shards(path)) if path.name == INDEX else {path: read_header(path)}


def _shards(index: Path) -> Iterator[tuple[Path, dict[str, TensorInfo]]]:
    places = _places(index, ".safetensors")
    for path in _files(index, places):
        header = read_header(path)
        listed = {tensor for tensor, place in places.items() if place == path.name}
        if strays := sorted(listed ^ header.keys()):
            raise ModelError(
                f"{label(path)}: it and {INDEX} disagree on {printable(strays[0][:80])}; download "
                "both again."
            )
        yield path, header


def pickles(path: Path) -> list[Path]:
    """The pickle that `path` is, or those that the index `path` lists.

    Raises:
        ModelError: the index is damaged, lists a file that is not there, or leads elsewhere.
    """
    return list(_files(path, _places(path, ".bin"))) if path.name == PICKLE_INDEX else [path]


def _files(index: Path, places: dict[str, str]) -> Iterator[Path]:
    """The files that an index lists, each once; the files are there."""
    names = sorted(set(places.values()))
    if len(names) > MOST_SHARDS:
        raise ModelError(
            f"{label(index)}: lists {len(names)} files, and no BERT has over {MOST_SHARDS}."
        )
    for name in names:
        path = index.with_name(name)
        if not (path.exists() or path.is_symlink()):
            raise ModelError(
                f"{label(path)}: there is no such file, but {index.name} lists it; download it "
                "again."
            )
        yield path


def _places(index: Path, ending: str) -> dict[str, str]:
    """The file of each tensor; a name that leads elsewhere is refused."""
    places = read_object(index, LONGEST_INDEX).get("weight_map")
    if not isinstance(places, dict) or not places:
        raise ModelError(f"{label(index)}: it has no weight_map that says where each tensor is.")
    for name in places.values():
        if not is_plain(name, ending):
            raise ModelError(
                f"{label(index)}: lists {brief(name)}; only {ending} files beside it are read."
            )
    return places


def is_plain(name: object, ending: str = ".safetensors") -> bool:
    """Whether this is the name of a weights' file, and no path."""
    if not isinstance(name, str) or not name.endswith(ending):
        return False
    return name.isprintable() and not set(name) & set("/\\:") and not name.startswith(".")
