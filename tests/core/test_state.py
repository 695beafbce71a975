"""Tests that a pin stays on its token through edits, and never jumps to another."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bertviz_app.core.encoding import Encoding
from bertviz_app.core.request import Request
from bertviz_app.core.state import Pin, Role, State
from bertviz_app.core.text import Edit, word_of


def encoded(text: str, pair: str = "") -> Encoding:
    """A BERT whose pieces are the halves of each word."""
    tokens, spans, segments, added = ["[CLS]"], [(0, 0)], [0], [0]
    for segment, sentence in enumerate((text, pair) if pair else (text,)):
        for span in sorted({word_of(sentence, place) or (0, 0) for place in range(len(sentence))}):
            middle = (span[0] + span[1] + 1) // 2
            halves = [half for half in ((span[0], middle), (middle, span[1])) if half[0] < half[1]]
            spans += halves
            tokens += [sentence[slice(*half)] for half in halves]
            segments += [segment] * len(halves)
        added.append(len(tokens))
        tokens, spans, segments = [*tokens, "[SEP]"], [*spans, (0, 0)], [*segments, segment]
    ids = range(len(tokens))
    return Encoding(tuple(ids), tuple(segments), tuple(tokens), tuple(spans), tuple(added))


def pin(encoding: Encoding, text: str, position: int, sentence: int = 0) -> Pin:
    """The pin on a token of `text`."""
    span = encoding.spans[position]
    word = word_of(text, span[0])
    assert word is not None
    return Pin(sentence, span, word, nth=encoding.nth(position))


def test_a_pin_is_found_where_it_was_put() -> None:
    text, pair = "the woman washed.", "the end"
    encoding = encoded(text, pair)
    for position, sentence in enumerate(encoding.sentences):
        if sentence is not None:
            kept = pin(encoding, (text, pair)[sentence], position, sentence)
            assert kept.find(encoding) == position


@pytest.mark.parametrize(
    ("new", "position"),
    [
        ("the man washed", 5),
        ("the old woman washed", 7),
        ("washed", 1),
        ("the woman washed, too", 5),
        ("the woman washes", None),
        ("the woman was hed", None),
        ("the womanwashed", None),
        ("the woman", None),
    ],
)
def test_a_pin_goes_with_its_word(new: str, position: int | None) -> None:
    old = "the woman washed"
    carried = pin(encoded(old), old, 5).carried(0, Edit.between(old, new))
    assert (None if carried is None else carried.find(encoded(new))) == position


def test_a_pin_inside_a_word_keeps_its_piece() -> None:
    old, new = "the woman washed", "a woman washed"
    carried = pin(encoded(old), old, 6).carried(0, Edit.between(old, new))
    assert carried == Pin(0, (11, 14), (8, 14))


@given(st.text("ab ,.", max_size=10), st.text("ab ,.", max_size=10), st.data())
def test_a_carried_pin_never_jumps_to_another_piece(
    old: str, new: str, data: st.DataObject
) -> None:
    before, after = encoded(old), encoded(new)
    assume(len(before) > 2)
    position = data.draw(st.integers(1, len(before) - 2))
    edit = Edit.between(old, new)
    carried = pin(before, old, position).carried(0, edit)
    if carried is not None:
        found = carried.find(after)
        assert found is not None
        assert after.tokens[found] == before.tokens[position]
        # As many pieces stand between it and the end of the text that the edit left alone.
        if edit.end <= before.spans[position][0]:
            assert len(after) - found == len(before) - position
        else:
            assert found == position


def test_pieces_of_one_letter_keep_their_own_pin() -> None:
    pieces = ("[CLS]", "\u1112", "##\u1161", "##\u11ab", "[SEP]")
    spans = ((0, 0), (0, 1), (0, 1), (0, 1), (0, 0))
    syllable = Encoding((2, 20, 21, 22, 3), (0,) * 5, pieces, spans, added=(0, 4))
    assert [pin(syllable, "\ud55c", position).find(syllable) for position in (1, 2, 3)] == [1, 2, 3]


def test_an_edit_of_the_other_sentence_leaves_a_pin_alone() -> None:
    kept = Pin(1, (0, 3), (0, 3))
    assert kept.carried(0, Edit.between("abc", "")) is kept


def test_a_pin_on_a_piece_that_was_not_read_finds_nothing() -> None:
    assert Pin(0, (90, 95), (90, 95)).find(encoded("the woman")) is None


def test_roles_are_found_in_every_text() -> None:
    one, two = encoded("one two"), encoded("one two", "three")
    assert [Pin(role=role).find(one) for role in Role] == [0, 5, None]
    assert [Pin(role=role).find(two) for role in Role] == [0, 5, 8]


def test_a_role_stays_whatever_is_typed() -> None:
    end = Pin(role=Role.END_OF_A)
    assert end.carried(0, Edit.between("one two", "")) is end


def test_a_state_knows_its_sentences() -> None:
    state = State("one", "two")
    assert [state.sentence(number) for number in (0, 1)] == ["one", "two"]
    assert State("one").sentence(1) == ""


def test_a_missing_second_sentence_is_asked_for_as_an_empty_one() -> None:
    assert State("one").same_texts(Request("one"))
    assert State("one", "").same_texts(Request("one"))
    assert not State("one", "two").same_texts(Request("one"))
    assert not State("one").same_texts(Request("two"))
