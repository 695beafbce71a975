"""The story of each word ends in the pieces the tokenizer gave, whatever is typed."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertviz_app.core.questions.wordpiece import (
    Fate,
    Try,
    WhyThesePieces,
    WordPieceAnswer,
    WordStory,
)
from bertviz_app.core.spec import ModelSpec
from bertviz_app.inference.tokenizer import Tokenizer
from bertviz_app.inference.vocabulary import AddedPiece, Names, Vocabulary
from bertviz_app.inference.wordpiece import why_these_pieces
from tests.fixtures.tiny_models import SPECIAL, VOCABULARY

CAPITALS = ("The", "Un", "##Ha", *"ABCEU", *(f"##{letter}" for letter in "ABCU"))
MANY_SCRIPTS = (
    *(
        "é",
        "##é",
        "ß",
        "##ß",
        "\u0131",
        "##i̇",
        "e",
        "naïve",
        "naive",
        "中",
        "文",
        "##文",
        "中文",
        "日",
    ),
    *("и", "##и", "й", "##й", "Й", "שלום", "ש", "##ל", "한", "##국", "ᄒ", "##ᅡ", "##ᆫ", "ᄒ"),
    *(
        "ก",
        "##า",
        "अ",
        "##ा",
        "٣",
        "##٣",
        "😀",
        "##😀",
        "👩",
        "##👧",
        "‍",
        "##‍",
        "ﬁ",
        "##ﬁ",
        "\u017f",
    ),
    *("<b>", "##>", "<", ">", "&", "##amp", "\u2028", "\u0301", "##\u0301", "£", "##£", "1", "##½"),
)
WAYS: dict[str, dict[str, Any]] = {
    "uncased": {},
    "cased": {"lowercase": False},
    "cased, no accents": {"lowercase": False, "strip_accents": True},
    "uncased, accents": {"strip_accents": False},
    "ideographs together": {"split_ideographs": False},
    "not cleaned": {"clean_text": False},
    "nothing normalised": {"lowercase": False, "clean_text": False, "split_ideographs": False},
    "short words": {"longest_word": 4},
    "added": {
        "added": (
            *map(AddedPiece, SPECIAL),
            AddedPiece("[E1]"),
            AddedPiece("wug", single_word=True),
            AddedPiece("New_Word", normalized=True),
            AddedPiece("the", normalized=True),
            AddedPiece("at", single_word=True, normalized=True),
            AddedPiece("##"),
        )
    },
}
NAUGHTY = (
    "",
    " ",
    "\x00",
    "\ufeff",
    "null NULL undefined NaN true",
    "<script>alert('x')</script> &amp; <b>bold</b>",
    "'; DROP TABLE tokens; --",
    "../../etc/passwd%00 $HOME `ls` ${x} %s {0} \\n",
    "[CLS] [SEP] [MASK] [PAD] [UNK] [mask] [MASK ] a[MASK]b [[MASK]]",
    "##ing ## ### ##the #the",
    "un\u0301happiness U\u0308n naïve NAÏVE İstanbul \u0131I \u017ftraße ẞ",
    "ﬁ ﬀ Ⅷ ½ ² ① \u210c ㎏",
    "中文abc中 日本語\U00020000x \U0002f800",
    "שלום עולם مرحبا ١٢٣ \u202eevil\u202c \u2066x\u2069",
    "한국어 ᄒ\u1161\u11ab नमस्ते สวัสดี",
    "e\u0301e\u0301 a\u0300\u0301\u0302\u0303 \u0301 \u0301a ≠ ≮ \u0344",
    "😀👩\u200d👩\u200d👧🏽 ☺\ufe0f 1\ufe0f\u20e3 🏴\U000e0067\U000e007f",
    "a\u200bb a\u00adb a\u2060b a\x07b a\x7fb a\x85b a\x0bb a\x1cb a\x1fb",
    "a\u00a0b a\u2003b a\u2028b a\u2029b a\u3000b a\u1680b\tc\r\nd",
    "\ufffd \ufffe \uffff \ud800 \udfff \U0010ffff \ue000",
    "a" * 100 + " " + "b" * 101 + " " + "é" * 60 + " " + "e\u0301" * 60,
    "\uff0c。、\uff1f\uff01…—“”‘’«»¿¡·•†‡§¶©®™€£¥$+<=>^`|~",
    "don't re-enter e.g. 3.14 1,000 user@example.com http://a.b/c?d=e#f",
    "٣½๓ ᠎a\u180eb ⁦x⁩ \u061c ㅤ ﾠ",
    "the at New_word new_WORD wug wugs [E1][E2] atat the" + "the" * 3,
)
ODD = st.sampled_from(
    (*NAUGHTY, *VOCABULARY, *CAPITALS, *MANY_SCRIPTS, "\u0301", "wug", "Wug", " ")
)
ANY_TEXT = st.lists(ODD | st.characters(exclude_categories=())).map("".join)


def tokenizer(positions: int = 100_000, **settings: Any) -> Tokenizer:
    """A tokenizer of a small vocabulary of many scripts."""
    pieces = dict.fromkeys((*VOCABULARY, *CAPITALS, *MANY_SCRIPTS))
    ids = {piece: number for number, piece in enumerate(pieces)}
    settings.setdefault("added", tuple(map(AddedPiece, SPECIAL)))
    vocabulary = Vocabulary(Path("vocab.txt"), ids, Names(), **settings)
    spec = ModelSpec(1, 1, 4, 4, vocabulary=len(ids) + 8, positions=positions)
    return Tokenizer(vocabulary, spec)


@cache
def cutting(way: str) -> Tokenizer:
    return tokenizer(**WAYS[way])


def told(cut: Tokenizer, text: str, pair: str = "") -> WordPieceAnswer:
    """The whole answer about a text."""
    question = WhyThesePieces(text, pair)
    *_, last = why_these_pieces(SimpleNamespace(tokenizer=cut), question)  # type: ignore[arg-type]
    assert last.finished
    return last.answer


def story(cut: Tokenizer, text: str) -> WordStory:
    """The story of the first word of a text."""
    return told(cut, text).words[0]


@pytest.mark.parametrize("way", WAYS)
def test_any_text_is_told_as_the_tokenizer_cuts_it(way: str) -> None:
    cut = cutting(way)

    @given(ANY_TEXT, ANY_TEXT)
    def equal(text: str, pair: str) -> None:
        answer, encoding = told(cut, text, pair), cut.encode(text, pair)
        assert answer.agrees
        for word in answer.words:
            where = slice(word.token, word.token + len(word.pieces))
            assert encoding.tokens[where] == word.pieces
            assert encoding.spans[word.token][0] == word.span[0]
            assert encoding.sentences[word.token] == word.sentence
            if word.stretch.steps:
                left = "".join(word.stretch.steps[-1].letters.split())
                assert left == "".join("".join(word.stretch.words).split())

    equal()


@pytest.mark.parametrize("way", WAYS)
def test_naughty_texts_are_told_as_the_tokenizer_cuts_them(way: str) -> None:
    assert [text for text in NAUGHTY if not told(cutting(way), text, text).agrees] == []


def test_each_start_is_tried_from_the_longest_part() -> None:
    told = story(cutting("uncased"), "Unhappy")
    assert (told.word, told.pieces) == ("unhappy", ("un", "##ha", "##pp", "##y"))
    found = [number for number, tried in enumerate(told.tries) if tried.found]
    assert found == [5, 9, 11, 12]
    assert [tried.piece for tried in told.tries][4:10] == [
        *("unh", "un", "##happy", "##happ", "##hap", "##ha")
    ]
    assert list(told.tries)[-1] == Try(6, 7, "##y", found=True)


def test_only_the_steps_of_this_tokenizer_are_told() -> None:
    steps = {
        step.name: step.letters for step in story(cutting("uncased"), "NAI\u0308VE").stretch.steps
    }
    assert steps == {
        "clean text": "NAI\u0308VE",
        "ideographs apart": "NAI\u0308VE",
        "accents off": "NAIVE",
        "lower case": "naive",
    }
    assert [step.name for step in story(cutting("cased"), "x").stretch.steps] == [
        *("clean text", "ideographs apart")
    ]
    assert story(cutting("nothing normalised"), "x").stretch.steps == ()


def test_a_stretch_is_split_at_marks_and_ideographs() -> None:
    words = told(cutting("uncased"), " (don't!) \u4e2d\u6587x").words
    assert [word.word for word in words] == [*("(", "don", "'", "t", "!", ")", "中", "文", "x")]
    assert words[1].stretch.typed == "(don't!)"
    assert words[1].span == (2, 5)


def test_what_was_typed_of_a_word_holds_what_normalising_took_away() -> None:
    words = told(cutting("uncased"), "e\u0301, a\u0301\u0301b\0 x").words
    assert [word.span for word in words] == [(0, 2), (2, 3), (4, 9), (10, 11)]


def test_a_word_that_does_not_fit_is_unknown_and_its_tries_say_where() -> None:
    told = story(cutting("uncased"), "un☃")
    assert (told.fate, told.pieces, told.ends) == (Fate.NOTHING_FITS, ("[UNK]",), (2,))
    assert [(tried.piece, tried.found) for tried in told.tries] == [
        *(("un☃", False), ("un", True), ("##☃", False))
    ]


def test_a_word_of_too_many_letters_is_not_looked_up() -> None:
    told = story(cutting("short words"), "women")
    assert (told.fate, told.pieces, list(told.tries)) == (Fate.TOO_LONG, ("[UNK]",), [])


def test_a_special_token_is_taken_whole() -> None:
    words = told(cutting("uncased"), "a[MASK]s [UNK]").words
    assert [(word.pieces, word.fate is Fate.SPECIAL) for word in words] == [
        *((("a",), False), (("[MASK]",), True), (("s",), False), (("[UNK]",), True))
    ]


def test_of_a_word_at_the_cut_the_pieces_that_are_read_are_told() -> None:
    answer = told(tokenizer(positions=8), "the unhappiness", "women and men")
    assert [(word.pieces, word.read) for word in answer.words] == [
        (("the",), 1),
        (("un", "##ha", "##pp", "##iness"), 1),
        (("w", "##o", "##m", "##e", "##n"), 3),
    ]


def test_a_long_text_is_told_in_slices() -> None:
    question = WhyThesePieces("the woman " * 100)
    reports = list(why_these_pieces(SimpleNamespace(tokenizer=tokenizer()), question))  # type: ignore[arg-type]
    expected = [*((done, False) for done in range(32, 200, 32)), (200, True)]
    assert [(report.done, report.finished) for report in reports] == expected
    assert all(report.answer.agrees for report in reports)


@pytest.mark.parametrize("other", ["the man", "the woman man", "the"])
def test_a_tokenizer_that_cuts_otherwise_is_noticed(
    monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    cut = tokenizer()
    encoding = cut.encode(other)
    monkeypatch.setattr(cut, "encode", lambda text, pair: encoding)
    assert not told(cut, "the woman").agrees
