"""A file that is coming: the bytes so far, on disk and hashed as they come."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from bertviz_app.core.hub import HubError
from bertviz_app.storage.hub.failures import lost
from bertviz_app.storage.hub.listing import HubFile

_SLICE = 1 << 22
_SHA256_DIGITS = 64


class PartFile:
    """The first bytes of `file` in `folder`, which survive the program; a context manager.

    Attributes:
        path: `<hash>.part`: what is begun again is found again, of whatever commit it is.
        size: bytes that are here.
    """

    def __init__(self, folder: Path, file: HubFile) -> None:
        self.path = folder / f"{file.digest}.part"
        self.size = 0
        self._wanted = file
        self._hash = _begun(file)

    def __enter__(self) -> PartFile:
        self._file = self.path.open("a+b")
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def complete(self) -> bool:
        """Whether as many bytes are here as there should be."""
        return self.size == self._wanted.size

    def take_up(self) -> Iterator[int]:
        """Read what is here already, a slice at a time; says how many bytes each slice had."""
        self._file.seek(0)
        while data := self._file.read(_SLICE):
            self._hash.update(data)
            self.size += len(data)
            yield len(data)
        if self.size > self._wanted.size:
            self.restart()

    def restart(self) -> None:
        """Forget all that has come."""
        self._file.truncate(0)
        self.size = 0
        self._hash = _begun(self._wanted)

    def write_at(self, start: int, data: bytes) -> None:
        """Add bytes that belong at `start`: at the end, or all begins anew.

        Raises:
            HubError: the file is longer than it should be; it is deleted.
            OSError: the disk is full, or away.
        """
        if start < self.size:
            self.restart()
        if self.size + len(data) > self._wanted.size:
            self.restart()
            raise _damaged(self._wanted)
        self._file.write(data)
        self._hash.update(data)
        self.size += len(data)

    def check(self) -> None:
        """Make sure that all is on the disk, and is what it should be.

        Raises:
            HubError: the end is missing; or it is something else, and is deleted.
        """
        if not self.complete:
            raise lost(f"{self._wanted.name} ended after {self.size} of {self._wanted.size} bytes")
        if self._hash.hexdigest() != self._wanted.digest:
            self.restart()
            raise _damaged(self._wanted)
        self._file.flush()
        os.fsync(self._file.fileno())


def _begun(file: HubFile) -> hashlib._Hash:
    """The hash the hub uses for this file, before its first byte."""
    if len(file.digest) == _SHA256_DIGITS:
        return hashlib.sha256()
    return hashlib.sha1(f"blob {file.size}\0".encode(), usedforsecurity=False)


def _damaged(file: HubFile) -> HubError:
    return HubError(
        f"{file.name} arrived damaged and was deleted: its content is not what the hub says. "
        "Try again.",
        f"{file.size} bytes, {file.digest}",
    )
