"""Ten of each kind of the soak, with an engine that only takes its time."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from tests.soak import cases
from tests.soak.cases import Tally, kills, shutdowns, storms, swaps

CASES = 5
"""Of each kind and seed: more of them take longer than a test may, on a busy machine."""


@pytest.mark.skipif(sys.platform != "linux", reason="kills and signals are Linux's here")
@pytest.mark.parametrize("seed", [0, CASES])
@pytest.mark.parametrize("kind", [kills, storms, swaps, shutdowns], ids=lambda kind: kind.__name__)
def test_nothing_crashes_hangs_or_is_lost(
    kind: Callable[[int, int], Tally], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "ENDS_WITHIN", 20.0)  # a hang, however busy the machine is
    tally = kind(CASES, seed)
    assert tally.cases == CASES
    assert tally.is_clean, "\n".join(tally.why)
