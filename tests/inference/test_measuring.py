"""Tests of the head measures, against a direct and slow computation in float64."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch

from bertviz_app.analysis.measures import MEASURES, NAMES, absent
from bertviz_app.core.encoding import Encoding
from bertviz_app.core.trace import Array
from bertviz_app.inference import measuring
from tests.synthetic import encoding, short_encoding

REPEATED = ("the", "un", "##ha", "##pp", ".", "the", "[MASK]", "un", "##ha", "##pp", ".", "[MASK]")
TEXTS = {
    "repeated": encoding(REPEATED),
    "pair": encoding(("the", "woman", "washed"), ("her", "hands", ".")),
    "plain": encoding(("the", "woman")),
}


def weights(T: int, L: int = 2, H: int = 3, seed: int = 0) -> Array:
    chance = np.random.default_rng(seed)
    made = chance.exponential(size=(L, H, T, T))
    made[0, 0] = np.eye(T)  # exact zeros: their logarithm must do no harm
    return (made / made.sum(axis=-1, keepdims=True)).astype(np.float32)


def measured(maps: Array, text: Encoding) -> Array:
    return measuring.measured(torch.from_numpy(maps), text)


def value(measure: str, maps: Array, head: tuple[int, int], text: Encoding) -> float:
    return float(measured(maps, text)[NAMES.index(measure)][head])


def mean_over_rows(rows: Array, targets: Callable[[int, int], bool]) -> float:
    """The weight on the targets of each row (T, T), mean over the rows that have one."""
    T, sums = len(rows), []
    for query in range(T):
        keys = [key for key in range(T) if targets(query, key)]
        if keys:
            sums.append(math.fsum(float(rows[query, key]) for key in keys))
    return math.fsum(sums) / len(sums) if sums else math.nan


def directly(rows: Array, text: Encoding) -> dict[str, float]:
    """All measures of one head, one weight at a time."""
    T, tokens, side = len(text), text.tokens, text.sentences
    entropy = math.fsum(-float(w) * math.log2(w) for w in rows.flat if w > 0) / T
    distance = math.fsum(float(rows[q, k]) * abs(q - k) for q in range(T) for k in range(T)) / T
    # Where each word of REPEATED that stands twice has its two places.
    places = {"the": ({1}, {6}), "un ##ha ##pp": ({2, 3, 4}, {8, 9, 10})}
    twice = list(places.values()) if tokens[1:-1] == REPEATED else []

    def same_word(query: int, key: int) -> bool:
        return any(
            (query in one and key in other) or (query in other and key in one)
            for one, other in twice
        )

    return {
        "entropy": entropy,
        "entropy ÷ log₂ T": entropy / math.log2(T),
        "distance": distance,
        "self": mean_over_rows(rows, lambda q, k: q == k),
        "previous": mean_over_rows(rows, lambda q, k: k == q - 1),
        "next": mean_over_rows(rows, lambda q, k: k == q + 1),
        "same word": mean_over_rows(rows, same_word),
        "[CLS]": mean_over_rows(rows, lambda q, k: tokens[k] == "[CLS]"),
        "[SEP]": mean_over_rows(rows, lambda q, k: tokens[k] == "[SEP]"),
        "punctuation": mean_over_rows(rows, lambda q, k: tokens[k] == "."),
        "largest weight": math.fsum(max(map(float, row)) for row in rows) / T,
        "A to B": mean_over_rows(rows, lambda q, k: side[q] == 0 and side[k] == 1),
        "B to A": mean_over_rows(rows, lambda q, k: side[q] == 1 and side[k] == 0),
    }


@pytest.mark.parametrize("name", TEXTS)
def test_measures_equal_their_definition(name: str) -> None:
    text = TEXTS[name]
    maps = weights(len(text))
    found = measured(maps, text)
    assert found.shape == (len(MEASURES), 2, 3)
    assert found.dtype == np.float32
    for layer, head in np.ndindex(2, 3):
        wanted = directly(maps[layer, head], text)
        assert list(wanted) == list(NAMES)
        np.testing.assert_allclose(found[:, layer, head], [*wanted.values()], atol=1e-5)


@pytest.mark.parametrize("name", TEXTS)
def test_what_a_text_has_nothing_for_is_not_a_number_and_named(name: str) -> None:
    text = TEXTS[name]
    nothing = np.isnan(measured(weights(len(text)), text)).all(axis=(1, 2))
    assert absent(text) == {name for name, none in zip(NAMES, nothing, strict=True) if none}


def test_blanks_unknown_words_and_marks_are_no_words_that_repeat() -> None:
    text = replace(encoding((".", "[MASK]", "x", ".", "[MASK]", "y")), unknown=(3, 6))
    text = replace(text, tokens=("[CLS]", ".", "[MASK]", "[UNK]", ".", "[MASK]", "[UNK]", "[SEP]"))
    assert "same word" in absent(text)


def test_a_typed_separator_counts_as_one() -> None:
    text = encoding(("the", "[SEP]", "the"))
    assert value("[SEP]", np.full((1, 1, 5, 5), 0.2, np.float32), (0, 0), text) == pytest.approx(
        0.4
    )


def test_one_row_of_one_token_is_measured() -> None:
    text = short_encoding(1)
    assert value("entropy", np.ones((1, 1, 1, 1), np.float32), (0, 0), text) == 0
    assert "entropy ÷ log₂ T" in absent(text)


def test_weights_that_are_no_numbers_have_no_measure() -> None:
    maps = weights(4)
    maps[1, 2, 0, 0] = np.nan
    found = measured(maps, TEXTS["plain"])
    assert np.isnan(found[:, 1, 2]).all()
    assert np.isfinite(found[NAMES.index("previous"), 0]).all()
