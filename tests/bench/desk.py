"""The real window on the shipped model, off screen, for benchmarks to drive."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from bertviz_app.app import build_window, make_application
from bertviz_app.cli import build_parser
from bertviz_app.core.model_wanted import BUNDLED
from bertviz_app.session.session import Session
from bertviz_app.ui.window import MainWindow


class Desk:
    """A session, its window, and ways to wait for them."""

    def __init__(self, session: Session, window: MainWindow) -> None:
        self.session = session
        self.window = window

    def wait(self, condition: Callable[[], bool], limit: float | None = None) -> bool:
        """Turn the event loop until `condition` or until `limit` (a perf_counter time)."""
        loop, timer = QEventLoop(), QTimer()
        met = condition()

        def look() -> None:
            nonlocal met
            met = met or condition()
            if met or (limit is not None and time.perf_counter() >= limit):
                loop.quit()

        self.session.changed.connect(look)
        timer.timeout.connect(look)
        timer.start(2)
        if not met:
            loop.exec()
        timer.stop()
        self.session.changed.disconnect(look)
        return met

    def shows(self, text: str) -> bool:
        """Whether the picture is of `text`."""
        answer = self.session.snapshot.answer
        return answer is not None and answer.shown.request.text == text


@contextmanager
def open_desk() -> Iterator[Desk]:
    """Open the window on the shipped model and wait for its first picture."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        os.environ[name] = tempfile.mkdtemp(prefix="bertviz-app-bench-")
    application = QApplication.instance() or make_application()
    session, window = build_window(build_parser().parse_args([]))
    desk = Desk(session, window)
    window.show()
    session.open_model(BUNDLED)
    desk.wait(lambda: session.snapshot.answer is not None)
    try:
        yield desk
    finally:
        ended = []
        session.closed.connect(lambda: ended.append(True))
        window.close()
        desk.wait(lambda: bool(ended))
        window.deleteLater()
        application.processEvents()
