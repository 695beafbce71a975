"""The model card of a folder: what its front matter says of the licence, read as plain text."""

from __future__ import annotations

import re
from pathlib import Path

from bertviz_app.bert.files import open_regular, printable
from bertviz_app.core.errors import ModelError

CARD = "README.md"
_LONGEST = 100_000
"""Bytes of a card that are looked at."""

# No YAML is parsed: one line of it is wanted, and a parser would be one more thing to attack.
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_ENTRY = re.compile(r"^(license|license_name)[ \t]*:(.*)$", re.MULTILINE)
_NAMED_ELSEWHERE = "other"


def licence(folder: Path) -> str:
    """The licence that the card of `folder` names, such as "apache-2.0"; empty if it names none."""
    try:
        with open_regular(folder / CARD) as file:
            text = file.read(_LONGEST).decode("utf-8", "replace").replace("\r\n", "\n")
    except (ModelError, OSError):
        return ""
    front = _FRONT_MATTER.match(text)
    entries = dict(_ENTRY.findall(front[1])) if front else {}
    said = {key: value.strip().strip("\"'") for key, value in entries.items()}
    name = said.get("license", "")
    if name in ("", _NAMED_ELSEWHERE):
        name = said.get("license_name", name)
    return printable(name[:80])
