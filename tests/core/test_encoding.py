"""Tests how tokens are found again by where they stand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bertviz_app.core.encoding import Encoding, Reading

# [CLS] He ##llo , [SEP] [SEP] he [SEP], of "Hello, [SEP]" and "he": the second of the three
# separators was typed.
PAIR = Encoding(
    ids=(2, 10, 11, 12, 3, 3, 10, 3),
    segments=(0, 0, 0, 0, 0, 0, 1, 1),
    tokens=("[CLS]", "he", "##llo", ",", "[SEP]", "[SEP]", "he", "[SEP]"),
    spans=((0, 0), (0, 2), (2, 5), (5, 6), (7, 12), (0, 0), (0, 2), (0, 0)),
    added=(0, 5, 7),
)


def test_its_length_is_the_number_of_tokens() -> None:
    assert len(PAIR) == 8


def test_a_typed_separator_belongs_to_its_sentence_and_an_added_one_to_none() -> None:
    assert PAIR.sentences == (None, 0, 0, 0, 0, None, 1, None)


def test_a_model_with_one_segment_has_two_sentences_all_the_same() -> None:
    assert replace(PAIR, segments=(0,) * 8).sentences == PAIR.sentences


def test_a_token_is_found_by_its_sentence_and_span() -> None:
    assert PAIR.find(0, (0, 2)) == 1
    assert PAIR.find(1, (0, 2)) == 6
    assert PAIR.find(0, (7, 12)) == 4


def test_no_token_is_found_where_none_stands() -> None:
    assert PAIR.find(0, (0, 5)) is None
    assert PAIR.find(1, (2, 5)) is None
    assert PAIR.find(0, (0, 0)) is None
    assert PAIR.find(0, (0, 2), nth=1) is None


def test_pieces_of_one_letter_are_told_apart() -> None:
    # Without its accents, as an uncased BERT reads it, a Hangul syllable is three letters.
    syllable = Encoding(
        ids=(2, 20, 21, 22, 3),
        segments=(0,) * 5,
        tokens=("[CLS]", "\u1112", "##\u1161", "##\u11ab", "[SEP]"),
        spans=((0, 0), (0, 1), (0, 1), (0, 1), (0, 0)),
        added=(0, 4),
    )
    assert [syllable.nth(position) for position in (1, 2, 3)] == [0, 1, 2]
    assert [syllable.find(0, (0, 1), nth) for nth in range(4)] == [1, 2, 3, None]


def test_the_same_span_of_the_other_sentence_does_not_count() -> None:
    assert PAIR.nth(6) == 0


def test_the_token_over_a_character() -> None:
    assert [PAIR.at(0, character) for character in (0, 1, 2, 5, 6, 7, 11, 12)] == [
        *(1, 1, 2, 3, None, 4, 4, None)
    ]
    assert [PAIR.at(1, character) for character in (0, 1, 2)] == [6, 6, None]


@pytest.mark.parametrize("name", ["segments", "tokens", "spans"])
def test_each_token_has_everything(name: str) -> None:
    entries = {
        "segments": PAIR.segments,
        "tokens": PAIR.tokens,
        "spans": PAIR.spans,
    }
    entries[name] = entries[name][1:]
    with pytest.raises(ValueError, match=f"{name}: 8 entries expected, found 7"):
        Encoding(ids=PAIR.ids, added=PAIR.added, **entries)


def test_what_is_not_read_is_what_was_dropped() -> None:
    assert Reading(read=510, pieces=613, cut_at=2048).unread == 103
    assert Reading(read=9, pieces=9).unread == 0
