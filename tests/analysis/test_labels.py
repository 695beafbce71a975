"""Tests of labels: twins, length, strange tokens, and where there is room for which."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertviz_app.analysis.labels import LETTERS, numbered, placed, spread


def test_twins_are_numbered_and_others_are_not() -> None:
    tokens = ("[CLS]", "the", "cat", "the", "##s", "the", "[SEP]")
    assert numbered(tokens) == ("[CLS]", "the₁", "cat", "the₂", "##s", "the₃", "[SEP]")
    assert numbered(("a",) * 12)[-1] == "a₁₂"


def test_long_labels_have_ten_letters_and_their_number() -> None:
    tokens = ("abcdefghij", "abcdefghijk", "abcdefghijk")
    assert numbered(tokens, LETTERS) == ("abcdefghij", "abcdefghij…₁", "abcdefghij…₂")
    assert numbered(tokens)[1] == "abcdefghijk₁"


def test_tokens_that_would_hide_or_turn_the_text_are_shown_as_signs() -> None:
    assert numbered(("a\nb", "\u202eevil", "<img src=x>")) == ("a␊b", "‹202E›evil", "<img src=x>")


def test_all_cells_are_named_while_there_is_room() -> None:
    assert placed(4, 60, 13, ()) == {0: 7.5, 1: 22.5, 2: 37.5, 3: 52.5}


def test_with_half_the_room_every_second_is_named_and_the_important_ones_come_first() -> None:
    found = placed(10, 80, 13, [5])
    assert found[5] == 44
    assert sorted(found) == [0, 2, 5, 8]
    assert all(middle == (at + 0.5) * 8 for at, middle in found.items())


def test_with_a_third_of_the_room_every_third_is_named() -> None:
    assert sorted(placed(10, 50, 13, [])) == [0, 3, 6, 9]
    assert placed(10, 40, 13, []) == {}


def test_without_room_only_the_important_ones_are_named_moved_apart() -> None:
    found = placed(100, 300, 13, [50, 51, 0, 99, 50])
    assert sorted(found) == [0, 50, 51, 99]
    assert found[51] - found[50] == pytest.approx(13)
    assert (found[50] + found[51]) / 2 == pytest.approx(153)
    assert found[0] == pytest.approx(6.5)
    assert found[99] == pytest.approx(293.5)


def test_the_label_that_is_held_stays_at_its_cell_and_the_others_give_way() -> None:
    found = placed(100, 300, 13, [50, 49, 51, 52, 0], held=50)
    assert found[50] == 151.5
    assert [found[49], found[51], found[52]] == pytest.approx([138.5, 164.5, 177.5])
    assert placed(100, 300, 13, [0, 1], held=0) == pytest.approx({0: 6.5, 1: 19.5})
    assert sorted(placed(100, 26, 13, [50, 49, 51], held=50)) == [50]


def test_too_many_important_ones_are_cut_from_the_end() -> None:
    assert sorted(placed(100, 30, 13, [7, 90, 3, 50])) == [7, 90]


def test_no_cells_and_no_room_are_no_error() -> None:
    assert placed(0, 0, 13, []) == {}
    assert placed(100, 5, 13, [1]) == {}


@given(
    st.lists(st.floats(0, 400), min_size=1, max_size=30).map(sorted),
    st.floats(5, 13),
)
def test_labels_that_are_moved_apart_keep_order_distance_and_bounds(
    wanted: list[float], line: float
) -> None:
    found = spread(wanted, line, 400)
    assert all(after - before >= line - 1e-6 for before, after in itertools.pairwise(found))
    assert found[0] >= line / 2 - 1e-6
    assert found[-1] <= 400 - line / 2 + 1e-6


def test_labels_with_room_are_not_moved() -> None:
    assert spread([10, 50, 90], 13, 100) == [10, 50, 90]
