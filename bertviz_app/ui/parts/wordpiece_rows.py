"""The rows of Why these pieces: one word step by step, or the whole text a word a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.core.pieces import INSIDE
from bertviz_app.core.questions.wordpiece import Fate, Stretch, Try, WordStory
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.row_list import Row
from bertviz_app.ui.parts.row_marks import UNMARKED, RowMarks

FOLDED = 4
"""From this many tries in vain on, only the first and the last of them are shown."""

GOES_ON = f"{INSIDE} means: goes on with the word before it, without a space."


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step before the look-up: its name, and the letters after it; muted if none changed."""

    name: str
    letters: str
    quiet: bool = False

    choosable = False

    @property
    def spoken(self) -> str:
        """The row in words."""
        return f"{self.name}: {isolated(visible(self.letters))}"


@dataclass(frozen=True, slots=True)
class SplitRow:
    """The words a stretch is split into; the one in question is number `at`."""

    words: tuple[str, ...]
    at: int

    choosable = False
    name = "split"

    @property
    def spoken(self) -> str:
        """The row in words."""
        return "split: " + " | ".join(isolated(visible(word)) for word in self.words)


@dataclass(frozen=True, slots=True)
class TryRow:
    """One look-up in the vocabulary.

    Attributes:
        word: the normalised word.
        tried: the part that was looked up.
        id: its id, if it was found.
        token: the token it became; None if it became none that is read.
        marks: what that token is in the selection.
        name: what the row is called at its left, if it is the first look-up.
    """

    word: str
    tried: Try
    id: int | None = None
    token: int | None = None
    marks: RowMarks = UNMARKED
    name: str = ""

    @property
    def choosable(self) -> bool:
        """A click means something on what became a token."""
        return self.token is not None

    @property
    def spoken(self) -> str:
        """The readout of this try."""
        piece = isolated(visible(self.tried.piece))
        if not self.tried.found:
            return f"“{piece}” is not in the vocabulary"
        rest = isolated(visible(self.word[self.tried.start :]))
        return f"“{piece}” is in the vocabulary, id {self.id}: the longest start of “{rest}”"


@dataclass(frozen=True, slots=True)
class FoldRow:
    """Tries in vain that are not shown one by one."""

    start: int
    word: str
    count: int

    choosable = False

    @property
    def spoken(self) -> str:
        """The row in words."""
        return f"{numbers.count(self.count)} shorter ones, none is in the vocabulary"


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What BERT reads in place of the word; `read` pieces of it."""

    pieces: tuple[str, ...]
    read: int

    choosable = False
    name = "BERT reads"

    @property
    def spoken(self) -> str:
        """The row in words."""
        return f"{self.name}: {' '.join(isolated(visible(piece)) for piece in self.pieces)}"


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """A sentence by itself, in muted words."""

    spoken: str

    choosable = False


@dataclass(frozen=True, slots=True)
class TitleRow:
    """The names of the columns of the whole text."""

    names: tuple[str, str, str] = ("typed", "looked up", "BERT reads")

    choosable = False

    @property
    def spoken(self) -> str:
        """The row in words."""
        return ", ".join(self.names)


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A word of the whole text and what became of it."""

    story: WordStory
    typed: str
    marks: RowMarks = UNMARKED

    choosable = True

    @property
    def spoken(self) -> str:
        """The readout of this word."""
        return said_of(self.story, self.typed)

    @property
    def reason(self) -> str:
        """Why nothing of the word is read, in a few words; empty if something is."""
        reasons = {Fate.NOTHING_FITS: "nothing fits", Fate.TOO_LONG: "too many letters"}
        return reasons.get(self.story.fate, "")


def word_rows(words: Sequence[WordStory], texts: tuple[str, str], snapshot: Snapshot) -> list[Row]:
    """The whole text, a word a row."""
    rows: list[Row] = [TitleRow()]
    for sentence, stories in groupby(words, key=lambda story: story.sentence):
        if sentence == 1:
            rows.append(RemarkRow("second sentence"))
        for story in stories:
            typed = texts[sentence][slice(*story.span)]
            rows.append(StoryRow(story, typed, _marks(story, snapshot)))
    return rows


