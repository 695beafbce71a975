"""The subject that is a pickle: what PyTorch writes, with hostile objects, opcodes and archives."""

from __future__ import annotations

import io
import os
import pickletools
import struct
import subprocess
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz import folder as valid
from tests.fuzz.mutation import hostile_bytes
from tests.fuzz.subject import Subject

_ALLOWED = 10_000_000
_MARK = Path("a-program-ran")
_GLOBALS = (
    *("posix system", "builtins eval", "builtins getattr", "os popen", "subprocess Popen"),
    *("torch load", "torch.hub load", "torch.storage _load_from_bytes", "numpy.load x", "a b"),
    *("torch._utils _rebuild_tensor_v2", "torch._utils _rebuild_parameter", "torch FloatStorage"),
    *("torch._utils _rebuild_sparse_tensor", "torch._utils _rebuild_meta_tensor_no_storage"),
    *("torch._tensor _rebuild_from_type_v2", "torch Size", "torch device", "torch HalfStorage"),
    *("collections OrderedDict", "collections Counter", "collections defaultdict", "torch QInt8"),
)


class Pickle(Subject):
    """pytorch_model.bin, read as the separate process does, and then as its safetensors."""

    light = False

    def write(self, chance: Random, folder: Path) -> None:
        raw = _saved(chance, archive=chance.random() < 0.6)
        if chance.random() < 0.7:
            raw = _rewritten(chance, raw) if raw[:2] == b"PK" else _spliced(chance, raw)
        if chance.random() < 0.2:
            raw = hostile_bytes(chance, raw)
        (folder / "pytorch_model.bin").write_bytes(raw)

    def read(self, folder: Path) -> None:
        from bertviz_app.bert.checkpoint import read_weights_of
        from bertviz_app.bert.pickled import refusal_of
        from bertviz_app.bert.unpickle import answer_to

        _MARK.unlink(missing_ok=True)
        path, copy = folder / "pytorch_model.bin", folder / "copy.safetensors"
        answer = answer_to([str(path)], str(copy), _ALLOWED)
        assert not _MARK.exists()
        if "problem" in answer:
            raise refusal_of(answer, path, _ALLOWED)
        assert copy.stat().st_size < 2 * _ALLOWED
        read_weights_of(copy, valid.SPEC)


