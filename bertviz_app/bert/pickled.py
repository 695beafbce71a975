"""Weights as a Python pickle: copied into safetensors by a separate process, if that is allowed.

A pickle can hold any program. This process never reads one: `unpickle.py` does, on its own.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import IO, Any, Self

import safetensors
import torch

from bertviz_app.bert import names, unpickle
from bertviz_app.bert.files import label, open_regular, printable, unreadable
from bertviz_app.bert.weight_files import pickles
from bertviz_app.core.amounts import in_bytes
from bertviz_app.core.errors import ConsentError, ModelError
from bertviz_app.core.spec import ModelSpec

# A training program keeps a number, its gradient and two moments of it, 4 bytes each; heads of
# other tasks and tables of positions need a bit more.
_BYTES_A_NUMBER, _BYTES_BESIDE = 16, 2**26
_PATIENCE, _BYTES_A_SECOND = 60.0, 5e6
_LOOK = 0.05
_BLOCK = 2**20
_LONGEST_ANSWER = 10_000
# Where the system finds its own libraries; nothing else of the environment is handed on.
_HANDED_ON = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")

_SENTENCES = {
    "size": "it declares {declared} of numbers, and a model of the shape in config.json has "
    "{allowed} at most; nothing of it was read",
    "program": "it tried to run {name}; it was not let, and nothing of the file is open",
    "class": "to read it, {name} would have to be run, and nothing of a file is; save the "
    "state_dict of the model instead, best as model.safetensors",
    "twice": "damaged, {name} stands in two of the files",
    "no table": "it does not hold a table of tensors; save the state_dict of the model instead",
    "kind": "{name} is no plain table of numbers (sparse, quantised or without numbers)",
    "repeated": "damaged, {name} claims more numbers than the file holds",
    "packed": "its numbers are packed, which PyTorch never does; it was not unpacked",
    "outside": "damaged, it holds names of files outside of itself",
    "damaged": "damaged or cut off; download it again",
    "memory": "reading it needs more memory than a file of its size should",
    "slow": "reading it took over {patience} seconds and was stopped",
    "given up": "reading it was given up",
    "ended": "reading it ended the separate process, so it is damaged; download it again",
}
"""Why a pickle was not read, by the word for it in the answer of the separate process."""


@dataclass(frozen=True, slots=True)
class PickleTerms:
    """Which pickles may be read, and when reading one is given up.

    Attributes:
        allowed: all, none, or those with these SHA-256 digests.
        given_up: asked some times a second while the separate process is at work.
    """

    allowed: bool | Collection[str] = False
    given_up: Callable[[], bool] = bool


NO_PICKLE = PickleTerms()


@dataclass(frozen=True, slots=True)
class Copy:
    """The weights of a pickle as safetensors; `origin` says in words where they come from."""

    path: Path
    origin: str


@contextmanager
def copied(path: Path, spec: ModelSpec, terms: PickleTerms) -> Iterator[Copy]:
    """The tensors of the pickle `path` in a file that only this user can read, while needed.

    The copy bears the name of what it is a copy of, so that sentences name the file people have.

    Raises:
        ConsentError: nobody has allowed to read it.
        ModelError: it is damaged, holds more than a model of this shape can, holds anything but a
            table of tensors, or asks for a program to be run.
    """
    allowed, files = _most_bytes(spec), pickles(path)
    size = _check_size(path, files, allowed)
    _check_consent(path, files, terms)
    with _folder_for(path, size) as folder, ExitStack() as stack:
        copy = folder / (path.absolute().parent.name or "model") / path.name
        task = {
            "files": [str(file.absolute()) for file in files],
            "copy": str(copy),
            "folder": str(folder),
            "allowed": allowed,
            "packages": [str(Path(str(of.__file__)).parents[1]) for of in (torch, safetensors)],
        }
        try:
            copy.parent.mkdir()
            process = stack.enter_context(_Process(task, folder))
        except OSError as error:
            raise ModelError(
                f"{label(path)}: no separate process could be started to read it "
                f"({printable(error.strerror or str(error))})."
            ) from error
        answer = process.answer(_PATIENCE + size / _BYTES_A_SECOND, terms.given_up)
        if "problem" in answer:
            raise refusal_of(answer, path, allowed)
        entry = f", its entry {answer['table']}," if answer["table"] else ""
        yield Copy(copy, f"read from {path.name}{entry} in a separate process")


@contextmanager
def _folder_for(path: Path, size: int) -> Iterator[Path]:
    """An empty folder that only this user can enter, with room for `size` bytes."""
    try:
        made = tempfile.TemporaryDirectory(prefix="bertviz-app-", ignore_cleanup_errors=True)
    except OSError as error:
        raise ModelError(
            f"{label(path)}: to read it, a temporary folder is needed "
            f"({printable(error.strerror or str(error))})."
        ) from error
    with made as folder:
        free = shutil.disk_usage(folder).free
        if free < size:
            raise ModelError(
                f"{label(path)}: to read it, {in_bytes(size)} are needed in {printable(folder)}, "
                f"and {in_bytes(free)} are free."
            )
        yield Path(folder)


class _Process:
    """The separate process: at work from `with` on, ended and gone after it, whatever happens."""

    def __init__(self, task: dict[str, Any], folder: Path) -> None:
        self._task = task
        self._answer = folder / "answer.json"
        self._complaints = folder / "complaints.txt"

    def __enter__(self) -> Self:
        with self._answer.open("wb") as answer, self._complaints.open("wb") as complaints:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-B", str(Path(unpickle.__file__).resolve())],
                stdin=subprocess.PIPE,
                stdout=answer,
                stderr=complaints,
                cwd=self._answer.parent,
                env={name: os.environ[name] for name in _HANDED_ON if name in os.environ},
            )
        with suppress(BrokenPipeError):  # it has ended already; `answer` says so
            self._pipe.write(json.dumps(self._task).encode() + b"\n")
            self._pipe.flush()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        with suppress(BrokenPipeError):
            self._pipe.close()
        self._process.wait()

    @property
    def _pipe(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    def answer(self, patience: float, given_up: Callable[[], bool]) -> dict[str, Any]:
        """What the process says once it is done; `patience` is in seconds.

        Reading was stopped, took too long or ended the process: these are answers as well.
        """
        end = monotonic() + patience
        while monotonic() < end:
            if given_up():
                return {"problem": "given up"}
            ended = self._process.poll()
            said = self._said(self._answer)
            if said.endswith("\n"):
                return _understood(said)
            if ended is not None:
                return {"problem": "ended", "detail": f"{ended}\n{self._said(self._complaints)}"}
            sleep(_LOOK)
        return {"problem": "slow", "patience": f"{patience:.0f}"}

    def _said(self, path: Path) -> str:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(_LONGEST_ANSWER)


def _understood(said: str) -> dict[str, Any]:
    """The answer in a line of JSON; one that makes no sense is that of a process gone wrong."""
    with suppress(ValueError, RecursionError):
        answer = json.loads(said)
        if isinstance(answer, dict) and ("table" in answer or answer.get("problem") in _SENTENCES):
            return answer
    return {"problem": "ended", "detail": said}


def _most_bytes(spec: ModelSpec) -> int:
    """The most that the weights of such a model, or a training's state of them, can need."""
    numbers = sum(math.prod(slot.shape) for slot in names.slots(spec).values())
    return numbers * _BYTES_A_NUMBER + _BYTES_BESIDE


