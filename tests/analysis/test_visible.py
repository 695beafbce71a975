"""Tests of visible text: nothing is hidden, nothing reorders what stands around it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertviz_app.analysis.visible import cell_text, isolated, named, quoted, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("her", "her"),
        ("##iness", "##iness"),
        ("<img src=x>", "<img src=x>"),
        ("a\0b", "a␀b"),
        ("\t\n\x7f", "␉␊␡"),
        ("\u202eabc", "‹202E›abc"),
        ("a\u200bb", "a‹200B›b"),
        ("\ufeff", "‹FEFF›"),
        ("a\u00a0b", "a‹00A0›b"),
        ("\u2028", "‹2028›"),
        ("\U000e0041", "‹E0041›"),
        ("\ud83d", "‹D83D›"),
        ("👨\u200d👩", "👨\u200d👩"),
        ("2\ufe0f\u20e3", "2\ufe0f\u20e3"),
        ("x\u200dy", "x‹200D›y"),
        ("é中א", "é中א"),
    ],
)
def test_what_prints_nothing_gets_a_sign(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_long_text_is_cut_and_says_so() -> None:
    assert visible("x" * 300) == "x" * 31 + "…"
    assert visible("naive", 5) == "naive"
    assert visible("naïve", 4) == "naï…"


@given(st.text(st.characters(), max_size=20))
def test_no_control_survives(text: str) -> None:
    for letter in visible(text, 40):
        assert unicodedata.category(letter) not in ("Cc", "Cs", "Zl", "Zp")
        assert unicodedata.bidirectional(letter) not in ("RLO", "LRO", "RLE", "LRE", "RLI", "LRI")


def test_only_text_from_right_to_left_is_isolated() -> None:
    assert isolated("her") == "her"
    assert isolated("אבגד") == "\u2068אבגד\u2069"


def test_a_name_moves_nothing_in_a_sentence() -> None:
    assert named("notes.json") == "notes.json"
    assert named("a\u202eb.json") == "a‹202E›b.json"
    assert named("אבגד") == "\u2068אבגד\u2069"
    assert len(named("x" * 300)) == 80


def test_a_quoted_text_stays_between_its_marks_on_one_line() -> None:
    assert quoted("a\ncat  sat", 40) == "“a cat sat”"
    assert quoted("a \u202ecat", 40) == "“a ‹202E›cat”"
    assert quoted("אבגד", 40) == "“\u2068אבגד\u2069”"
    assert quoted("x" * 41, 40) == f"“{'x' * 39}…”"


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_cell_is_never_a_formula(start: str) -> None:
    assert cell_text(f"{start}cmd()") == f"'{start}cmd()"


def test_a_cell_is_never_two() -> None:
    assert cell_text("a\tb\nc") == "a␉b␊c"
