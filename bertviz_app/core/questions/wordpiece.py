"""Why is the text cut into these pieces? Every step from the letters typed to the pieces read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from bertviz_app.core.encoding import Span
from bertviz_app.core.jobs import Question
from bertviz_app.core.pieces import INSIDE


def piece_of(word: str, start: int, end: int) -> str:
    """How the vocabulary would write the letters from `start` to `end` of a word."""
    return (INSIDE if start else "") + word[start:end]


class Fate(Enum):
    """What becomes of a word."""

    CUT = "cut into pieces"
    NOTHING_FITS = "nothing fits"
    TOO_LONG = "too long"
    SPECIAL = "taken whole"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of normalising that this tokenizer takes, and the letters after it."""

    name: str
    letters: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """What was typed between two spaces.

    Attributes:
        typed: as it was typed.
        steps: what normalising made of it, step by step.
        words: what is left of it, split at punctuation marks and ideographs.
    """

    typed: str
    steps: tuple[Step, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Try:
    """A part of a word, from letter `start` to `end`, that was looked up in the vocabulary."""

    start: int
    end: int
    piece: str
    found: bool


@dataclass(frozen=True, slots=True)
class WordStory:
    """How one word became pieces.

    Attributes:
        sentence: 0 or 1.
        span: where it was typed, in characters of its sentence.
        stretch: what it was typed in, up to the spaces around it.
        at: which of the words of `stretch` it is.
        fate: what became of it.
        ends: where each part that was found ends, in letters of the normalised word.
        token: position of its first piece in the text as BERT reads it.
        pieces: what BERT reads in its place; `read` of them, the others found no room.
    """

    sentence: int
    span: Span
    stretch: Stretch
    at: int
    fate: Fate
    ends: tuple[int, ...]
    token: int
    pieces: tuple[str, ...]
    read: int

    @property
    def word(self) -> str:
        """The word as it is looked up: normalised."""
        return self.stretch.words[self.at]

    @property
    def tries(self) -> Iterator[Try]:
        """All that was looked up, in order: from each start the longest part first."""
        word, start = self.word, 0
        for stop in self.ends:
            for end in range(len(word), stop, -1):
                yield Try(start, end, piece_of(word, start, end), found=False)
            yield Try(start, stop, piece_of(word, start, stop), found=True)
            start = stop
        if self.fate is Fate.NOTHING_FITS:
            for end in range(len(word), start, -1):
                yield Try(start, end, piece_of(word, start, end), found=False)


@dataclass(frozen=True, slots=True)
class WordPieceAnswer:
    """The words told so far, in the order they are read.

    Attributes:
        words: those of which a piece is read.
        longest_word: a word of more letters is unknown without being looked at.
        agrees: the pieces told are those the tokenizer gave; else the story is not to be believed.
    """

    words: tuple[WordStory, ...]
    longest_word: int
    agrees: bool


@dataclass(frozen=True, slots=True)
class WhyThesePieces(Question[WordPieceAnswer]):
    """How each word of one or two sentences became pieces."""

    text: str
    pair: str = ""

    task: ClassVar[str] = "Why these pieces"
    about_text: ClassVar[bool] = False  # it names its text; what is changed inside BERT is all one
