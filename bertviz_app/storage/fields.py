"""Reading what a stranger's JSON holds: each field is checked, and what is wrong is said.

A reader takes any JSON value and returns what it means, or raises UnfitError.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, TypeVar

from bertviz_app.core.encoding import Span

T = TypeVar("T")
E = TypeVar("E", bound=Enum)
Reader = Callable[[Any], T]


class UnfitError(ValueError):
    """A value is not what its field may hold; the text goes on after the name of the field."""


class Fields:
    """The fields of a JSON object, read one by one; what is absent or unfit is as by default.

    Attributes:
        faults: a sentence for each unfit field, in the order of reading, shared by inner tables.
    """

    def __init__(
        self, found: Mapping[str, Any], where: str = "", faults: list[str] | None = None
    ) -> None:
        self._found = found
        self._where = where
        self.faults: list[str] = [] if faults is None else faults

    def read(self, name: str, reader: Reader[T], default: T) -> T:
        """The value of a field."""
        if name not in self._found:
            return default
        try:
            return reader(self._found[name])
        except UnfitError as error:
            self._say(name, error)
            return default

    def entries(self, name: str, reader: Reader[T], limit: int) -> tuple[T, ...]:
        """The entries of a list; those that are unfit, or beyond the limit, are left out."""
        found: list[Any] = self.read(name, _list, [])
        kept = []
        for number, entry in enumerate(found[:limit], start=1):
            try:
                kept.append(reader(entry))
            except UnfitError as error:
                self._say(f"{name} {number}", error)
        if len(found) > limit:
            self._say(name, UnfitError(f"holds {len(found)} entries, and only {limit} are read"))
        return tuple(kept)

    def table(self, name: str) -> Fields:
        """A table inside this one; empty if it is not there."""
        found: dict[str, Any] = self.read(name, table, {})
        return Fields(found, f"{self._where}{name}.", self.faults)

    def _say(self, name: str, error: UnfitError) -> None:
        self.faults.append(f"{self._where}{name} {error}.")


def table(found: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever JSON may hold, here and below
    """A table."""
    if not isinstance(found, dict):
        raise UnfitError("is not a table")
    return found


def optional(reader: Reader[T]) -> Reader[T | None]:
    """What `reader` reads, or None."""
    return lambda found: None if found is None else reader(found)


def either(*readers: Reader[Any]) -> Reader[Any]:
    """What the first reader that can reads; if none can, the last one says why."""

    def read(found: Any) -> Any:  # noqa: ANN401
        for reader in readers[:-1]:
            try:
                return reader(found)
            except UnfitError:
                continue
        return readers[-1](found)

    return read


def flag(found: Any) -> bool:  # noqa: ANN401
    """True or false."""
    if not isinstance(found, bool):
        raise UnfitError("is neither true nor false")
    return found


def whole(low: int, high: int) -> Reader[int]:
    """A whole number within limits."""

    def read(found: Any) -> int:  # noqa: ANN401
        if type(found) is not int or not low <= found <= high:
            raise UnfitError(f"is not a whole number from {low} to {high}")
        return found

    return read


def number(low: float, high: float) -> Reader[float]:
    """A number within limits; NaN is within none."""

    def read(found: Any) -> float:  # noqa: ANN401
        if type(found) not in (int, float) or not low <= found <= high:
            raise UnfitError(f"is not a number from {low:g} to {high:g}")
        return float(found)

    return read


def text(limit: int) -> Reader[str]:
    """A text of so many characters at most, in which every character can be shown."""

    def read(found: Any) -> str:  # noqa: ANN401
        if not isinstance(found, str):
            raise UnfitError("is not a text")
        if len(found) > limit:
            raise UnfitError(f"is longer than {limit} characters")
        return found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    return read


def choice(kind: type[E]) -> Reader[E]:
    """A member of an enumeration, by its name in small letters."""
    names = {name_of(member): member for member in kind}

    def read(found: Any) -> E:  # noqa: ANN401
        if not isinstance(found, str) or found not in names:
            raise UnfitError(f"is none of {', '.join(names)}")
        return names[found]

    return read


def name_of(member: Enum) -> str:
    """How a file calls a member of an enumeration."""
    return member.name.lower()


def each(reader: Reader[T], least: int, most: int) -> Reader[tuple[T, ...]]:
    """A list of so many entries, all of them fit."""

    def read(found: Any) -> tuple[T, ...]:  # noqa: ANN401
        entries = _list(found)
        if not least <= len(entries) <= most:
            count = f"{least}" if least == most else f"{least} to {most}"
            raise UnfitError(f"does not hold {count} entries")
        return tuple(reader(entry) for entry in entries)

    return read


def span_in(length: int) -> Reader[Span]:
    """A stretch of a text of so many characters."""
    read_ends = each(whole(0, length), 2, 2)

    def read(found: Any) -> Span:  # noqa: ANN401
        try:
            start, end = read_ends(found)
        except UnfitError:
            start, end = 1, 0
        if start > end:
            raise UnfitError("does not lie inside the text")
        return start, end

    return read


def _list(found: Any) -> list[Any]:  # noqa: ANN401
    if not isinstance(found, list):
        raise UnfitError("is not a list")
    return found
