"""Searching a vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum


class Matching(Enum):
    """Where the letters that are looked for must stand; the value is a verb of two forms."""

    CONTAIN = ("contains", "contain")
    START = ("starts with", "start with")
    EXACT = ("is exactly", "are exactly")


class Index:
    """The V pieces of a vocabulary, ready to be searched; capitals make no difference."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._pieces = [piece.lower() for piece in vocabulary]

    def find(self, letters: str, matching: Matching) -> Sequence[int]:
        """The ids of the pieces that match, in their order; without letters, all."""
        sought, pieces = letters.lower(), self._pieces
        if not sought:
            return range(len(pieces))
        if matching is Matching.CONTAIN:
            return [number for number, piece in enumerate(pieces) if sought in piece]
        if matching is Matching.START:
            return [number for number, piece in enumerate(pieces) if piece.startswith(sought)]
        return [number for number, piece in enumerate(pieces) if piece == sought]
