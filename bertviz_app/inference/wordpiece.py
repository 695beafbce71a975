"""WordPiece, step by step: normalise, split at punctuation, match the longest known start.

The steps are told by a walk of our own, with the settings of the loaded tokenizer, and compared
with what that tokenizer gave. Source: Wu et al. 2016, section 4.1; Devlin et al. 2019.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from time import perf_counter

from tokenizers import PreTokenizedString
from tokenizers.models import WordLevel
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from bertviz_app.core.encoding import Encoding, Span
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.wordpiece import (
    Fate,
    Step,
    Stretch,
    WhyThesePieces,
    WordPieceAnswer,
    WordStory,
    piece_of,
)
from bertviz_app.inference.model import Model
from bertviz_app.inference.tokenizer import around, encodable
from bertviz_app.inference.vocabulary import Vocabulary

STEPS = {
    "clean_text": "clean text",
    "handle_chinese_chars": "ideographs apart",
    "strip_accents": "accents off",
    "lowercase": "lower case",
}
"""What each setting of the normalizer is called on screen."""

_WORDS_A_SLICE = 32

# What parts words: White_Space of Unicode. Cleaning drops the control characters among it first,
# so that they part nothing.
_SPACES = "\t\n\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_CONTROLS = "\x0b\x0c\x85"

_BETWEEN = "\0"


def why_these_pieces(
    model: Model, question: WhyThesePieces
) -> Iterator[JobReport[WordPieceAnswer]]:
    """Tell how each word that is read became pieces; a report after some words."""
    begun = perf_counter()
    encoding = model.tokenizer.encode(question.text, question.pair)
    rules = model.tokenizer.rules
    stories = _stories(WordPiece(rules), encoding, (question.text, question.pair))
    total = len(encoding) - len(encoding.added)
    told: list[WordStory] = []
    while True:
        more = list(islice(stories, _WORDS_A_SLICE))
        told += more
        over = len(more) < _WORDS_A_SLICE
        agrees = _agree(told, encoding, all_told=over)
        answer = WordPieceAnswer(tuple(told), rules.longest_word, agrees)
        done = total if over else min(sum(word.read for word in told), total - 1)
        yield JobReport(question, done, total, answer, perf_counter() - begun)
        if over:
            return


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text; see `WordStory`, which adds where it stands among the tokens."""

    span: Span
    stretch: Stretch
    at: int
    fate: Fate
    ends: tuple[int, ...]
    pieces: tuple[str, ...]


class WordPiece:
    """Cuts text with the settings of one vocabulary, and says how."""

    def __init__(self, rules: Vocabulary) -> None:
        self._rules = rules
        self._steps = _steps(rules)
        self._splitter = BertPreTokenizer()
        parts = _SPACES if rules.clean_text else _SPACES + _CONTROLS
        self._stretches = re.compile(f"[^{parts}]+")
        # Finds the added pieces alone: all that stands between two of them is one unknown token.
        self._finder = around(WordLevel({_BETWEEN: 0}, unk_token=_BETWEEN), rules)
        self._added = {number: piece for piece, number in self._finder.get_vocab().items()}
        self._normalizer = self._finder.normalizer

    def words(self, text: str) -> Iterator[Word]:
        """The words of `text`, in order."""
        text = encodable(text)
        found = self._finder.encode_batch([text], add_special_tokens=False)[0]
        for number, span in zip(found.ids, found.offsets, strict=True):
            piece = self._added[number]
            if piece == _BETWEEN:
                for match in self._stretches.finditer(text, *span):
                    yield from self._words_of(match.group(), match.start())
            else:
                typed = Stretch(text[slice(*span)], (), (piece,))
                yield Word(span, typed, 0, Fate.SPECIAL, (), (piece,))

    def _words_of(self, typed: str, offset: int) -> Iterator[Word]:
        """The words of what was typed between two spaces, `offset` characters into the text."""
        cut = PreTokenizedString(typed)
        cut.normalize(self._normalizer.normalize)
        self._splitter.pre_tokenize(cut)
        splits = cut.get_splits("original", "char")
        stretch = Stretch(typed, self._normalised(typed), tuple(word for word, *_ in splits))
        # What normalising took away after a word, such as its last accent, was typed in it.
        ends = (*(start for _, (start, _), _ in splits[1:]), len(typed))
        for at, ((word, (start, _), _), end) in enumerate(zip(splits, ends, strict=False)):
            span = (offset + start, offset + end)
            yield Word(span, stretch, at, *self._matched(word))

    def _normalised(self, typed: str) -> tuple[Step, ...]:
        letters, steps = typed, []
        for name, normalizer in self._steps:
            letters = normalizer.normalize_str(letters)
            steps.append(Step(name, letters))
        return tuple(steps)

    def _matched(self, word: str) -> tuple[Fate, tuple[int, ...], tuple[str, ...]]:
        """What becomes of a normalised word, where its parts end, and the pieces."""
        unknown = (self._rules.names.unk_token,)
        if len(word) > self._rules.longest_word:
            return Fate.TOO_LONG, (), unknown
        ends = longest_matches(word, self._rules.ids)
        if not ends or ends[-1] < len(word):
            return Fate.NOTHING_FITS, ends, unknown
        starts = (0, *ends)
        pieces = (piece_of(word, *part) for part in zip(starts, ends, strict=False))
        return Fate.CUT, ends, tuple(pieces)


def longest_matches(word: str, vocabulary: Collection[str]) -> tuple[int, ...]:
    """Where the parts of `word` end: each the longest that the vocabulary holds.

    They stop short of the word's end where no part fits.
    """
    ends: list[int] = []
    start = 0
    while start < len(word):
        fitting = (
            end for end in range(len(word), start, -1) if piece_of(word, start, end) in vocabulary
        )
        start = next(fitting, len(word) + 1)
        if start <= len(word):
            ends.append(start)
    return tuple(ends)


def _steps(rules: Vocabulary) -> tuple[tuple[str, BertNormalizer], ...]:
    """The steps of normalising that these settings ask for, in the order they are taken."""
    accents = rules.lowercase if rules.strip_accents is None else rules.strip_accents
    asked = {
        "clean_text": rules.clean_text,
        "handle_chinese_chars": rules.split_ideographs,
        "strip_accents": accents,
        "lowercase": rules.lowercase,
    }
    return tuple(
        (STEPS[step], BertNormalizer(**{setting: setting == step for setting in asked}))
        for step, wanted in asked.items()
        if wanted
    )


def _stories(cutter: WordPiece, encoding: Encoding, texts: tuple[str, str]) -> Iterator[WordStory]:
    """The words of both sentences of which a piece is read."""
    readings = (encoding.first, encoding.second)
    for sentence in range(len(encoding.added) - 1):
        token, end = encoding.added[sentence] + 1, encoding.added[sentence + 1]
        for word in cutter.words(texts[sentence]):
            room = end - token if readings[sentence].unread else len(word.pieces)
            if room == 0:
                break
            read = min(len(word.pieces), room)
            yield WordStory(
                sentence,
                word.span,
                word.stretch,
                word.at,
                word.fate,
                word.ends,
                token,
                word.pieces,
                read,
            )
            token += read


def _agree(told: list[WordStory], encoding: Encoding, *, all_told: bool) -> bool:
    """Whether the pieces told are the tokens of the encoding; in the end, all of them."""
    same = all(
        encoding.tokens[word.token : word.token + word.read] == word.pieces[: word.read]
        for word in told
    )
    pieces = sum(word.read for word in told)
    return same and (not all_told or pieces == len(encoding) - len(encoding.added))
