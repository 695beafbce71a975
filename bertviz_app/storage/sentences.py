"""Sentences a person may want again: those they left last, and those they saved."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bertviz_app.storage.atomic import read_regular, reason, set_aside, write_whole
from bertviz_app.storage.fields import Fields, optional, table
from bertviz_app.storage.session_fields import field_text

log = logging.getLogger(__name__)

RECENT, SAVED = 10, 100
"""Sentences that are remembered."""

SIZE_LIMIT = 200_000_000
"""Bytes: more than that many of the longest sentences take."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One text, with its second sentence if it has one."""

    text: str
    pair: str | None = None


@dataclass(frozen=True, slots=True)
class Sentences:
    """All that are remembered, newest first, each once in its list."""

    recent: tuple[Sentence, ...] = ()
    saved: tuple[Sentence, ...] = ()

    def left(self, sentence: Sentence) -> Sentences:
        """These after a sentence was left for another one."""
        others = tuple(other for other in self.recent if other != sentence)
        return replace(self, recent=(sentence, *others)[:RECENT])

    def toggled(self, sentence: Sentence) -> Sentences:
        """These with a sentence saved; one that was saved before is forgotten instead."""
        others = tuple(other for other in self.saved if other != sentence)
        if len(others) < len(self.saved):
            return replace(self, saved=others)
        return replace(self, saved=(sentence, *others)[:SAVED])


def read_sentences(path: Path) -> Sentences:
    """The sentences in a file; one that is damaged is set aside. Never raises."""
    try:
        raw = read_regular(path, SIZE_LIMIT)
    except FileNotFoundError:
        return Sentences()
    except OSError as error:
        log.warning("%s could not be read: %s", path, reason(error))
        return Sentences()
    try:
        fields = Fields(table(json.loads(raw.decode())))
    except (ValueError, RecursionError) as error:
        log.warning("%s is damaged: %s", path, error)
        set_aside(path)
        return Sentences()
    return Sentences(
        recent=fields.entries("recent", _sentence, RECENT),
        saved=fields.entries("saved", _sentence, SAVED),
    )


def change_sentences(path: Path, change: Callable[[Sentences], Sentences]) -> Sentences:
    """Change what a file remembers, and return it; other windows' sentences stay."""
    changed = change(read_sentences(path))
    problem = write_whole(path, json.dumps(asdict(changed), indent=1).encode())
    if problem:
        log.warning("%s could not be written: %s", path, problem)
    return changed


def _sentence(value: Any) -> Sentence:  # noqa: ANN401 - whatever JSON may hold
    found = table(value)
    read = field_text(Fields(found), "text")
    return Sentence(read(found.get("text")), optional(read)(found.get("pair")))
