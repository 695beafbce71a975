"""Looks whether files were changed since they were read, on a thread that may wait for the disk."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from bertviz_app.core.origin import FileRead


class FileWatch(QObject):
    """Asks the file system when it is told to, and never before it has answered the last time.

    A drive that is gone may keep a thread waiting for minutes, which is why it is neither the
    worker's nor the window's; the program ends without it.

    Signals:
        seen(tuple[FileRead, ...], tuple[Path, ...]): the files asked about, and those changed.
    """

    seen = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None

    def look(self, files: tuple[FileRead, ...]) -> None:
        """Begin to look at these files; nothing if it still looks."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(
                target=self._look, args=(files,), name="file watch", daemon=True
            )
            self._thread.start()

    def _look(self, files: tuple[FileRead, ...]) -> None:
        changed = changed_files(files)
        with suppress(RuntimeError):  # the window may be gone by now
            self.seen.emit(files, changed)


def changed_files(files: Iterable[FileRead]) -> tuple[Path, ...]:
    """Those that are gone, or have another size or date than when they were read."""
    return tuple(file.path for file in files if _state(file.path) != (file.size, file.modified))


def _state(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns
