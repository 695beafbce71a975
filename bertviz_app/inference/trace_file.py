"""A trace as a file: .npz for numpy, .json for everything else, whole or not at all."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from bertviz_app.core.trace import Trace
from bertviz_app.core.whole_file import whole_file

SUFFIXES = (".npz", ".json")


def arrays(trace: Trace) -> dict[str, NDArray[Any]]:
    """What a file holds of a trace, by key; arrays of a head the model lacks are left out.

    Keys: tokens, ids, segments (T,), spans (T, 2), attention (L, H, T, T), hidden (L + 1, T, W),
    embedding_token, _segment, _position, _sum, _normed (T, W), mask_positions (M,),
    mask_logits (M, V), nsp (2,).
    """
    encoding, embeddings = trace.encoding, trace.embeddings
    found: dict[str, NDArray[Any] | None] = {
        "tokens": np.array(encoding.tokens),
        "ids": np.array(encoding.ids, np.int64),
        "segments": np.array(encoding.segments, np.int64),
        "spans": np.array(encoding.spans, np.int64).reshape(-1, 2),
        "attention": trace.attention,
        "hidden": trace.hidden,
        "embedding_token": embeddings.token,
        "embedding_segment": embeddings.segment,
        "embedding_position": embeddings.position,
        "embedding_sum": embeddings.summed,
        "embedding_normed": embeddings.normed,
        "mask_positions": np.array(encoding.masks, np.int64),
        "mask_logits": trace.mask_logits,
        "nsp": trace.nsp,
    }
    return {key: array for key, array in found.items() if array is not None}


def write_trace(trace: Trace, path: Path) -> None:
    """Write `trace` to `path`, in the format its suffix names; an old file stays until the end.

    Raises:
        OSError: it could not be written; what was there before is untouched.
        ValueError: the suffix is none of `SUFFIXES`.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise ValueError(f"{path.name} ends in none of {', '.join(SUFFIXES)}")
    with whole_file(path) as file:
        if path.suffix.lower() == ".npz":
            np.savez(file, allow_pickle=False, **arrays(trace))
        else:
            _write_json(file, arrays(trace))


def _write_json(file: BinaryIO, entries: dict[str, NDArray[Any]]) -> None:
    """One object, written row by row: lists of all numbers at once would take ten times as much."""
    for place, (key, array) in enumerate(entries.items()):
        file.write(b"{\n" if place == 0 else b",\n")
        file.write(f'"{key}": '.encode())
        for text in _json(array):
            file.write(text.encode())
    file.write(b"\n}\n")


def _json(array: NDArray[Any]) -> Iterator[str]:
    if array.ndim > 1:
        yield "["
        for place, part in enumerate(array):
            yield ",\n" if place else ""
            yield from _json(part)
        yield "]"
    elif array.dtype == np.float32:
        yield f"[{', '.join(map(_number, array.tolist()))}]"
    else:
        yield json.dumps(array.tolist(), ensure_ascii=False)


def _number(value: float) -> str:
    """Nine digits give a float32 back exactly; JSON has no name for what is not a number."""
    return f"{value:.9g}" if math.isfinite(value) else "null"
