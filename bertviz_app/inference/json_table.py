"""A JSON object of a model's folder whose entries are taken with the type they must have."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bertviz_app.bert.files import brief, label, read_object
from bertviz_app.core.errors import ModelError

Value = TypeVar("Value", bool, int, str, dict[str, object], list[object])

_KINDS = {
    bool: "true or false",
    int: "a whole number",
    str: "a text",
    list: "a list […]",
    dict: "an object {…}",
}


@dataclass(frozen=True)
class JsonTable:
    """The entries of an object; `path` is the file it stands in, for messages."""

    path: Path
    entries: dict[str, object]

    @classmethod
    def read(cls, path: Path, limit: int) -> JsonTable:
        """The object in a file of at most `limit` bytes.

        Raises:
            ModelError: the file cannot be read or holds something else.
        """
        return cls(path, read_object(path, limit))

    def get(self, name: str, default: Value) -> Value:
        """The entry `name`, of the type of `default`, which stands for a missing or null one.

        Raises:
            ModelError: the entry has another type.
        """
        value = self.entries.get(name)
        if value is None:
            return default
        kind = type(default)
        # To Python true and false are whole numbers as well.
        if not isinstance(value, kind) or isinstance(value, bool) is not (kind is bool):
            raise ModelError(
                f"{label(self.path)}: {name} must be {_KINDS[kind]}, found {brief(value)}."
            )
        return value

    def table(self, name: str) -> JsonTable:
        """The object under `name`; empty if it is missing or null."""
        return JsonTable(self.path, self.get(name, {}))

    def tables(self, name: str) -> list[JsonTable]:
        """The objects under `name`, in a list or by names; a text stands for its `content`."""
        entry = self.entries.get(name)
        items = list(entry.values()) if isinstance(entry, dict) else self.get(name, [])
        objects = [{"content": item} if isinstance(item, str) else item for item in items]
        return [JsonTable(self.path, {name: item}).table(name) for item in objects]
