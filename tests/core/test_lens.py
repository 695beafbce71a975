"""Where a word begins to lead, and what two lenses ask for together."""

from __future__ import annotations

import numpy as np
import pytest

from bertviz_app.core.lens import Depth, Lens, LensReading
from bertviz_app.core.request import Capture

WORD = 7


def reading(ranks: list[int]) -> LensReading:
    """One token at which `WORD` has these ranks, at the embedding and inside and after layers."""
    depths = [Depth(0)]
    for layer in range(1, (len(ranks) + 1) // 2):
        depths += [Depth(layer, between=True), Depth(layer)]
    numbers = np.zeros((1, len(ranks), 1), np.float32)
    whole = np.array(ranks, np.int32).reshape(1, -1, 1)
    return LensReading(
        (3,), tuple(depths), whole, numbers, np.array([[WORD]], np.int32), numbers, numbers, whole
    )


@pytest.mark.parametrize(
    ("ranks", "layer"),
    [
        ([9, 9, 9, 9, 1], 2),
        ([9, 9, 1, 1, 1], 1),
        ([1, 1, 1, 1, 1], 0),
        ([1, 1, 1, 2, 1], 2),  # overtaken between the two
        ([9, 1, 1, 1, 1], 1),  # it leads inside layer 1: after it is the first that counts
        ([1, 1, 1, 1, 2], None),
    ],
)
def test_a_word_leads_from_the_layer_after_which_it_is_never_overtaken(
    ranks: list[int], layer: int | None
) -> None:
    assert reading(ranks).leads_from(3, WORD) == layer


def test_a_word_that_was_not_followed_stands_nowhere() -> None:
    made = reading([1, 1, 1])
    assert made.standings(3, 8) == ()
    assert made.standings(2, WORD) == ()
    assert made.leads_from(3, 8) is None


def test_two_lenses_ask_for_everything_either_asks_for() -> None:
    one, other = Lens((1, 4), words=(7,)), Lens((4, 2), between=True, words=(5,))
    assert one | other == Lens((1, 2, 4), between=True, words=(5, 7))
    assert (Capture(lens=one) | Capture(lens=other)).lens == one | other
    assert (Capture() | Capture(lens=other, sizes=True)) == Capture(lens=other, sizes=True)
    assert Capture(lens=one) | Capture() == Capture(lens=one)
