"""Tests of the numbers of all heads as a table: what is offered, full ink, ranks."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from bertviz_app.analysis.head_table import HeadTable
from bertviz_app.analysis.measures import BY_NAME, MEASURES, NAMES
from bertviz_app.core.questions.heads_over_file import HeadsOverFileAnswer
from bertviz_app.core.trace import Trace
from tests.synthetic import encoding, model_facts, trace

PREVIOUS, ENTROPY, DISTANCE = (BY_NAME[name] for name in ("previous", "entropy", "distance"))
ALONE = encoding(("the", "woman", "washed", "hands", "."))


def run(seed: int = 0) -> Trace:
    return trace(ALONE, model_facts(), seed=seed)


def table(seed: int = 0) -> HeadTable:
    made = HeadTable.of_text(run(seed), None, signed=False)
    assert made is not None
    return made


def test_without_measures_there_is_no_table() -> None:
    bare = replace(run(), measures=None)
    assert HeadTable.of_text(bare, None, signed=False) is None
    assert HeadTable.of_text(run(), bare, signed=True) is None


def test_the_measures_of_a_pair_are_offered_where_there_is_one() -> None:
    assert [measure.name for measure in table().offered] == list(NAMES[:-2])
    pair = trace(encoding(("the", "woman"), ("her", "hands")), model_facts())
    of_pair = HeadTable.of_text(pair, None, signed=False)
    assert of_pair is not None
    assert of_pair.offered == MEASURES


def test_what_there_is_nothing_of_is_known() -> None:
    assert table().nothing == {"same word", "A to B", "B to A"}


def test_full_ink_is_the_most_there_can_be() -> None:
    assert table().full(PREVIOUS) == 1
    assert table().full(ENTROPY) == pytest.approx(math.log2(len(ALONE)))
    distances = run().measures
    assert distances is not None
    distances = distances[NAMES.index("distance")]
    assert table().full(DISTANCE) == pytest.approx(distances.max())


def test_a_difference_is_changed_minus_as_is_with_its_own_full_ink() -> None:
    changed, as_is = run(1), run(0)
    made = HeadTable.of_text(changed, as_is, signed=True)
    assert made is not None
    assert made.signed
    assert changed.measures is not None
    assert as_is.measures is not None
    change = (changed.measures - as_is.measures)[NAMES.index("previous")]
    np.testing.assert_array_equal(made.of(PREVIOUS), change)
    assert made.full(PREVIOUS) == pytest.approx(abs(change).max())
    assert made.as_is is as_is.measures


def test_rounding_is_no_difference() -> None:
    as_is = run(0)
    assert as_is.measures is not None
    changed = replace(as_is, measures=np.nextafter(as_is.measures, np.float32(np.inf)))
    made = HeadTable.of_text(changed, as_is, signed=True)
    assert made is not None
    assert not np.nan_to_num(made.numbers).any()


def test_heads_are_ordered_and_ranked_by_a_measure() -> None:
    made = table()
    ordered = made.order(PREVIOUS)
    assert [made.rank(PREVIOUS, head) for head in ordered] == [1, 2, 3, 4, 5, 6]
    values = [made.of(PREVIOUS)[head] for head in ordered]
    assert values == sorted(values, reverse=True)


def test_over_a_file_means_and_spreads_stand_beside_how_many_sentences_there_were() -> None:
    shape = (len(MEASURES), 2, 3)
    counts = np.full(len(MEASURES), 5)
    counts[NAMES.index("A to B")] = 0
    answer = HeadsOverFileAnswer(
        ("one",) * 5,
        False,
        5,
        counts,
        np.full(shape, 0.5, np.float32),
        np.full(shape, 0.1, np.float32),
        np.zeros((*shape, 10), np.int64),
        np.zeros((*shape, 10), np.float32),
    )
    made = HeadTable.over_file(answer)
    assert made.nothing == {"A to B"}
    assert made.counts is not None
    assert made.counts[0] == 5
    assert made.full(ENTROPY) == 0.5