class _Runs:
    """What is pickled so that reading it would call a function."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self._call = function, arguments

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self._call


@cache
def _state() -> dict[str, Any]:
    import torch

    return {name: torch.from_numpy(array) for name, array in valid.tensors().items()}


def _saved(chance: Random, *, archive: bool) -> bytes:
    """What torch.save makes of the weights with up to two strange entries."""
    import torch

    content: dict[Any, Any] = OrderedDict(_state())
    for _ in range(chance.choice((0, 1, 1, 2))):
        name = chance.choice(
            [*content, "extra", "bert.x", 7, None, "a\0b", "\udc80", "x" * 100_000]
        )
        content[name] = _strange(chance)
    whole = chance.choice(
        (content, content, {"state_dict": content, "epoch": 3}, {"model": content})
    )
    if chance.random() < 0.05:
        whole = _strange(chance)
    file = io.BytesIO()
    torch.save(whole, file, _use_new_zipfile_serialization=archive)
    return file.getvalue()


def _strange(chance: Random) -> Any:  # noqa: ANN401
    """A value that a table of weights does not usually hold."""
    import torch

    table = next(iter(_state().values()))
    makers: tuple[Callable[[], Any], ...] = (
        lambda: torch.ones(1).expand(10 ** chance.randint(3, 15)),
        lambda: table.T,
        lambda: table[::2, 1:],
        lambda: table.as_strided((1000, 1000), (0, 0)),
        lambda: torch.eye(3).to_sparse(),
        lambda: torch.eye(3).to_sparse_csr(),
        lambda: torch.ones(3, device="meta"),
        lambda: torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8),
        lambda: torch.ones(3, dtype=torch.complex64).conj(),
        lambda: torch.ones(3, dtype=torch.complex128),
        lambda: torch.ones(3).to(torch.float8_e4m3fn),
        lambda: torch.ones(3, dtype=torch.uint16),
        lambda: torch.nn.Parameter(torch.full((3,), float("nan"))),
        lambda: torch.nn.Linear(2, 2),
        lambda: torch.empty(0),
        lambda: torch.ones(()),
        lambda: _Runs(os.system, f"touch {_MARK}"),
        lambda: _Runs(subprocess.check_output, ["touch", str(_MARK)]),
        lambda: _Runs(eval, f"open({str(_MARK)!r}, 'w')"),
        lambda: _Runs(torch.load, "x"),
        lambda: [[[]]] * chance.randint(1, 3),
        lambda: {"state_dict": {"state_dict": {}}},
        lambda: chance.choice((None, 7, 10**30, "text", b"\0", 0.5, True, (), set())),
    )
    return chance.choice(makers)()


def _rewritten(chance: Random, raw: bytes) -> bytes:
    """An archive written anew: its pickle spliced, or a member packed, renamed or left out."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        members = [(item.filename, archive.read(item)) for item in archive.infolist()]
    what = chance.randrange(7)
    at = chance.randrange(len(members))
    name, content = members[at]
    packed = zipfile.ZIP_DEFLATED if what == 0 else zipfile.ZIP_STORED
    if what == 1:
        to = chance.choice(("../x", "/x", "", "a" * 1000, name + "\0x", "archive/data.pkl", "x/y"))
        members[at] = (to, content)
    elif what == 2:
        del members[at]
    elif what == 3:
        members[at] = (name, content[: chance.randrange(len(content) + 1)])
    elif what == 4:
        members.insert(at, (f"{name.partition('/')[0]}/data/{10**6}", bytes(20_000_000)))
        packed = zipfile.ZIP_DEFLATED
    else:
        members = [
            (name, _spliced(chance, content) if name.endswith("data.pkl") else content)
            for name, content in members
        ]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packed) as archive:
        for name, content in members:
            archive.writestr(name or "x", content)
    return file.getvalue()


def _spliced(chance: Random, raw: bytes) -> bytes:
    """A pickle (and what stands behind it) with one to three opcodes or arguments replaced."""
    try:
        places = [(place, code.name, argument) for code, argument, place in pickletools.genops(raw)]
    except (ValueError, IndexError, struct.error, UnicodeDecodeError):
        return hostile_bytes(chance, raw)
    ends = [place for place, _, _ in places[1:]] + [places[-1][0] + 1]
    out = {place: raw[place:end] for (place, _, _), end in zip(places, ends, strict=True)}
    for _ in range(chance.randint(1, 3)):
        place, code, argument = chance.choice(places)
        if code == "GLOBAL":
            out[place] = b"c" + chance.choice(_GLOBALS).replace(" ", "\n").encode() + b"\n"
        elif isinstance(argument, int) and code.startswith(("BININT", "LONG")):
            value = chance.choice((0, 1, argument + 1, argument * 1000, 10**9, 2**31 - 1, -1))
            out[place] = b"J" + struct.pack("<i", max(-(2**31), min(value, 2**31 - 1)))
        elif isinstance(argument, str) and code.startswith(("BINUNICODE", "SHORT")):
            text = chance.choice(("", "cuda:0", "meta", "0", "storage", "a\0", "x" * 5000)).encode()
            out[place] = b"X" + struct.pack("<I", len(text)) + text
        else:
            lump = chance.choice(
                (b"", b"N", b"0", b"R", b"(", b"t", b"u", b"e", b"Q", b"}", b"\x81")
            )
            out[place] = chance.choice((lump, out[place] * 2, out[place] + lump))
    return b"".join(out.values()) + raw[ends[-1] :]