def _check_size(path: Path, files: Iterable[Path], allowed: int) -> int:
    size = 0
    for part in files:
        with open_regular(part) as file:
            size += file.seek(0, os.SEEK_END)
    if size > allowed:
        raise refusal_of({"problem": "size", "declared": size}, path, allowed)
    return size


def _check_consent(path: Path, files: Iterable[Path], terms: PickleTerms) -> None:
    if terms.allowed is True:
        return
    found = digest(files)
    if not terms.allowed or found not in terms.allowed:
        raise ConsentError(
            f"{label(path)}: these weights are a Python pickle, which can hold any program; allow "
            "it (--allow-pickle, allow_pickle=True) and a separate process reads their numbers.",
            label(path),
            found,
        )


def refusal_of(answer: dict[str, Any], path: Path, allowed: int) -> ModelError:
    """The error that says the problem in `answer`."""
    words = defaultdict(str, {key: printable(str(it)[:200]) for key, it in answer.items()})
    problem = words["problem"]
    if problem == "program" and words["name"].split(".")[0] not in sys.stdlib_module_names:
        problem = "class"
    with suppress(ValueError):
        words["declared"] = in_bytes(int(words["declared"]))
    words["allowed"] = in_bytes(allowed)
    sentence = _SENTENCES[problem].format_map(words)
    detail = "\n".join(map(printable, str(answer.get("detail", "")).splitlines()))
    return ModelError(f"{label(path)}: {sentence}.", detail)


def digest(files: Iterable[Path]) -> str:
    """The SHA-256 digest of files, one after the other, in hexadecimal.

    Raises:
        ModelError: one cannot be read.
    """
    found = hashlib.sha256()
    for path in files:
        with open_regular(path) as file:
            try:
                while block := file.read(_BLOCK):
                    found.update(block)
            except OSError as error:
                raise unreadable(path, error) from error
    return found.hexdigest()
