"""The real window on the shipped model, off screen, for benchmarks to drive."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bertviz_app.app import build_window, make_application
from bertviz_app.cli import build_parser
from bertviz_app.core.model_wanted import BUNDLED
from bertviz_app.session.session import Session
from bertviz_app.ui.interpreter import Interpreter
from bertviz_app.ui.window import MainWindow

KEYS = (Qt.Key.Key_A, Qt.Key.Key_Backspace)
"""A letter, and its removal."""


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

    def retype(self, text: str) -> None:
        """Put another text in the place of the first sentence, and wait for its picture."""
        field = self.window.frame.text_row.fields[0]
        field.selectAll()
        field.insertPlainText(text)
        self.wait(lambda: self.shows(text) and self.window.frame.turns.are_over)

    def type_key(self, key: Qt.Key) -> float:
        """Seconds from a key to the picture of the new text, painted."""
        field = self.window.frame.text_row.fields[0]
        turns, painted = self.window.frame.turns, 0.0

        def note() -> None:
            nonlocal painted
            painted = time.perf_counter()

        ended = turns.ended.connect(note)
        start = time.perf_counter()
        QTest.keyClick(field, key)
        self.wait(lambda: self.shows(field.text) and turns.are_over)
        turns.ended.disconnect(ended)
        return painted - start

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
    interpreter = Interpreter()
    session, window = build_window(build_parser().parse_args([]))
    window.begin()
    desk = Desk(session, window)
    window.show()
    session.open_model(BUNDLED)
    session.changed.connect(interpreter.watch)
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
