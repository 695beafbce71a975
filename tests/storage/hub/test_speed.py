"""The rate of a counter over the last seconds."""

from __future__ import annotations

import pytest

from bertviz_app.storage.hub.speed import WINDOW, Speed


def test_there_is_no_rate_before_there_is_anything_to_go_by() -> None:
    speed = Speed()
    assert speed.rate is None
    speed.see(10.0, 500)
    assert speed.rate is None
    speed.see(10.0, 900)
    assert speed.rate is None


def test_what_was_long_ago_does_not_count() -> None:
    speed = Speed()
    for second in range(20):
        speed.see(second, 1000 * min(second, 10))
    assert speed.rate == 0
    speed.see(20, 10_000 + 2500)
    assert speed.rate == pytest.approx(2500 / WINDOW)


def test_a_counter_that_goes_back_begins_anew() -> None:
    speed = Speed()
    speed.see(0, 0)
    speed.see(1, 1000)
    speed.see(2, 0)
    assert speed.rate is None
    speed.see(3, 500)
    assert speed.rate == 500
