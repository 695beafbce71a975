"""The stopwatch: where the time of each key went, from the key to the painted picture."""

from __future__ import annotations

import platform
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.timings import Timings

KEPT = 1000
"""Keys that are remembered, the newest."""

PARTS = (
    *("key to request", "queue", "tokenise", "embeddings", "layers"),
    *("heads", "copy", "back to the window", "hand out", "draw and paint", "whole"),
)


@dataclass(frozen=True, slots=True)
class Keystroke:
    """One key: the seconds of each of `PARTS`. The last is from the key to the painted picture.

    It may be more than the sum of the others: the window was busy, or a newer key came between.
    """

    seconds: tuple[float, ...]

    @classmethod
    def measured(
        cls, pressed: float, timings: Timings, composed: tuple[float, float], painted: float
    ) -> Keystroke:
        """From the moments on one clock: the key, when composing began and ended, the paint."""
        worked = (timings.tokenise, timings.embeddings, timings.layers)
        began, ended = composed
        return cls(
            (
                timings.sent - pressed,
                timings.queue,
                *worked,
                timings.heads,
                timings.copy,
                timings.back,
                ended - began,
                painted - ended,
                painted - pressed,
            )
        )

    @property
    def words(self) -> str:
        """The key in a few words."""
        parts = zip(PARTS[:-1], self.seconds, strict=False)
        named = ", ".join(f"{part} {_ms(seconds)}" for part, seconds in parts)
        return f"last key {_ms(self.seconds[-1])} ms: {named}"


class Stopwatch(QObject):
    """Watches the text fields for keys, and is told when a snapshot was shown, and painted.

    A text that was overtaken by the next one before it was painted is not counted.

    Signals:
        measured(Keystroke): a key has led to its painted picture.
    """

    measured = Signal(object)

    def __init__(self, fields: Iterable[QWidget], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.keystrokes: deque[Keystroke] = deque(maxlen=KEPT)
        self._pressed: float | None = None
        self._texts = ("", "")
        self._timings: Timings | None = None
        self._waiting: dict[tuple[str, str], float] = {}
        self._model = ""
        self._composed: tuple[float, Timings, tuple[float, float]] | None = None
        for field in fields:
            field.installEventFilter(self)

    @property
    def table(self) -> str:
        """What was measured, as a table to paste into a report."""
        system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
        count = len(self.keystrokes)
        head = f"Where the time of the last {count:,} keys went, in milliseconds."
        return "\n".join((head, f"{system}; {self._model}", *_rows(self.keystrokes), ""))

    def shown(self, snapshot: Snapshot, began: float) -> None:
        """`snapshot` has been composed, from the moment `began` until now."""
        ended = perf_counter()
        if self._pressed is not None and snapshot.state.texts != self._texts:
            self._waiting[snapshot.state.texts] = self._pressed
            self._pressed = None
        self._texts = snapshot.state.texts
        answer, facts = snapshot.answer, snapshot.facts
        if answer is None or facts is None or answer.timings is self._timings:
            return
        self._timings, self._model = answer.timings, f"{facts.name}, {facts.device}"
        request = answer.shown.request
        texts = (request.text, request.pair)
        if texts not in self._waiting:
            return
        pressed = self._waiting[texts]
        newer = {other: when for other, when in self._waiting.items() if when > pressed}
        self._waiting = newer
        self._composed = pressed, answer.timings, (began, ended)

    @Slot()
    def painted(self) -> None:
        """All that was composed is painted."""
        if self._composed is not None:
            key = Keystroke.measured(*self._composed, perf_counter())
            self._composed = None
            self.keystrokes.append(key)
            self.measured.emit(key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress:
            self._pressed = perf_counter()
            QTimer.singleShot(0, self, self._forget_key)  # the text is another at once, or never
        return False

    @Slot()
    def _forget_key(self) -> None:
        self._pressed = None


def _rows(keystrokes: Sequence[Keystroke]) -> list[str]:
    lines = [f"{'':20}{'median':>10}{'p99':>10}{'most':>10}"]
    for part, *seconds in zip(PARTS, *(key.seconds for key in keystrokes), strict=True):
        cells = ["–"] * 3
        if seconds:
            ordered = sorted(seconds)
            p99 = ordered[min(round(0.99 * (len(ordered) - 1)), len(ordered) - 1)]
            cells = [_ms(value) for value in (float(np.median(ordered)), p99, ordered[-1])]
        lines.append(f"{part:20}" + "".join(f"{cell:>10}" for cell in cells))
    return lines


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.1f}"
