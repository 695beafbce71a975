"""Tests of the head finder: from words to a measure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertviz_app.analysis.head_finder import measure_for
from bertviz_app.analysis.measures import MEASURES


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("the previous token", "previous"),
        ("token before", "previous"),
        ("previuos", "previous"),
        ("next", "next"),
        ("itself", "self"),
        ("the same word", "same word"),
        ("cls", "[CLS]"),
        ("[SEP]", "[SEP]"),
        ("commas", "punctuation"),
        ("everything", "entropy"),
        ("one token", "largest weight"),
        ("far away", "distance"),
        ("b to a", "B to A"),
    ],
)
def test_words_find_their_measure(words: str, name: str) -> None:
    found = measure_for(words)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("words", ["", "  ", "the token", "qwxz"])
def test_words_that_say_nothing_find_nothing(words: str) -> None:
    assert measure_for(words) is None


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)
def test_every_measure_is_found_by_its_name(measure: object) -> None:
    assert measure_for(measure.name) is measure  # type: ignore[attr-defined]


@given(st.text(max_size=40))
def test_any_text_finds_a_measure_or_none(words: str) -> None:
    assert measure_for(words) in (*MEASURES, None)
