"""Tests of a text whose words are turned round; marks stay, and what was pinned goes along."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertviz_app.core.reversal import Reversal


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("I like cats", "cats like I"),
        ("The woman washed [MASK] hands.", "hands [MASK] washed woman The."),
        ("She is a [MASK].", "[MASK] a is She."),
        ("“Don't,” he said.", "“said,” he Don't."),
        ("Well – I (really)  know!", "know – really (I)  Well!"),
        ("one", "one"),
        ("", ""),
        (" … ", " … "),
    ],
)
def test_words_change_places_and_marks_stay(old: str, new: str) -> None:
    assert Reversal(old).new == new


def test_a_mask_of_another_model_is_one_word() -> None:
    assert Reversal("a <mask> b.", "<mask>").new == "b <mask> a."
    assert Reversal("see [mask], ok").new == "ok [mask], see"


def test_what_stood_in_a_word_stands_in_it_still() -> None:
    reversal = Reversal("The woman's hands.")
    assert reversal.new == "hands woman's The."
    for part in ("The", "woman", "hands", "."):
        start = reversal.old.index(part)
        carried = reversal.carry((start, start + len(part)))
        assert carried is not None
        assert reversal.new[slice(*carried)] == part
    assert reversal.carry((0, 9)) is None


@given(st.text(alphabet="ab [MASK].,'-😀é\n", max_size=40) | st.text(max_size=40))
def test_turned_round_twice_it_is_the_text_again(old: str) -> None:
    once = Reversal(old)
    assert sorted(once.new) == sorted(old)
    assert len(once.new) == len(old)
    assert Reversal(once.new).new == old