def story_rows(
    story: WordStory, ids: dict[str, int], snapshot: Snapshot, *, every_try: bool
) -> list[Row]:
    """One word, step by step."""
    if story.fate is Fate.SPECIAL:
        return [StepRow("typed", story.stretch.typed), ResultRow(story.pieces, story.read)]
    rows: list[Row] = [*_steps(story.stretch)]
    if len(story.stretch.words) > 1:
        rows.append(SplitRow(story.stretch.words, story.at))
    rows += _tries(story, ids, snapshot, every_try=every_try)
    rows += _reasons(story)
    rows.append(ResultRow(story.pieces, story.read))
    if story.read < len(story.pieces):
        rows.append(RemarkRow(f"Only the first {story.read} found room."))
    if any(piece.startswith(INSIDE) for piece in story.pieces):
        rows.append(RemarkRow(GOES_ON))
    return rows


def said_of(story: WordStory, typed: str, longest_word: int = 100) -> str:
    """The readout of a word: how many pieces it is, or why it is none."""
    word = isolated(visible(typed))
    if story.fate is Fate.SPECIAL:
        return f"“{word}” is a token of its own, taken out of the text before it is cut"
    if story.fate is Fate.TOO_LONG:
        letters = numbers.count(len(story.word))
        return (
            f"“{word}” has {letters} letters; over {longest_word} a word is not looked up, "
            "and BERT reads [UNK]"
        )
    if story.fate is Fate.NOTHING_FITS:
        return f"No piece of the vocabulary fits “{word}”, so BERT reads [UNK]."
    if len(story.pieces) == 1:
        return f"“{word}” is 1 piece: the whole word is in the vocabulary"
    first = isolated(visible(story.pieces[0]))
    pieces = len(story.pieces)
    return f"“{word}” is {pieces} pieces: {first} is the longest start in the vocabulary"


def _marks(story: WordStory, snapshot: Snapshot) -> RowMarks:
    """What any of the tokens of a word is in the selection."""
    return RowMarks.of(snapshot, *range(story.token, story.token + story.read))


def _steps(stretch: Stretch) -> Iterator[StepRow]:
    """What was typed and the steps that changed it; those that did not, in one row."""
    yield StepRow("typed", stretch.typed)
    letters, idle = stretch.typed, []
    for step in stretch.steps:
        if step.letters == letters:
            idle.append(step.name)
        else:
            letters = step.letters
            yield StepRow(step.name, letters.strip())
    if idle:
        yield StepRow(", ".join(idle), "nothing to do", quiet=True)


def _reasons(story: WordStory) -> Iterator[RemarkRow]:
    """Why the word becomes [UNK], if it does."""
    if story.fate is Fate.NOTHING_FITS:
        left = isolated(visible(story.word[story.ends[-1] if story.ends else 0 :]))
        yield RemarkRow(f"No piece fits the start of “{left}”, so the whole word is unknown.")
    elif story.fate is Fate.TOO_LONG:
        letters = numbers.count(len(story.word))
        yield RemarkRow(f"{letters} letters are too many: the word is not looked up.")


def _tries(
    story: WordStory, ids: dict[str, int], snapshot: Snapshot, *, every_try: bool
) -> Iterator[Row]:
    """The look-ups; many in vain in a row are folded unless every one is asked for."""
    part, name = 0, "look up"
    for found, group in groupby(story.tries, key=lambda tried: (tried.start, tried.found)):
        tries = list(group)
        if not found[1] and len(tries) > FOLDED and not every_try:
            yield TryRow(story.word, tries[0], name=name)
            yield FoldRow(tries[0].start, story.word, len(tries) - 2)
            yield TryRow(story.word, tries[-1])
        elif not found[1]:
            yield TryRow(story.word, tries[0], name=name)
            yield from (TryRow(story.word, tried) for tried in tries[1:])
        else:
            read = story.fate is Fate.CUT and part < story.read
            token = story.token + part if read else None
            marks = RowMarks.of(snapshot, token) if token is not None else UNMARKED
            yield TryRow(story.word, tries[0], ids.get(tries[0].piece), token, marks, name)
            part += 1
        name = ""
