"""The longest gap in the window's event loop while a person types, with the shipped model."""

from __future__ import annotations

import time
from collections.abc import Iterator

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from tests.bench.desk import open_desk
from tests.bench.table import Figure

KEYS_A_SECOND = 20
SECONDS = 60
TEXT = (
    "The farmers cultivate the [MASK] to grow crops and the children play in the garden while "
    "their mother reads a letter from the old teacher who lives near the river. "
)


def figures() -> Iterator[Figure]:
    """Type for a minute; a sentence is cleared when it ends, as a person would begin anew."""
    with open_desk() as desk:
        field = desk.window.frame.text_row.fields[0]
        gaps, waits = [], []
        pulse = _Pulse(gaps)
        field.selectAll()
        QTest.keyClick(field, Qt.Key.Key_Delete)
        start = time.perf_counter()
        for number in range(KEYS_A_SECOND * SECONDS):
            letter = TEXT[number % len(TEXT)]
            if number and number % len(TEXT) == 0:
                field.selectAll()
            pressed = time.perf_counter()
            QTest.keyClick(field, letter)
            desk.until_shown(field.text, waits, pressed, limit=start + (number + 1) / KEYS_A_SECOND)
        pulse.stop()
        longest = max(gaps) * 1e3
        waits.sort()
        middle, slow = waits[len(waits) // 2] * 1e3, waits[int(len(waits) * 0.99)] * 1e3
    yield Figure(
        f"longest event-loop gap, {KEYS_A_SECOND} keys a second for {SECONDS} s, shipped model",
        f"{longest:.0f} ms",
        "< 50 ms",
        longest < 50,
    )
    yield Figure(
        "keystroke to painted picture, shipped model: median and 99th percentile",
        f"{middle:.0f} and {slow:.0f} ms",
        "reported",
        True,
    )


class _Pulse:
    """A timer that ticks as often as the loop lets it; the longest pause is the gap."""

    def __init__(self, gaps: list[float]) -> None:
        self._gaps = gaps
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(1)

    def stop(self) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        now = time.perf_counter()
        self._gaps.append(now - self._last)
        self._last = now
