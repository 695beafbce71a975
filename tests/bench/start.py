"""From the command to the first paint and to the first computed picture, as whole processes."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from tests.bench.table import Figure

RUNS = 5
SCRIPT = """
import time
born = time.perf_counter()
import json, sys
from PySide6.QtCore import QObject, QEvent
from bertviz_app.app import build_window, make_application
from bertviz_app.cli import build_parser
from bertviz_app.core.model_wanted import BUNDLED

application = make_application()
session, window = build_window(build_parser().parse_args([]))
times = {}

class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            times.setdefault("paint", time.perf_counter() - born)
        return False

watch = Watch()
window.frame.strip.installEventFilter(watch)

def note(snapshot):
    if snapshot.answer is not None and "picture" not in times:
        application.processEvents()
        times["picture"] = time.perf_counter() - born
        session.closed.connect(application.quit)
        window.close()

session.changed.connect(note)
window.show()
session.open_model(BUNDLED)
application.exec()
print(json.dumps(times))
"""


def figures() -> Iterator[Figure]:
    """Medians of five starts, page cache warm; the interpreter's own start is not in them."""
    import json

    found = []
    data = tempfile.mkdtemp(prefix="bertviz-app-bench-")
    nobodys = {"XDG_CONFIG_HOME": os.devnull, "XDG_DATA_HOME": data}
    for _ in range(RUNS + 1):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **nobodys},
        )
        found.append(json.loads(done.stdout))
    paint, picture = (
        statistics.median(times[name] for times in found[1:]) for name in ("paint", "picture")
    )
    yield Figure("start to first paint", f"{paint:.2f} s", "≤ 0.5 s", paint <= 0.5)
    yield Figure("start to first computed picture", f"{picture:.2f} s", "≤ 3 s", picture <= 3)
