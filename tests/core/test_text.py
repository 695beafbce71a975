"""Tests the positions, words and edits of texts, against Qt and against BERT's own cutting."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from bertviz_app.core.encoding import Span
from bertviz_app.core.text import (
    Edit,
    TextMap,
    clean,
    is_punctuation,
    word_at,
    word_of,
)

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
ODD = (
    *("\U0001f600", FAMILY, "e\u0301", "\u05e9\u05dc\u05d5\u05dd", "\u4e2d\u6587", "\ud55c"),
    *("\0", "\x0b", "\x85", "\ufeff", "\ufffe", "\ufdd0", "\ufdd1", "\ufffc", "\xa0", "\u200b"),
    *("\u2028", "\u2029", "\r", "\n", "\r\n", "\t", "\ud83d", "\ude00", "\U00020000"),
)
ANY_TEXT = st.lists(
    st.sampled_from(ODD) | st.characters(exclude_categories=()) | st.sampled_from("ab .-'")
).map("".join)

# The offscreen fonts lack scripts that these texts are written in.
any_script = pytest.mark.qt_log_ignore("OpenType support missing", extend=True)


@any_script
@pytest.mark.usefixtures("qapp")
def test_a_text_field_shows_a_clean_text_unchanged(qtbot: QtBot) -> None:
    field = QPlainTextEdit()
    qtbot.addWidget(field)

    @given(ANY_TEXT, st.integers(0, 20))
    def stays(text: str, start: int) -> None:
        shown = clean(text)
        for part in (shown, shown[start:]):
            field.setPlainText(part)
            assert field.toPlainText() == part
            field.clear()
            field.insertPlainText(part)
            assert field.toPlainText() == part

    stays()


@any_script
def test_cleaning_changes_a_text_as_a_text_field_does(qtbot: QtBot) -> None:
    field = QPlainTextEdit()
    qtbot.addWidget(field)

    # PySide drops lone surrogates without a word, and U+FFFE spoils the text.
    @given(ANY_TEXT.map(lambda text: "a" + text.replace("\ufffe", "").replace("\ufeff", "")))
    def changes(text: str) -> None:
        assume(text.encode("utf-8", "ignore").decode() == text)
        field.setPlainText(text)
        assert field.toPlainText() == clean(text)

    changes()


@given(ANY_TEXT)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\ud83d\ude00b", "a\U0001f600b"),
        ("a\ud83db\ude00", "a\ufffdb\ufffd"),
        ("\ufeffone\r\ntwo\rthree\xa0four", "one\ntwo\nthree four"),
        ("a\0b", "a\0b"),
    ],
)
def test_cleaning_keeps_all_it_can(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.usefixtures("qapp")
def test_positions_are_those_of_a_text_cursor() -> None:
    document = QTextDocument()
    cursor = QTextCursor(document)

    @given(ANY_TEXT.map(clean))
    def agree(text: str) -> None:
        document.setPlainText(text)
        units = TextMap(text)
        assert units.utf16(len(text)) == document.characterCount() - 1
        for position in range(len(text) + 1):
            cursor.setPosition(0)
            cursor.setPosition(units.utf16(position), QTextCursor.MoveMode.KeepAnchor)
            assert cursor.selection().toPlainText() == text[:position]
            assert units.code_point(cursor.position()) == position

    agree()


@given(ANY_TEXT)
def test_a_position_inside_a_pair_is_that_of_its_character(text: str) -> None:
    units = TextMap(text)
    for position, letter in enumerate(text):
        first = units.utf16(position)
        width = units.utf16(position + 1) - first
        assert width == (2 if letter > "\uffff" else 1)
        assert [units.code_point(first + step) for step in range(width)] == [position] * width


def test_positions_outside_the_text_are_its_ends() -> None:
    units = TextMap("a\U0001f600")
    assert (units.utf16(-3), units.utf16(9)) == (0, 3)
    assert (units.code_point(-3), units.code_point(9)) == (0, 2)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("the wom|an washed", "woman"),
        ("the |woman washed", "woman"),
        ("the woman| washed", "woman"),
        ("the woman |, he", ","),
        ("hands|.", "hands"),
        ("don|'t", "don"),
        ("don'|t", "t"),
        ("well|!", "well"),
        ("well.|!", "!"),
        ("|", None),
        ("one | two", None),
        ("one two|", "two"),
        ("wash [MA|SK] hands", "[MASK]"),
        ("wash [MASK]|. hands", "[MASK]"),
        ("wash |[MASK] hands", "[MASK]"),
        ("[MASK]|[MASK]", "[MASK]"),
        ("a [S|EP] b", "[SEP]"),
        ("wash [MA|SK hands", "MASK"),
        ("wash |[ MASK]", "["),
        ("\u4e2d|\u6587", "\u6587"),
        ("\u4e2d\u6587|", "\u6587"),
        ("abc|\u4e2d", "\u4e2d"),
        ("cafe\u0301| x", "cafe\u0301"),
        (f"hi{FAMILY[0]}|{FAMILY[1:]}.", f"hi{FAMILY}"),
        ("a\0|b c", "a\0b"),
        ("\u05e9\u05dc|\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd", "\u05e9\u05dc\u05d5\u05dd"),
    ],
)
def test_the_word_at_a_cursor(text: str, word: str | None) -> None:
    position = text.index("|")
    text = text.replace("|", "")
    span = word_at(text, position)
    assert (None if span is None else text[slice(*span)]) == word


def test_the_word_of_a_mark_is_the_mark() -> None:
    assert [word_of("don't ", place) for place in range(-1, 7)] == [
        *(None, (0, 3), (0, 3), (0, 3), (3, 4), (4, 5), None, None)
    ]


def test_a_model_may_write_its_mask_otherwise() -> None:
    assert word_at("a <mask> b", 4, "<mask>") == (2, 8)
    assert word_at("a <mask> b", 4) == (3, 7)
    assert [word_at("a b", place, "") for place in range(4)] == [(0, 1), (0, 1), (2, 3), (2, 3)]


@pytest.mark.parametrize(
    ("letter", "alone"),
    [("\U0002b820", False), ("\U0002b91f", False), ("\U0002b920", True), ("\U0002a700", True)],
)
def test_ideographs_are_those_of_the_tokenizers_library(letter: str, *, alone: bool) -> None:
    assert (word_of(f"a{letter}b", 1) == (1, 2)) is alone
    assert (BertNormalizer().normalize_str(f"a{letter}b") == f"a {letter} b") is alone


def known_to_all(letter: str) -> bool:
    """Whether Python's tables and the older ones of the tokenizers library must agree."""
    return unicodedata.category(letter) == unicodedata.ucd_3_2_0.category(letter)


