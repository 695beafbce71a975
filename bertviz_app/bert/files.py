"""Files of a model folder: opened only if they are regular, JSON read within stated limits."""

from __future__ import annotations

import json
import os
import stat
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import Any

from bertviz_app.core.errors import ModelError


def printable(text: str) -> str:
    """`text` on one line: whatever a terminal or a label cannot show is written as an escape."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")
        for letter in text
    )


def label(path: Path) -> str:
    """`folder/file`: what a sentence calls a file of a model folder."""
    return printable(f"{path.parent.absolute().name}/{path.name}")


def open_regular(path: Path) -> BufferedReader:
    """Open `path` for reading bytes; a link to a regular file is fine.

    Raises:
        ModelError: it does not exist, may not be read, or is a folder, pipe, socket or device.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ModelError(f"{label(path)}: this is not a regular file.", str(path))
        return path.open("rb")
    except FileNotFoundError as error:
        raise ModelError(f"{label(path)}: {_absent(path)}.", str(path)) from error
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


def _absent(path: Path) -> str:
    """Why nothing can be read: a link may stand there whose file was not copied along."""
    if not path.is_symlink():
        return "there is no such file"
    return f"a link to {printable(os.readlink(path))}, where nothing is; copy the file itself there"


def unreadable(path: Path, error: Exception) -> ModelError:
    """The error for a file that the system would not give us."""
    reason = getattr(error, "strerror", None) or str(error)
    return ModelError(f"{label(path)}: could not be read ({printable(reason)}).", str(path))


def read_object(path: Path, limit: int) -> dict[str, Any]:
    """The JSON object in a file of at most `limit` bytes.

    Raises:
        ModelError: as `open_regular` and `parse_object`, or the file is longer.
    """
    with open_regular(path) as file:
        try:
            raw = file.read(limit + 1)
        except OSError as error:
            raise unreadable(path, error) from error
    if len(raw) > limit:
        raise ModelError(f"{label(path)}: longer than {limit / 1e6:.0f} MB, so it was not read.")
    return parse_object(raw, label(path))


def parse_object(raw: bytes, name: str) -> dict[str, Any]:
    """The JSON object in `raw`, UTF-8 with or without a byte order mark; `name` is for errors.

    Raises:
        ModelError: not UTF-8, not JSON (with line and column), nested too deeply, a number of
            thousands of digits, a key that stands twice, or not an object.
    """
    try:
        value = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=partial(_unique, name))
    except UnicodeDecodeError as error:
        raise ModelError(f"{name}: not UTF-8 text (byte {error.start}).") from error
    except json.JSONDecodeError as error:
        raise ModelError(f"{name}: {not_json(error)}.") from error
    except RecursionError as error:
        raise ModelError(f"{name}: not valid, it is nested too deeply.") from error
    except ValueError as error:
        raise ModelError(f"{name}: not valid, it holds a number far too long.") from error
    if not isinstance(value, dict):
        raise ModelError(f"{name}: not valid, an object {{…}} was expected.")
    return value


def not_json(error: json.JSONDecodeError) -> str:
    """Where and why a text is not valid JSON, as the end of a sentence."""
    # Python's words run on into the place: "Invalid control character at: line 1 column 5".
    why = error.msg[:1].lower() + error.msg[1:]
    for end in (" at", " starting"):
        why = why.removesuffix(end)
    return f"not valid JSON at line {error.lineno}, column {error.colno}: {why}"


def _unique(name: str, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ModelError(f"{name}: {brief(key)} stands there twice.")
        found[key] = value
    return found


def brief(value: object) -> str:
    """A value as it stands in JSON, cut to 40 characters."""
    if isinstance(value, list | dict):
        return "a list […]" if isinstance(value, list) else "an object {…}"
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
