"""Tests of the numbers beside the tiles: how many there is room for."""

from __future__ import annotations

import pytest

from bertviz_app.ui.parts.mosaic_marks import with_room


@pytest.mark.parametrize(
    ("count", "shown", "step", "written"),
    [
        (5, 2, 1, [0, 1, 2, 3, 4]),
        (9, 4, 2, [0, 2, 4, 6, 8]),
        (9, 3, 2, [0, 3, 6, 8]),
        (9, 8, 4, [0, 4, 8]),
        (1, 0, 3, [0]),
    ],
)
def test_numbers_that_would_touch_the_shown_one_give_way(
    count: int, shown: int, step: int, written: list[int]
) -> None:
    assert with_room(count, shown, step) == written
