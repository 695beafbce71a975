"""What sorts of pieces a vocabulary holds."""

from __future__ import annotations

import re
from enum import Enum

INSIDE = "##"
"""How a vocabulary writes a piece that goes on with a word."""

_UNUSED = re.compile(r"\[unused\d+\]")


class Sort(Enum):
    """A sort of piece; the value is what it is called on screen."""

    WORD = "word or start of one"
    INSIDE = "inside a word"
    SPECIAL = "special"
    UNUSED = "unused"
    REPEATED = "repeated"
    NONE = "no piece"

    @property
    def is_ordinary(self) -> bool:
        """Whether texts are cut into such pieces."""
        return self in (Sort.WORD, Sort.INSIDE)


def sort_of(piece: str, *, special: bool = False) -> Sort:
    """What sort of piece it is; an empty one is a row of the model without a piece."""
    if not piece:
        return Sort.NONE
    if special:
        return Sort.SPECIAL
    if _UNUSED.fullmatch(piece):
        return Sort.UNUSED
    return Sort.INSIDE if piece.startswith(INSIDE) and piece != INSIDE else Sort.WORD
