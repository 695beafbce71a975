"""Writes a file so that its place holds the old one or the new one, never half of it."""

from __future__ import annotations

from pathlib import Path

from bertviz_app.bert.files import label, printable
from bertviz_app.core.whole_file import whole_file
from bertviz_app.training.errors import TrainingError


def write(path: Path, data: bytes) -> None:
    """Put `data` into the file `path`.

    Raises:
        TrainingError: it cannot be written; what was there is untouched.
    """
    try:
        with whole_file(path) as file:
            file.write(data)
    except OSError as error:
        reason = printable(error.strerror or str(error))
        raise TrainingError(f"{label(path)}: could not be written ({reason}).") from error
