"""A program on its own: reads pickled weights and writes them down as safetensors.

`pickled.py` starts it, by path, in an isolated interpreter with almost no environment and an empty
folder of its own; it imports nothing of this package. One line of JSON on standard input says what
to do, one on standard output how it went. Standard input stays open as long as the copy is needed:
when it closes, for whatever reason, this process takes its folder away and ends.

PyTorch's reader is told to build nothing but numbers (`weights_only`). Should that ever fail to
hold, the hook of `_refuse_actions` still refuses to start a program, to open a connection and to
touch a file, and the limits of `_limit` hold for whatever runs here.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import threading
import zipfile
from collections.abc import Iterator, Sequence
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

TABLES = ("state_dict", "model_state_dict", "model")
"""Where training programs keep the weights among other things."""

_ROOM = 512 * 2**20
_ACTIONS = re.compile(
    r"(ctypes|shutil|signal|socket|subprocess|tempfile|webbrowser)\.|os\.(?!listdir)"
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_ASKED_FOR = re.compile(r"GLOBAL ([\w.]+)")
_FULL = ("not enough memory", "can't allocate")


class RefusedError(Exception):
    """The file is not opened: a word for why, and what the sentence about it needs."""

    def __init__(self, problem: str, **facts: object) -> None:
        super().__init__(problem)
        self.answer: dict[str, object] = {"problem": problem, **facts}


def main() -> None:
    """Do what the line on standard input asks, say how it went, and wait until it may end."""
    task = json.loads(sys.stdin.readline())
    watch = threading.Thread(target=_end_with_starter, args=(task["folder"],))
    watch.start()
    sys.path.extend(task["packages"])
    import torch

    torch.set_num_threads(1)
    _limit(sum(map(os.path.getsize, task["files"])))
    _refuse_actions(watch.ident)
    print(json.dumps(answer_to(task["files"], task["copy"], task["allowed"])), flush=True)
    watch.join()


def _end_with_starter(folder: str) -> None:
    """Wait until nobody needs the copy any more; the starter may have been killed."""
    os.read(0, 1)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def answer_to(files: Sequence[str], copy: str, allowed: int) -> dict[str, object]:
    """What is said of `convert` with these arguments, whatever comes of it."""
    try:
        return {"table": convert(files, copy, allowed)}
    except RefusedError as refused:
        return refused.answer
    except BaseException as error:  # whatever it is, it is said
        return _unexpected(error)


def convert(files: Sequence[str], copy: str, allowed: int) -> str:
    """Write the tensors of `files`, `allowed` bytes at most, to `copy`.

    Returns the entry of the files they stood under, or nothing.

    Raises:
        RefusedError: the files declare more, or hold something else.
        Exception: one is damaged; what PyTorch says of that is of many types.
    """
    from safetensors.torch import save_file

    tensors: dict[str, Tensor] = {}
    for file in files:
        _check_archive(file, allowed)
        table, found = _table(_loaded(file))
        if twice := tensors.keys() & found.keys():
            raise RefusedError("twice", name=min(twice)[:200])
        tensors |= found
    save_file(dict(_plain(tensors, allowed)), copy)
    return table


def _loaded(file: str) -> object:
    import torch

    try:
        return torch.load(file, map_location="cpu", weights_only=True)
    except UnpicklingError as error:
        asked_for = _ASKED_FOR.search(str(error))
        if asked_for is None:
            raise
        raise RefusedError("program", name=asked_for[1][:200]) from error


def _check_archive(file: str, allowed: int) -> None:
    """Refuse what PyTorch would not have written, before any of it is unpacked."""
    if not zipfile.is_zipfile(file):
        return  # as PyTorch wrote it before 1.6: the numbers stand in the file as they are
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
    declared = sum(member.file_size for member in members)
    if declared > allowed:
        raise RefusedError("size", declared=declared)
    for member in members:
        if member.compress_type != zipfile.ZIP_STORED or member.compress_size != member.file_size:
            raise RefusedError("packed")
        if ".." in member.filename.split("/") or member.filename.startswith("/"):
            raise RefusedError("outside")


def _limit(size: int) -> None:
    """Bound what this process may use, where the system can: the numbers some times, and a bit."""
    try:
        import resource
    except ImportError:
        return  # Windows
    room = 4 * size + _ROOM
    limits = {resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: room}
    if sys.platform == "linux":
        with open("/proc/self/statm", encoding="ascii") as pages:
            used = int(pages.read().split()[0]) * resource.getpagesize()
        limits[resource.RLIMIT_AS] = used + room
    for limit, most in limits.items():
        _, highest = resource.getrlimit(limit)
        if highest == resource.RLIM_INFINITY or most < highest:
            resource.setrlimit(limit, (most, most))


def _refuse_actions(but_in: int | None = None) -> None:
    """From here on Python starts no program, opens no connection and changes no file.

    This cannot be undone, and holds in all threads but the one of that number.
    """

    def refuse(event: str, details: tuple[Any, ...]) -> None:
        acts = details[2] & _WRITES if event == "open" else _ACTIONS.match(event)
        if acts and threading.get_ident() != but_in:
            raise RefusedError("program", name=event)

    sys.addaudithook(refuse)


def _table(found: object) -> tuple[str, dict[str, Tensor]]:
    """The tensors by name, and the entry of the file they are under; empty if they are the file."""
    from torch import Tensor

    entries: dict[Any, Any] = found if isinstance(found, dict) else {}
    under = next((name for name in TABLES if isinstance(entries.get(name), dict)), "")
    rows = entries[under] if under else entries
    tensors = {
        name: row for name, row in rows.items() if isinstance(name, str) and isinstance(row, Tensor)
    }
    if not tensors:
        raise RefusedError("no table")
    return under, tensors


def _plain(tensors: dict[str, Tensor], allowed: int) -> Iterator[tuple[str, Tensor]]:
    """Each tensor with numbers of its own, in order; nothing is copied before all are checked.

    A tensor may repeat the numbers of a small storage any number of times (a stride of 0), so what
    it claims is compared with what the file holds.
    """
    import torch

    for name, tensor in tensors.items():
        if tensor.layout is not torch.strided or tensor.is_quantized or tensor.device.type != "cpu":
            raise RefusedError("kind", name=name[:200])
        if tensor.nbytes > tensor.untyped_storage().nbytes():
            raise RefusedError("repeated", name=name[:200], declared=tensor.nbytes)
    declared = sum(tensor.nbytes for tensor in tensors.values())
    if declared > allowed:
        raise RefusedError("size", declared=declared)
    seen: set[int] = set()
    for name, tensor in tensors.items():
        storage = tensor.untyped_storage().data_ptr()
        shared = storage in seen
        seen.add(storage)
        own = tensor.detach().contiguous()
        yield name, own.clone() if shared else own


def _unexpected(error: BaseException) -> dict[str, object]:
    """What is said of a failure that has no sentence of its own."""
    # What stands before it advises to read the file without any caution.
    reason = str(error).rpartition("WeightsUnpickler error: ")[2]
    words = f"{type(error).__name__}: {reason[:2000]}"
    full = isinstance(error, MemoryError) or any(word in words for word in _FULL)
    return {"problem": "memory" if full else "damaged", "detail": words}


if __name__ == "__main__":
    main()
