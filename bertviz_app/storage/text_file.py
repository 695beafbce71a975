"""Text files: a text that somebody wrote elsewhere, read whole or refused in a sentence."""

from __future__ import annotations

from pathlib import Path

from bertviz_app.core.errors import BertVizError
from bertviz_app.storage.atomic import read_regular, reason

SIZE_LIMIT = 100_000
"""Bytes of a text file; a text field holds as many characters."""


class TextFileError(BertVizError):
    """A file holds no text that a person could look at."""


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, with or without a byte order mark.

    Line breaks at its end are no part of it.

    Raises:
        TextFileError: it cannot be read, is larger than `SIZE_LIMIT`, no UTF-8, or empty.
    """
    name, whole = path.name, str(path)
    try:
        raw = read_regular(path, SIZE_LIMIT)
        text = raw.decode("utf-8-sig").rstrip("\r\n") if len(raw) <= SIZE_LIMIT else None
    except UnicodeDecodeError as error:
        words = f"{name} is not UTF-8 text (byte {error.start}). Save it as UTF-8."
        raise TextFileError(words, whole) from error
    except (OSError, ValueError) as error:
        raise TextFileError(f"{name} could not be read: {reason(error)}.", whole) from error
    if text is None:
        words = f"{name} is larger than {SIZE_LIMIT // 1000} kB. Copy a part of it into the text."
        raise TextFileError(words, whole)
    if not text.strip():
        raise TextFileError(f"{name} holds no text.", whole)
    return text
