"""Looks whether files were changed since they were read, on a thread that may wait for the disk."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from bertviz_app.core.origin import FileRead
from bertviz_app.session.board import Board


class FileWatch(QObject):
    """Says on the board which files of the model in use were changed, when it is told to look.

    It looks once at a time: a drive that is gone may keep a thread waiting for minutes, which is
    why it is neither the worker's nor the window's; the program ends without it.
    """

    _seen = Signal(object, object)

    def __init__(self, board: Board, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._board = board
        self._looks = False
        self._seen.connect(self._on_seen)

    def look(self) -> None:
        """Begin to look; nothing if it still looks, or there is no model."""
        facts = self._board.snapshot.facts
        if facts is None or self._looks:
            return
        self._looks = True
        threading.Thread(
            target=self._look, args=(facts.origin.files,), name="file watch", daemon=True
        ).start()

    def _look(self, files: tuple[FileRead, ...]) -> None:
        changed = changed_files(files)
        with suppress(RuntimeError):  # the window may be gone by now
            self._seen.emit(files, changed)

    @Slot(object, object)
    def _on_seen(self, files: tuple[FileRead, ...], changed: tuple[Path, ...]) -> None:
        self._looks = False
        snapshot = self._board.snapshot
        # Another model may have opened while the disk was asked.
        same = snapshot.facts is not None and snapshot.facts.origin.files == files
        if same and changed != snapshot.changed_files:
            self._board.update(changed_files=changed)


def changed_files(files: Iterable[FileRead]) -> tuple[Path, ...]:
    """Those that are gone, or have another size or date than when they were read."""
    return tuple(file.path for file in files if state_of(file.path) != (file.size, file.modified))


def state_of(path: Path) -> tuple[int, int] | None:
    """The size of a file, and when it was changed last (ns); None if it is not there."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns
