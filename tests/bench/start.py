"""From the command to the first paint and to the first computed picture, as whole processes."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from tests.bench.table import Figure

RUNS = 5
KEEPS_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
SCRIPT = """
import time
born = time.perf_counter()
import json, sys
if "torch first" in sys.argv:
    import torch
import bertviz_app.app as app

build, kept, times = app.build_window, [], {}

def watched(options):
    from PySide6.QtCore import QEvent, QObject, QTimer, Qt
    session, window = build(options)

    class Watch(QObject):
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Paint:
                times.setdefault("paint", time.perf_counter() - born)
            return False

    class Pulse:
        last = None

        def tick(self):
            now = time.perf_counter()
            if self.last is not None and "picture" not in times:
                times["gap"] = max(times.get("gap", 0), now - self.last)
            self.last = now

    def note(snapshot):
        if snapshot.answer is not None and "picture" not in times:
            window.repaint()
            times["picture"] = time.perf_counter() - born
            print(json.dumps(times))
            window.close()

    watch, pulse, timer = Watch(), Pulse(), QTimer()
    window.frame.strip.installEventFilter(watch)
    session.changed.connect(note)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(pulse.tick)
    timer.start(1)
    kept.extend((watch, pulse, timer))
    return session, window

app.build_window = watched
app.main([])
"""


def figures() -> Iterator[Figure]:
    """Medians of five starts, all on disk warm; the interpreter's own start is not in them."""
    ours, theirs = [], []
    with tempfile.TemporaryDirectory(prefix="bertviz-app-bench-") as compiled:
        for number in range(RUNS + 1):
            for found, first in ((ours, ()), (theirs, ("torch first",))):
                times = _started(compiled, *first)
                if number:
                    found.append(times)
    paint, picture = _median(ours, "paint"), _median(ours, "picture")
    late = _median(theirs, "paint")
    ratio = paint / late
    yield Figure(
        f"start to first paint / that of a window that imports torch first "
        f"({paint:.2f} / {late:.2f} s)",
        f"{ratio:.2f} ×",
        "≤ 0.25 ×",
        ratio <= 0.25,
    )
    gap = max(times["gap"] for times in ours) * 1e3
    yield Figure(
        f"longest event-loop gap from start to first picture, the worst of {RUNS} starts",
        f"{gap:.0f} ms",
        "≤ 80 ms",
        gap <= 80,
    )
    yield Figure("start to first computed picture", f"{picture:.2f} s", "≤ 2 s", picture <= 2)


def _started(compiled: str, *arguments: str) -> dict[str, float]:
    """The times of one start, with nobody's settings, nothing to bring back, modules compiled."""
    usual = {name: value for name, value in os.environ.items() if name != KEEPS_NO_BYTECODE}
    with tempfile.TemporaryDirectory(prefix="bertviz-app-bench-") as folder:
        places = {f"XDG_{kind}_HOME": folder for kind in ("CONFIG", "DATA", "STATE")}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, *arguments],
            capture_output=True,
            text=True,
            check=True,
            env={
                **usual,
                **places,
                "PYTHONPYCACHEPREFIX": compiled,
                "QT_QPA_PLATFORM": "offscreen",
            },
        )
    times: dict[str, float] = json.loads(done.stdout)
    return times


def _median(found: list[dict[str, float]], what: str) -> float:
    return statistics.median(times[what] for times in found)
