"""Bytes and seconds in words."""

from __future__ import annotations

import pytest

from bertviz_app.core.amounts import in_bytes, in_time


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (18_400, "18 kB"),
        (999_600, "1 MB"),
        (440_449_768, "440 MB"),
        (1_344_951_957, "1.34 GB"),
        (200e9, "200 GB"),
        (3e15, "3000 TB"),
    ],
)
def test_bytes(count: float, words: str) -> None:
    assert in_bytes(count) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "1 s"), (8.2, "8 s"), (99, "99 s"), (100, "2 min"), (5400, "90 min"), (7200, "2 h")],
)
def test_seconds(seconds: float, words: str) -> None:
    assert in_time(seconds) == words
