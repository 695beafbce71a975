"""Files read within limits, and written completely or not at all."""

from __future__ import annotations

import errno
import logging
import shutil
import stat
import time
from pathlib import Path

from PySide6.QtCore import QStandardPaths

from bertviz_app.core.whole_file import whole_file

log = logging.getLogger(__name__)

PAUSES = (0.0, 0.05, 0.1, 0.2, 0.4)
"""Seconds before each attempt to put a new file in the place of the old one. On Windows a virus
scanner that looks at the old one keeps it from going."""


def state_folder() -> Path:
    """Where this user's journals and sentences live."""
    kind = QStandardPaths.StandardLocation.AppLocalDataLocation
    return Path(QStandardPaths.writableLocation(kind))


def read_regular(path: Path, limit: int) -> bytes:
    """The first `limit` bytes of a file, and one more if it is longer.

    Raises:
        OSError: it is not there, may not be read, or is a folder, pipe, socket or device.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError("this is not a regular file")
    with path.open("rb") as file:
        return file.read(limit + 1)


def write_whole(path: Path, data: bytes, *, make_folder: bool = True) -> str:
    """Write a file, and its folder if need be; the old one stays until the new one is complete.

    Without `make_folder` a folder that is gone, with the disk it was on perhaps, stays gone.
    Returns what went wrong, as the end of a sentence and without a full stop, or an empty text.
    Waits for most of a second if another program holds the old file: never on the GUI thread.
    """
    try:
        if make_folder:
            path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return reason(error)
    problem = ""
    for pause in PAUSES:
        if pause:
            time.sleep(pause)
        try:
            # Not Qt's QSaveFile: it waits for the disk with Python's lock held, and the window too.
            with whole_file(path) as file:
                file.write(data)
        except OSError as error:
            problem = _disk_full(path, error, len(data)) or reason(error)
            if error.filename2 is None:  # it is not the place of the old one that was refused
                break
        else:
            return ""
    return problem


def set_aside(path: Path) -> Path | None:
    """Call a broken file `<name>.broken-1<suffix>`; returns that, or None if it must stay."""
    for number in range(1, 100):
        kept = path.with_name(f"{path.stem}.broken-{number}{path.suffix}")
        try:
            if not kept.exists():
                path.rename(kept)
                return kept
        except OSError as error:
            log.warning("%s could not be set aside: %s", path, error)
            break
    return None


def reason(error: Exception) -> str:
    """Why the system refused, without number and path."""
    return getattr(error, "strerror", None) or str(error)


def _disk_full(path: Path, error: OSError, size: int) -> str:
    try:
        room = shutil.disk_usage(path.parent).free
    except OSError:
        return ""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT) or room < size
    return f"disk full: need {_size(size)}" if full else ""


def _size(count: int) -> str:
    """Bytes as a person reads them; never less than are needed."""
    for unit, name in ((1_000_000, "MB"), (1_000, "kB")):
        if count >= unit:
            return f"{-(-count // unit)} {name}"
    return f"{count} bytes"
