"""Where the keys lead to in a list, some rows of which mean nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import Qt


class Choosable(Protocol):
    """A row, as far as the keys know it."""

    @property
    def choosable(self) -> bool:
        """Whether a click means something."""


def means_something(rows: Sequence[Choosable], number: int) -> bool:
    """Whether there is a row of this number, and a click on it means something."""
    return 0 <= number < len(rows) and rows[number].choosable


def led_to(rows: Sequence[Choosable], chosen: int, key: Qt.Key, page: int) -> int:
    """The row a key leads to from the chosen one, the first without one; -1 if to none.

    Only the rows on the way are looked at. `page` is how many rows a page has.
    """
    steps = {
        Qt.Key.Key_Up: -1,
        Qt.Key.Key_Down: 1,
        Qt.Key.Key_PageUp: -max(page, 1),
        Qt.Key.Key_PageDown: max(page, 1),
        Qt.Key.Key_Home: 1,
        Qt.Key.Key_End: 1,
    }
    left = steps.get(key, 0)
    if not left:
        return -1
    found = chosen if means_something(rows, chosen) else -1
    way = range(found + 1, len(rows)) if left > 0 else range(found - 1, -1, -1)
    if key is Qt.Key.Key_End:
        way = range(len(rows) - 1, -1, -1)
    elif key is Qt.Key.Key_Home or found < 0:
        way, left = range(len(rows)), 1
    for number in way:
        if rows[number].choosable:
            found, left = number, abs(left) - 1
            if not left:
                break
    return found
