"""The longest gap in the window's event loop, and from key to picture, while a person types."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from bertviz_app.core.model_wanted import ModelWanted
from tests.bench.desk import Desk, open_desk
from tests.bench.forward import base_size, text_of
from tests.bench.table import Figure

KEYS_A_SECOND = 20
SECONDS = 20
KEYS = (*map(Qt.Key, b" AAA"), *[Qt.Key.Key_Backspace] * 4)
"""A word is begun and taken back, so that the text stays as long as it is."""

LIMITS = {("shipped model", 16): 16, ("shipped model", 512): 50, ("base size", 128): 50}
"""Milliseconds a gap may last, by model and number of tokens."""

TIMES = 3
"""How much longer than the median the 99th percentile may be."""

SHIPPED = "The woman washed [MASK] hands and then she dried them with a towel."


def figures() -> Iterator[Figure]:
    """The median and the slowest keys are of pictures that were painted; others were overtaken."""
    with tempfile.TemporaryDirectory() as folder:
        # First: what transformers leaves behind would be looked through for garbage while we type.
        base_size(folder)
        yield from _of_models(Path(folder))


def _of_models(folder: Path) -> Iterator[Figure]:
    with open_desk() as desk:
        for (model, tokens), limit in LIMITS.items():
            if model == "base size":
                desk.session.open_model(ModelWanted(folder))
                desk.wait(lambda: _layers(desk) == 12 and not desk.session.snapshot.catching_up)
            desk.retype(SHIPPED if tokens == 16 else text_of(tokens - 1))
            where = f"{KEYS_A_SECOND} keys a second, {model}, T = {tokens}"
            yield from _typed(desk, where, limit)


def _typed(desk: Desk, where: str, limit: int) -> Iterator[Figure]:
    field, keystrokes = desk.window.frame.text_row.fields[0], desk.window.stopwatch.keystrokes
    QTest.keyClick(field, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    keystrokes.clear()
    pulse, start = _Pulse(), time.perf_counter()
    for number, key in zip(range(KEYS_A_SECOND * SECONDS), cycle(KEYS), strict=False):
        QTest.keyClick(field, key)
        desk.wait(lambda: False, start + (number + 1) / KEYS_A_SECOND)
    pulse.stop()
    longest = pulse.longest * 1e3
    yield Figure(
        f"longest event-loop gap, {where}", f"{longest:.0f} ms", f"≤ {limit} ms", longest <= limit
    )
    desk.wait(lambda: desk.shows(field.text))
    waits = sorted(key.seconds[-1] * 1e3 for key in keystrokes)
    middle, slow = (statistics.median(waits), waits[int(len(waits) * 0.99)]) if waits else (0, 0)
    yield Figure(
        f"key to painted, {where}: median and 99th percentile of {len(waits)}",
        f"{middle:.0f} and {slow:.0f} ms" if waits else "none in time",
        f"≤ {TIMES} × apart",
        bool(waits) and slow <= TIMES * middle,
    )


def _layers(desk: Desk) -> int:
    answer = desk.session.snapshot.answer
    return answer.as_is.spec.layers if answer is not None else 0


class _Pulse:
    """A timer that ticks as often as the loop lets it; the longest pause is the gap."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(1)

    def stop(self) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now
