"""Searching a vocabulary finds what a loop over it finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertviz_app.analysis.vocabulary import Index, Matching

PIECES = ("[CLS]", "the", "The", "##the", "other", "", "<b>", ".*", "Ünder", "the")


@pytest.mark.parametrize(
    ("letters", "matching", "found"),
    [
        ("the", Matching.CONTAIN, [1, 2, 3, 4, 9]),
        ("THE", Matching.START, [1, 2, 9]),
        ("the", Matching.EXACT, [1, 2, 9]),
        ("##the", Matching.EXACT, [3]),
        (".*", Matching.CONTAIN, [7]),
        ("[", Matching.START, [0]),
        ("b", Matching.CONTAIN, [6]),
        ("zzz", Matching.CONTAIN, []),
        ("", Matching.EXACT, [*range(10)]),
    ],
)
def test_letters_are_found_as_they_are_written(
    letters: str, matching: Matching, found: list[int]
) -> None:
    assert list(Index(PIECES).find(letters, matching)) == found


@given(st.lists(st.text()), st.text(min_size=1))
def test_any_letters_are_found(pieces: list[str], letters: str) -> None:
    found = Index(pieces).find(letters, Matching.CONTAIN)
    assert list(found) == [at for at, one in enumerate(pieces) if letters.lower() in one.lower()]
