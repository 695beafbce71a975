"""The longest gap in the window's event loop while a person types, with the shipped model."""

from __future__ import annotations

import time
from collections.abc import Iterator

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from bertviz_app.core.snapshot import Snapshot
from tests.bench.desk import Desk, open_desk
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
        pulse, watch = _Pulse(), _Watch(desk)
        field.selectAll()
        start = time.perf_counter()
        for number in range(KEYS_A_SECOND * SECONDS):
            if number and number % len(TEXT) == 0:
                field.selectAll()
            watch.key_pressed()
            QTest.keyClick(field, TEXT[number % len(TEXT)])
            watch.typed(field.text)
            desk.wait(lambda: False, start + (number + 1) / KEYS_A_SECOND)
        pulse.stop()
        longest = pulse.longest * 1e3
        waits = sorted(watch.waits)
    middle, slow = waits[len(waits) // 2] * 1e3, waits[int(len(waits) * 0.99)] * 1e3
    yield Figure(
        f"longest event-loop gap, {KEYS_A_SECOND} keys a second for {SECONDS} s, shipped model",
        f"{longest:.0f} ms",
        "< 50 ms",
        longest < 50,
    )
    yield Figure(
        f"keystroke to painted picture, shipped model: median and 99th percentile of {len(waits)}",
        f"{middle:.0f} and {slow:.0f} ms",
        "reported",
        True,
    )


class _Watch:
    """How long after its key each picture stood painted; texts that were overtaken have none."""

    def __init__(self, desk: Desk) -> None:
        self.waits: list[float] = []
        self._pressed = 0.0
        self._keys: dict[str, float] = {}
        desk.session.changed.connect(self._note)

    def key_pressed(self) -> None:
        self._pressed = time.perf_counter()

    def typed(self, text: str) -> None:
        self._keys[text] = self._pressed

    def _note(self, snapshot: Snapshot) -> None:
        if snapshot.answer is None:
            return
        pressed = self._keys.pop(snapshot.answer.shown.request.text, None)
        if pressed is not None:
            # What was drawn is painted before the loop comes to this.
            QTimer.singleShot(0, lambda: self.waits.append(time.perf_counter() - pressed))


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
