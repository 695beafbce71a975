"""Session files: a session as versioned JSON, whose text can be had back whatever else is wrong.

What a newer version has written beside the fields of this one is kept and written back.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from typing import Any

from bertviz_app.analysis.visible import named
from bertviz_app.bert.files import not_json
from bertviz_app.core.errors import BertVizError
from bertviz_app.core.paths import SESSION_SUFFIX
from bertviz_app.core.saved_session import SavedSession
from bertviz_app.core.state import State
from bertviz_app.storage.atomic import read_regular, reason, write_whole
from bertviz_app.storage.fields import Fields, whole
from bertviz_app.storage.session_fields import field_text, from_json, to_json

FORMAT = "bertviz-app session"
VERSION = 1
SIZE_LIMIT = 8_000_000
"""Bytes of a session file."""

_TEXTS = {
    name: re.compile(rb'"%s"\s*:\s*"([^"\\]*(?:\\.[^"\\]*)*)' % name.encode(), re.DOTALL)
    for name in ("text", "pair")
}


class SessionError(BertVizError):
    """A file holds no session, and no text that could be had back."""


@dataclass(frozen=True, eq=False)
class SessionRead:
    """A session as read.

    Attributes:
        session: what could be read; the rest is as by default.
        faults: a sentence for each thing that could not.
        newer: a newer version of the program wrote the file.
        found: all fields as they stand in the file; empty if only the text could be had back.
        digest: tells the content of the file from any other.
    """

    session: SavedSession
    faults: tuple[str, ...] = ()
    newer: bool = False
    found: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""


def read_session(path: Path) -> SessionRead:
    """Read a session file.

    Raises:
        SessionError: it cannot be read, or nothing in it is a text.
    """
    name = named(path.name)
    try:
        raw = read_regular(path, SIZE_LIMIT)
    except (OSError, ValueError) as error:
        raise SessionError(f"{name} could not be read: {reason(error)}.", str(path)) from error
    found = parse_session(raw)
    if found is None:
        raise SessionError(f"{name} is no session file: there is no text in it.", str(path))
    return found


def parse_session(raw: bytes) -> SessionRead | None:
    """The session in the bytes of a file; None if nothing in them is a text."""
    try:
        if len(raw) > SIZE_LIMIT:
            raise ValueError(f"it is larger than {SIZE_LIMIT // 1_000_000} MB")
        found = json.loads(raw.decode("utf-8-sig"))
        if not isinstance(found, dict) or not isinstance(found.get("text"), str):
            raise ValueError("it is not a table with a text")
    except (ValueError, RecursionError, MemoryError) as error:
        return _rescued(raw, error)
    fields = Fields(found)
    version = fields.read("version", whole(1, 1_000_000), VERSION)
    if found.get("format") != FORMAT:
        fields.faults.append(f"format is not “{FORMAT}”.")
    session = from_json(fields)
    return SessionRead(session, tuple(fields.faults), version > VERSION, found, digest_of(raw))


def encode_session(
    session: SavedSession, found: Mapping[str, Any], *, indent: int | None = 1
) -> bytes:
    """The bytes of a session file; what `found` holds beside a session's fields is kept."""
    own = {"format": FORMAT, "version": VERSION, **to_json(session)}
    return json.dumps(_with_unknown(own, found), indent=indent).encode("ascii")


@dataclass(frozen=True, eq=False)
class Written:
    """A session file as written, or why it was not.

    Attributes:
        path: the file; `session` what was to be in it.
        digest: tells its content from any other; empty if it was not written.
        elsewhere: nothing was done, because something else has changed the file.
        problem: the end of a sentence on what went wrong.
        copy: the file beside it that holds the session instead.
    """

    path: Path
    session: SavedSession
    digest: str = ""
    elsewhere: bool = False
    problem: str = ""
    copy: Path | None = None


def write_session(
    path: Path, session: SavedSession, found: Mapping[str, Any], expected: str = ""
) -> Written:
    """Write a session file, whole or not at all.

    With `expected`, the digest of what was read or written last, a file that holds something else
    is left alone. One that cannot be replaced keeps its content, and the session goes beside it.
    """
    raw = encode_session(session, found)
    if len(raw) > SIZE_LIMIT:
        problem = f"it would be larger than {SIZE_LIMIT // 1_000_000} MB"
        return Written(path, session, problem=problem)
    if expected and _digest_on_disk(path) not in ("", expected):
        return Written(path, session, elsewhere=True)
    problem = write_whole(path, raw, make_folder=False)
    if not problem:
        return Written(path, session, digest_of(raw))
    # Where nothing stands at all, another name is no better.
    copied = path.is_file() and not write_whole(beside := unused_name(path), raw)
    return Written(path, session, problem=problem, copy=beside if copied else None)


def digest_of(raw: bytes) -> str:
    """What tells these bytes from any others."""
    return hashlib.sha256(raw).hexdigest()


def _digest_on_disk(path: Path) -> str:
    """The digest of a file, or an empty text if it cannot be read: then there is none to spare."""
    try:
        return digest_of(read_regular(path, SIZE_LIMIT))
    except OSError:
        return ""


def unused_name(path: Path) -> Path:
    """This path, or the first of `<name>-2.bertviz.json`, `<name>-3 …` at which nothing stands."""
    stem = path.name.removesuffix(SESSION_SUFFIX)
    names = (path.with_name(f"{stem}-{number}{SESSION_SUFFIX}") for number in count(2))
    return next(name for name in chain([path], names) if not name.exists())


def _with_unknown(own: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """Our fields, and those of `found` that we do not know; tables inside tables likewise."""
    merged = dict(own)
    for name, value in found.items():
        if name not in own:
            merged[name] = value
        elif isinstance(own[name], Mapping) and isinstance(value, Mapping):
            merged[name] = _with_unknown(own[name], value)
    return merged


def _rescued(raw: bytes, error: BaseException) -> SessionRead | None:
    """The texts that stand in a file which is damaged otherwise, or None if there is none."""
    quoted = {name: found[1] for name, pattern in _TEXTS.items() if (found := pattern.search(raw))}
    if "text" not in quoted:
        return None
    table = Fields({name: _unquoted(letters) for name, letters in quoted.items()})
    text = table.read("text", field_text(table, "text"), "")
    pair = table.read("pair", field_text(table, "pair"), "") if "pair" in quoted else None
    why = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
    if isinstance(error, json.JSONDecodeError):
        why = not_json(error)
    fault = f"only the text could be read ({why})."
    session = SavedSession(state=State(text=text, pair=pair))
    return SessionRead(session, (fault, *table.faults), digest=digest_of(raw))


def _unquoted(letters: bytes) -> str:
    """A JSON text without its quotes, cut anywhere: an escape that was cut in two is left out."""
    words = letters.decode("utf-8", "replace")
    for cut in range(7):
        try:
            return str(json.loads(f'"{words[: len(words) - cut]}"', strict=False))
        except ValueError:
            continue
    return re.sub(r"\\(?:u[0-9a-fA-F]{0,4}|.)?", "\ufffd", words)
