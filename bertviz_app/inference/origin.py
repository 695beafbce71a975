"""Gathers where a model came from, while its folder is read."""

from __future__ import annotations

import fnmatch
import json
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from bertviz_app.bert.config import CONFIG
from bertviz_app.bert.files import brief, printable
from bertviz_app.bert.weight_files import INDEX, WEIGHTS
from bertviz_app.core.facts import LoadReport
from bertviz_app.core.origin import FileRead, TokenizerFacts
from bertviz_app.inference.tokenizer import Tokenizer
from bertviz_app.inference.vocabulary import FROM_JSON, FROM_LINES, SETTINGS

_LONGEST_VALUE = 200
_MOST_ENTRIES = 5000


def files_of(folder: Path) -> tuple[FileRead, ...]:
    """The files of a model's folder as they are now; those that cannot be asked are left out."""
    found = []
    for name in _names(folder):
        try:
            state = (folder / name).stat()
        except OSError:
            continue
        found.append(FileRead(folder / name, state.st_size, state.st_mtime_ns))
    return tuple(found)


def _names(folder: Path) -> Iterator[str]:
    """The names of the files that are read, of which some may be missing."""
    yield CONFIG
    if os.path.lexists(folder / WEIGHTS):
        yield WEIGHTS
    elif os.path.lexists(folder / INDEX):
        yield INDEX
        yield from fnmatch.filter(_listed(folder), "*.safetensors")
    else:
        yield from fnmatch.filter(_listed(folder), "*.bin")
    yield from (FROM_JSON, FROM_LINES, SETTINGS)


def _listed(folder: Path) -> list[str]:
    """The names in a folder; none if it can be entered but not read."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in islice(entries, _MOST_ENTRIES))
    except OSError:
        return []


def as_written(entries: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The entries of config.json as they stand there, each value cut where it is too long."""
    return tuple((printable(key), _written(value)) for key, value in entries.items())


def _written(value: object) -> str:
    try:
        text = json.dumps(value)
    except RecursionError:  # reading it was just within the limit
        text = brief(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def tokenizer_facts(tokenizer: Tokenizer) -> TokenizerFacts:
    """How this tokenizer cuts text."""
    rules = tokenizer.rules
    written = ((printable(tokenizer.vocabulary[id]), id) for id in sorted(tokenizer.specials))
    accents = rules.lowercase if rules.strip_accents is None else rules.strip_accents
    return TokenizerFacts(
        file=rules.path.name,
        pieces=sum(1 for piece in tokenizer.vocabulary if piece),
        cased=not rules.lowercase,
        accents=not accents,
        ideographs=rules.split_ideographs,
        longest_word=rules.longest_word,
        specials=tuple(written),
    )


def remarks(folder: Path, entries: dict[str, Any], report: LoadReport) -> tuple[str, ...]:
    """What a person should know of a folder that is no fault: of code in it, of what was left."""
    found = [f"The weights were {report.origin}."] if report.origin else []
    code = [name for name in _listed(folder) if name.endswith((".py", ".so", ".dll"))]
    if code or "auto_map" in entries:
        what = printable(code[0]) if code else "auto_map in config.json"
        found.append(f"The folder brings code along ({what}). It was not run; none ever is.")
    if os.path.lexists(folder / "modules.json"):
        found.append(
            "This is a folder of sentence-transformers; its BERT alone was opened, "
            "without what makes one vector of a sentence."
        )
    return tuple(found)
