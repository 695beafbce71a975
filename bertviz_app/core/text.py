"""Text positions: the only place that maps Qt's UTF-16 units, characters, words and edits.

Python and the tokenizer count characters (code points); Qt counts UTF-16 units, so an emoji is
one here and two there. Everything stored is in characters; what comes from Qt is converted where
it enters.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

import numpy as np

from bertviz_app.core.encoding import Span

FIELD_LIMIT = 100_000
"""Characters a text field holds, and that are read of any text."""

BERT_MASK = "[MASK]"
"""How BERT's own vocabularies write a blank."""

_MARKERS = (BERT_MASK, "[CLS]", "[SEP]", "[PAD]", "[UNK]")

# What QPlainTextEdit makes of a text (measured with Qt 6.11): U+00A0 comes back as a space;
# U+2028, U+2029, U+FDD0, U+FDD1 and the line ends of Windows and old Macs as "\n". A byte order
# mark in front is swallowed, and a mirrored one, U+FFFE, swaps the bytes of all that follows.
# Every other character survives, NUL too.
_REWRITTEN = re.compile("\r\n?|[\xa0\u2028\u2029\ufdd0\ufdd1\ufeff\ufffe]")
_SHOWN_AS = {"\xa0": " ", "\ufeff": "", "\ufffe": ""}

# The ideographs that BERT reads one by one. U+2B820 to U+2B91F are not among them: the
# tokenizers library leaves them out of the blocks that BERT names.
_IDEOGRAPH = re.compile(
    "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0002a6df\U0002a700-\U0002b81f\U0002b920-\U0002ceaf\U0002f800-\U0002fa1f]"
)


def clean(text: str) -> str:
    """The text as a text field shows it, so that what is read is what is seen.

    A surrogate pair becomes its character; a lone surrogate, which no encoding can hold, U+FFFD.
    Any part of a clean text is clean.
    """
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _REWRITTEN.sub(lambda found: _SHOWN_AS.get(found[0], "\n"), whole)


class TextMap:
    """Both counts of one text: characters and UTF-16 units."""

    def __init__(self, text: str) -> None:
        self._characters = len(text)
        self._wide: list[int] = []
        self._wide_units: list[int] = []
        if not text.isascii():
            codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
            wide = np.flatnonzero(codes > 0xFFFF)
            self._wide = wide.tolist()
            self._wide_units = (wide + np.arange(len(wide))).tolist()

    def utf16(self, position: int) -> int:
        """The UTF-16 position of a position in characters; clamped to the text."""
        position = min(max(position, 0), self._characters)
        return position + bisect_left(self._wide, position)

    def code_point(self, position: int) -> int:
        """The position in characters of a UTF-16 position; inside a pair it is the pair's start."""
        position = min(max(position, 0), self._characters + len(self._wide))
        return position - bisect_left(self._wide_units, position)


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a text: `old[start:end]` gave way to `inserted`, which made `new` of `old`."""

    old: str
    new: str
    start: int
    end: int

    @classmethod
    def between(cls, old: str, new: str, cursor: int | None = None) -> Edit:
        """The smallest edit that turns `old` into `new`.

        `cursor`, where the text cursor stands after typing, is where the edit ends if it can be:
        "aa" after "a" does not say by itself which of the letters is new. Without it, the last is:
        people write on more often than in front.
        """
        limit = min(len(old), len(new))
        backward = old[::-1], new[::-1]
        if cursor is not None and old.endswith(new[cursor:]):
            suffix = _shared(*backward, min(limit, len(new) - cursor))
            prefix = _shared(old, new, limit - suffix)
        else:
            prefix = _shared(old, new, limit)
            suffix = _shared(*backward, limit - prefix)
        return cls(old, new, prefix, len(old) - suffix)

    @property
    def inserted(self) -> str:
        """The characters of the new text that stand where the removed ones stood."""
        return self.new[self.start : self.end + len(self.new) - len(self.old)]

    def carry(self, span: Span) -> Span | None:
        """Where the words at `span` of the old text stand in the new one, or None.

        An edit before them moves them. They are gone if the edit changed a character of them, or
        joined another word to either end: a letter typed there, a space taken away.
        """
        start, end = span
        if start >= self.end:
            shift = len(self.new) - len(self.old)
            start, end = start + shift, end + shift
        elif end > self.start:
            return None
        return (start, end) if _parts(self.new, start) and _parts(self.new, end) else None


def word_at(text: str, position: int, mask: str = BERT_MASK) -> Span | None:
    """The word at a cursor position, as BERT reads words; None between spaces.

    A cursor between two characters takes the word to its right, else the one to its left; but any
    word before a punctuation mark.
    """
    right = word_of(text, position, mask)
    left = word_of(text, position - 1, mask)
    if right is None or (left is not None and _is_mark(text, right) and not _is_mark(text, left)):
        return left
    return right


def word_of(text: str, character: int, mask: str = BERT_MASK) -> Span | None:
    """The word that `character` belongs to, as BERT reads words; None for a space.

    A word is a special token such as `mask`, a run of letters and whatever sticks to them, or one
    punctuation mark or ideograph. Source: BasicTokenizer of google-research/bert.
    """
    if not 0 <= character < len(text):
        return None
    for marker in (mask, *_MARKERS):
        start = text.find(marker, max(character - len(marker) + 1, 0), character + len(marker))
        if start >= 0:
            return start, start + len(marker)
    if _is_space(text[character]):
        return None
    if not _joins(text[character]):
        return character, character + 1
    return character - _run(reversed(text[:character])), character + _run(text[character:])


def is_punctuation(letter: str) -> bool:
    """BERT's punctuation: ASCII marks and symbols, and Unicode categories P*.

    Some hundred marks of rare scripts, younger than the tokenizer's tables, are letters there.
    Source: BasicTokenizer of google-research/bert.
    """
    if letter.isascii():
        return letter.isprintable() and not letter.isalnum() and letter != " "
    return unicodedata.category(letter)[0] == "P"


def _is_space(letter: str) -> bool:
    # BERT drops the other control characters: the letters beside them join.
    return letter in "\t\n\r" or unicodedata.category(letter)[0] == "Z"


def _is_mark(text: str, word: Span) -> bool:
    return word[1] - word[0] == 1 and is_punctuation(text[word[0]])


@lru_cache(maxsize=4096)
def _joins(letter: str) -> bool:
    """Whether `letter` is part of a longer word rather than a word, or no word, by itself."""
    return not (_is_space(letter) or is_punctuation(letter) or _IDEOGRAPH.match(letter))


def _run(letters: Iterable[str]) -> int:
    """How many of the first letters stand in one word."""
    return sum(1 for _ in takewhile(_joins, letters))


def _parts(text: str, position: int) -> bool:
    """Whether no word of `text` stands across `position`."""
    word = word_of(text, position - 1)
    return word is None or word[1] <= position


def _shared(one: str, other: str, limit: int) -> int:
    """How many leading characters two texts share, at most `limit`."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