@given(
    st.lists(
        st.characters(codec="utf-8").filter(known_to_all)
        | st.sampled_from("ab .,-'\t\0\x0b\x85\xa0\u3000\u200b\u4e2d\u0301\U0001f600$")
    ).map("".join)
)
def test_words_are_those_of_bert(text: str) -> None:
    keeping = BertNormalizer(lowercase=False, strip_accents=False)
    found = [text[slice(*span)] for span in words(text)]
    cut = BertPreTokenizer().pre_tokenize_str(keeping.normalize_str(text))
    # What BERT drops from a word still stands in it on the screen.
    shown = (keeping.normalize_str(word).strip() for word in found)
    assert [word for word in shown if word] == [word for word, _ in cut]


@given(ANY_TEXT)
def test_each_character_of_a_word_has_the_same_word(text: str) -> None:
    for span in words(text):
        assert {word_of(text, place) for place in range(*span)} == {span}


@pytest.mark.parametrize("letter", "!#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\u2014\u3002\u00bf\u00ab")
def test_marks_are_punctuation(letter: str) -> None:
    assert is_punctuation(letter)


@pytest.mark.parametrize("letter", "aZ0 \n\0\x7f\u00e9\u4e2d\u20ac\u0301\xa0")
def test_letters_spaces_and_controls_are_no_punctuation(letter: str) -> None:
    assert not is_punctuation(letter)


WORDY = st.text("ab\u0301 .\u4e2d\U0001f600[]MSK\n", max_size=12) | st.just("a [MASK] b")


