"""Rules of order and of segments: what each token of a text is given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertviz_app.core.encoding import Encoding
from bertviz_app.core.order import position_ids, segment_ids
from bertviz_app.core.spec import ModelSpec

TWO, ONE = (
    ModelSpec(
        layers=1, heads=1, width=4, feed_forward=4, vocabulary=9, positions=600, segments=segments
    )
    for segments in (2, 1)
)


def text(first: int, second: int = 0) -> Encoding:
    """`[CLS] A [SEP]`, with B and its [SEP] if B has tokens."""
    count = first + 2 + (second + 1 if second else 0)
    added = (0, first + 1, count - 1) if second else (0, first + 1)
    segments = tuple(int(token > first + 1) for token in range(count))
    spans = tuple((0, 0) if token in added else (token, token + 1) for token in range(count))
    return Encoding(tuple(range(count)), segments, ("x",) * count, spans, added)


def test_each_sentence_is_reversed_within_itself() -> None:
    assert position_ids("reversed", text(3)) == (0, 3, 2, 1, 4)
    assert position_ids("reversed", text(2, 3)) == (0, 2, 1, 3, 6, 5, 4, 7)
    assert position_ids("reversed", text(0)) == (0, 1)
    assert position_ids(None, text(3)) is None
    assert position_ids((4, 4, 4), text(1)) == (4, 4, 4)


@given(st.integers(2, 200), st.integers(0, 50))
def test_a_shuffled_text_is_another_order_of_the_same_positions(first: int, second: int) -> None:
    found = position_ids("shuffled", text(first, second))
    assert found is not None
    assert sorted(found) == list(range(len(found)))
    assert found[0] == 0
    assert found[first + 1] == first + 1
    own = found[1 : first + 1]
    assert own != tuple(range(1, first + 1))
    assert first == 2 or own != tuple(range(first, 0, -1))
    assert position_ids("shuffled", text(first, second)) == found


@given(st.integers(1, 100))
def test_a_word_more_leaves_the_order_among_the_others(count: int) -> None:
    def order(found: tuple[int, ...] | None) -> list[int]:
        assert found is not None
        return sorted(range(1, count + 1), key=found.__getitem__)

    shorter, longer = (position_ids("shuffled", text(size)) for size in (count, count + 1))
    assert order(shorter) == order(longer)


@pytest.mark.parametrize(
    ("rule", "two", "one"),
    [("all A", (0, 0, 0, 0, 0), (0,) * 5), ("swapped", (1, 1, 1, 0, 0), (0,) * 5)],
)
def test_segments_are_exchanged_where_there_are_two(
    rule: str, two: tuple[int, ...], one: tuple[int, ...]
) -> None:
    assert segment_ids(rule, text(1, 1), TWO) == two
    assert segment_ids(rule, text(1, 1), ONE) == one
    assert segment_ids(None, text(1, 1), TWO) is None
