"""Every piece of a vocabulary is of one sort."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bertviz_app.core.pieces import Sort, sort_of
from tests.synthetic import model_facts


@pytest.mark.parametrize(
    ("piece", "sort"),
    [
        *(("the", Sort.WORD), ("##ing", Sort.INSIDE), ("[unused12]", Sort.UNUSED)),
        *(("", Sort.NONE), ("##", Sort.WORD), ("[unused]", Sort.WORD), ("[x]", Sort.WORD)),
    ],
)
def test_sort_is_told_by_how_it_is_written(piece: str, sort: Sort) -> None:
    assert sort_of(piece) is sort


def test_special_ones_are_told_by_the_tokenizer() -> None:
    assert sort_of("the", special=True) is Sort.SPECIAL
    assert sort_of("[CLS]") is Sort.WORD
    facts = replace(model_facts(V=30), specials=frozenset({0, 1}))
    assert facts.sort(0) is Sort.SPECIAL
    assert facts.ordinary.tolist() == [False, False, *[True] * 28]


def test_lengths_of_rows_are_those_of_float64() -> None:
    facts = model_facts()
    expected = np.linalg.norm(facts.token_table.astype(np.float64), axis=1)
    np.testing.assert_allclose(facts.token_lengths, expected, rtol=1e-6)