@given(WORDY, WORDY, st.integers(0, 12))
def test_an_edit_says_how_one_text_became_the_other(old: str, new: str, cursor: int) -> None:
    for edit in (Edit.between(old, new), Edit.between(old, new, cursor)):
        assert old[: edit.start] + edit.inserted + old[edit.end :] == new


@given(WORDY, WORDY)
def test_an_edit_is_the_smallest(old: str, new: str) -> None:
    edit = Edit.between(old, new)
    removed = old[edit.start : edit.end]
    if removed and edit.inserted:
        assert removed[0] != edit.inserted[0]
        assert removed[-1] != edit.inserted[-1]


def test_typing_over_a_selection_is_one_edit() -> None:
    edit = Edit.between("all bad", "bad", 3)
    assert (edit.start, edit.end, edit.inserted) == (0, 7, "bad")


@given(st.text("ab", max_size=8), st.text("ab", min_size=1, max_size=3), st.data())
def test_the_cursor_says_which_of_equal_letters_were_typed(
    old: str, typed: str, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(old)))
    new = old[:place] + typed + old[place:]
    edit = Edit.between(old, new, place + len(typed))
    assert (edit.start, edit.end, edit.inserted) == (place, place, typed)
    back = Edit.between(new, old, place)
    assert (back.start, back.end, back.inserted) == (place, place + len(typed), "")


@pytest.mark.parametrize(
    ("old", "new", "carried"),
    [
        ("the <woman> washed", "the old <woman> washed", True),
        ("the <woman> washed", "<woman> washed", True),
        ("the <woman> washed", "the <woman>, washed", True),
        ("the <woman> washed", "the <woman>", True),
        ("the <woman> washed", "the (<woman> washed", True),
        ("the <woman> washed", "the \u4e2d<woman> washed", True),
        ("the <woman> washed", "the womann washed", False),
        ("the <woman> washed", "the women washed", False),
        ("the <woman> washed", "the wo man washed", False),
        ("the <woman> washed", "the washed", False),
        ("the <woman> washed", "thewoman washed", False),
        ("the <woman> washed", "the womanwashed", False),
        ("the <woman> washed", "the woman\u0301 washed", False),
        ("the <woman> washed", "the \0woman washed", False),
        ("a<,> b", "ab<,> b", True),
        ("a<,> b", "a<,>c b", True),
        ("a <[MASK]> b", "a <[MASK]>s b", True),
        ("a <[MASK]> b", "a [MASKS] b", False),
        ("a <[MASK][MASK]> b", "aa <[MASK][MASK]> b", True),
        ("a [<MASK> b", "a [MASK] b", False),
        ("a <[>MASK b", "a [MASK] b", False),
    ],
)
def test_what_an_edit_does_to_a_word(old: str, new: str, *, carried: bool) -> None:
    before, word = marked(old)
    after, there = marked(new)
    assert Edit.between(before, after).carry(word) == (there if carried else None)


@given(WORDY, WORDY, st.data())
def test_a_carried_word_is_the_same_word(old: str, new: str, data: st.DataObject) -> None:
    assume(words(old))
    span = data.draw(st.sampled_from(words(old)))
    carried = Edit.between(old, new).carry(span)
    if carried is not None:
        assert new[slice(*carried)] == old[slice(*span)]
        assert word_of(new, carried[0]) == carried


@given(st.text("ab ,", max_size=8), st.text("ab ,", max_size=8), st.text("ab ,", max_size=8))
def test_an_edit_apart_from_a_word_keeps_it(before: str, after: str, typed: str) -> None:
    old = f"{before} word {after}"
    span = (len(before) + 1, len(before) + 5)
    left = Edit.between(old, f"{typed} word {after}").carry(span)
    right = Edit.between(old, f"{before} word {typed}").carry(span)
    assert left == (len(typed) + 1, len(typed) + 5)
    assert right == span


def words(text: str) -> list[Span]:
    """Every word of `text`, in order."""
    found = {word_of(text, place) for place in range(len(text))}
    return sorted(span for span in found if span is not None)


def marked(text: str) -> tuple[str, Span]:
    """A text without its `<` and `>`, and the span between them."""
    return text.replace("<", "").replace(">", ""), (text.find("<"), text.find(">") - 1)
