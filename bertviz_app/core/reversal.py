"""A text with its words in reverse order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from bertviz_app.core.encoding import Span
from bertviz_app.core.text import BERT_MASK, is_punctuation, word_of


@dataclass(frozen=True)
class Reversal:
    """The words of `old` exchange their places; spaces, and the marks around a word, stay.

    A word is what stands between spaces, less the marks at its ends ("don't" is one); a mask is a
    word as any other.
    """

    old: str
    mask: str = BERT_MASK

    @cached_property
    def new(self) -> str:
        """The text that comes of it."""
        return "".join(self.old[start:end] for start, end in self._in_order)

    def carry(self, span: Span) -> Span | None:
        """Where the stretch `span` of the old text stands in the new one, or None if it is torn."""
        at = 0
        for start, end in self._in_order:
            if start <= span[0] and span[1] <= end:
                return span[0] - start + at, span[1] - start + at
            at += end - start
        return None

    @cached_property
    def _in_order(self) -> tuple[Span, ...]:
        """The stretches of the old text in the order in which they make the new one."""
        words = list(self._words())
        found, at = [], 0
        for (start, end), moved in zip(words, reversed(words), strict=True):
            found += [(at, start), moved]
            at = end
        return (*found, (at, len(self.old)))

    def _words(self) -> Iterator[Span]:
        for chunk in re.finditer(r"\S+", self.old):
            start, end = chunk.span()
            while start < end and self._is_mark(start):
                start += 1
            while end > start and self._is_mark(end - 1):
                end -= 1
            if start < end:
                yield start, end

    def _is_mark(self, character: int) -> bool:
        word = word_of(self.old, character, self.mask)
        alone = word is None or word[1] - word[0] == 1
        return alone and is_punctuation(self.old[character])
