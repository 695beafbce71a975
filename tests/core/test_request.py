"""Tests that what is changed inside BERT is one comparable value, checked entry by entry."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertviz_app.core.request import Capture, Interventions, Request
from bertviz_app.core.spec import ModelSpec

SPEC = ModelSpec(layers=2, heads=3, width=12, feed_forward=24, vocabulary=30, positions=16)
HEADS = st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)))
ROWS = st.dictionaries(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)),
    st.lists(st.floats(0.01, 1.0), min_size=1, max_size=4),
)


@given(HEADS, ROWS, st.booleans())
def test_equal_changes_are_equal_and_hash_alike(
    heads: set[tuple[int, int]],
    rows: dict[tuple[int, int, int], list[float]],
    causal: bool,
) -> None:
    backwards = {key: np.array(row) for key, row in reversed(rows.items())}
    one = Interventions(heads, causal, (1, 1, 1), rows)
    other = Interventions([*heads, *heads], causal, np.ones(3), backwards)
    assert one == other
    assert hash(one) == hash(other)
    assert Request("a", interventions=one) == Request("a", interventions=other)


def test_changes_are_kept_sorted() -> None:
    changes = Interventions({(5, 11), (0, 3)}, attention={(2, 7, 4): [0, 1], (0, 1, 1): [1, 0]})
    assert changes.heads_off == ((0, 3), (5, 11))
    assert changes.attention == (((0, 1, 1), (1.0, 0.0)), ((2, 7, 4), (0.0, 1.0)))


def test_a_row_is_used_as_given() -> None:
    row = np.array([0.1, 0.7, 0.9], dtype=np.float32)
    ((_, kept),) = Interventions(attention={(0, 0, 0): row}).attention
    assert np.array_equal(np.float32(kept), row)


def test_rows_may_be_given_as_they_are_kept() -> None:
    changes = Interventions(attention={(0, 0, 0): [1.0, 2.0]})
    assert Interventions(attention=changes.attention) == changes


def test_only_a_change_counts_as_one() -> None:
    assert not Interventions()
    assert not Interventions(parts=(1, 1, 1), heads_off=[], attention={})
    assert Interventions(causal=True)
    assert Interventions(heads_off={(0, 0)})
    assert Interventions(parts=(1, 1, 0))
    assert Interventions(attention={(0, 0, 0): [1.0]})
    assert Interventions(position_ids="reversed")
    assert Interventions(segment_ids=[0])
    assert Interventions(position_table="sinusoidal")
    assert Interventions(anticausal=True)
    assert Interventions(hidden_keys={0})
    assert not Interventions(hidden_keys=[], position_table="learned", position_ids=None)


@pytest.mark.parametrize(
    ("heads", "sentence"),
    [
        ([(0, -1)], r"heads_off \(0, -1\): .* counted from 0"),
        ([(0, 1, 2)], r"heads_off \(0, 1, 2\): \(layer, head\) expected"),
        ([(0,)], r"heads_off \(0,\): \(layer, head\) expected"),
    ],
)
def test_a_wrong_head_is_named(heads: list[tuple[int, int]], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Interventions(heads_off=heads)


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda: Interventions(heads_off=[(0.5, 1)]), r"heads_off \(0\.5, 1\): \(layer, head\) ex"),
        (lambda: Interventions(heads_off=(0, 3)), r"heads_off 0: \(layer, head\) expected"),
        (
            lambda: Interventions(hidden_keys=["cat"]),
            "hidden_keys: 'cat'; ids and tokens are whole",
        ),
        (lambda: Capture(logits_at=4), r"logits_at: 4; several tokens are expected, as in \(4,\)"),
        (lambda: Request(None), "text: a text is expected, found None"),
        (lambda: Request("a", None), "pair: a text is expected, found None; none at all is ''"),
    ],
)
def test_what_is_of_a_wrong_kind_is_named(ask: Callable[[], object], sentence: str) -> None:
    with pytest.raises(TypeError, match=f"^{sentence}"):
        ask()


def test_logits_of_no_token_are_named() -> None:
    with pytest.raises(ValueError, match="logits_at: -1; ids and tokens are counted from 0"):
        Capture(logits_at=(0, -1))


def test_the_tokens_of_logits_are_kept_in_the_order_given() -> None:
    assert Capture(logits_at=np.array([4, 1])) == Capture(logits_at=(4, 1))
    assert hash(Capture(logits_at=[4, 1])) == hash(Capture(logits_at=(4, 1)))


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ((1.0, 1.0), "parts: 2 factors"),
        ((1.0, 1.0, 1.0, 1.0), "parts: 4 factors"),
        ((-1.0, 1.0, 1.0), "the token factor is -1.0"),
        ((1.0, math.nan, 1.0), "the segment factor is nan"),
        ((1.0, 1.0, math.inf), "the position factor is inf"),
    ],
)
def test_a_wrong_factor_is_named(parts: tuple[float, ...], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Interventions(parts=parts)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ({(0, 1, -2): [1.0]}, r"attention \(0, 1, -2\): .* counted from 0"),
        ({(0, 1): [1.0]}, r"attention \(0, 1\): \(layer, head, query\) expected"),
        ({(0, 1, 2): [0.5, -0.5]}, r"attention \(0, 1, 2\): .* 0 or more"),
        ({(0, 1, 2): [0.5, math.nan]}, r"attention \(0, 1, 2\): .* 0 or more"),
        ({(0, 1, 2): [0.5, math.inf]}, r"attention \(0, 1, 2\): .* 0 or more"),
        ({(0, 1, 2): [0.0, 0.0]}, r"attention \(0, 1, 2\): the weights sum to 0"),
        ({(0, 1, 2): []}, r"attention \(0, 1, 2\): the weights sum to 0"),
        ({(0, 1, 2): [[1.0]]}, r"attention \(0, 1, 2\): .* found 2 dimensions"),
        ({(0, 1, 2): 1.0}, r"attention \(0, 1, 2\): .* found 0 dimensions"),
    ],
)
def test_a_wrong_row_is_named(
    rows: Mapping[tuple[int, int, int], list[float]], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        Interventions(attention=rows)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"position_ids": "sideways"},
            "position_ids: 'sideways' is none of 'reversed', 'shuffled'",
        ),
        ({"position_ids": [0, -1]}, "position_ids of token 1: -1; .* counted from 0"),
        ({"segment_ids": "all B"}, "segment_ids: 'all B' is none of 'all A', 'swapped'"),
        ({"segment_ids": [-1]}, "segment_ids of token 0: -1; .* counted from 0"),
        ({"position_table": "rotary"}, "position_table: 'rotary' is none of 'learned'"),
        ({"hidden_keys": [2, -3]}, "hidden_keys: -3; .* counted from 0"),
    ],
)
def test_what_is_none_of_the_choices_is_named(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Interventions(**given)


def test_ids_and_tokens_may_come_from_numpy() -> None:
    changes = Interventions(position_ids=np.arange(3)[::-1], hidden_keys=np.array([2, 1, 2]))
    assert (changes.position_ids, changes.hidden_keys) == ((2, 1, 0), (1, 2))
    assert hash(changes) == hash(Interventions(position_ids=[2, 1, 0], hidden_keys={1, 2}))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (Interventions(position_ids=[0, 1, 2]), "position_ids: 3 ids for 4 tokens"),
        (Interventions(position_ids=[0, 1, 16, 3]), "position_ids of token 2: 16; .* has 16"),
        (Interventions(segment_ids=[0] * 5), "segment_ids: 5 ids for 4 tokens"),
        (Interventions(segment_ids=[0, 2, 1, 0]), "segment_ids of token 1: 2; the model has 2"),
        (Interventions(hidden_keys={1, 4}), "hidden_keys 4: the text has 4 tokens"),
        (Interventions(heads_off={(2, 0)}), r"heads_off \(2, 0\): the model has 2 layers"),
        (Interventions(heads_off={(0, 3)}), r"heads_off \(0, 3\): .* 3 heads"),
        (Interventions(attention={(2, 0, 0): [1] * 4}), r"attention \(2, 0, 0\): .* 2 layers"),
        (Interventions(attention={(0, 3, 0): [1] * 4}), r"attention \(0, 3, 0\): .* 3 heads"),
        (Interventions(attention={(0, 0, 4): [1] * 4}), r"attention \(0, 0, 4\): .* 4 tokens"),
        (Interventions(attention={(0, 0, 0): [1] * 3}), r"attention \(0, 0, 0\): 3 weights for 4"),
    ],
)
def test_what_does_not_exist_in_a_run_is_named(changes: Interventions, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        changes.check(SPEC, tokens=4)


def test_what_exists_in_a_run_passes() -> None:
    Interventions(
        {(0, 0), (1, 2)}, causal=True, parts=(0, 1, 2), attention={(1, 2, 3): [0, 0, 0, 1]}
    ).check(SPEC, tokens=4)


def test_captures_add_up() -> None:
    one = Capture(logits_at=(4, 1), gradients=(4, 17))
    other = Capture(logits_at=(1, 2), qkv=True, gradients=(1, 3))
    assert one | other == Capture((1, 2, 4), qkv=True, gradients=(4, 17))
    assert Capture() | other == Capture((1, 2), qkv=True, gradients=(1, 3))
    assert Capture(measures=True) | other | Capture() == replace(other, measures=True)
