"""The log: what went wrong, in a file that cannot grow for ever and never stops the program.

Lines hold no control characters, whatever was in a message: a text that was typed, or the name of
a file, cannot forge a line or speak to a terminal. What is typed is not logged.
"""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import os
import queue
import sys
import threading
from collections import deque
from datetime import datetime
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from pathlib import Path
from typing import Self, TextIO

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from bertviz_app.bert.files import printable
from bertviz_app.storage.atomic import read_regular

FILE = "log.txt"
CRASH = "crash.txt"
LAST_CRASH = "crash.last.txt"
SIZE = 500_000
"""Bytes after which the file becomes `log.txt.1`, and that one `log.txt.2`, the last."""

FAULTS = 20
"""How many of the last warnings are remembered."""

LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
}
OF_QT = ("QT_QPA_PLATFORM", "QT_QPA_PLATFORM_PLUGIN_PATH", "QT_PLUGIN_PATH")
"""Variables that lead Qt to plugins; those of another Qt keep it from starting."""

PATIENCE = 1.0
"""Seconds that the end of the program waits for a disk that does not answer."""


class LogFormatter(logging.Formatter):
    """One line for a message, and one for each line of its traceback, indented."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        record.message = printable(record.getMessage())
        record.asctime = self.formatTime(record, self.datefmt)
        lines = [self.formatMessage(record)]
        if record.exc_info:
            lines += self.formatException(record.exc_info).splitlines()
        return "\n    ".join(printable(line) for line in lines)


class Faults(logging.Handler):
    """Remembers the last warnings, for Diagnostics."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: deque[str] = deque(maxlen=FAULTS)
        self.setFormatter(LogFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


class File(RotatingFileHandler):
    """The file; one that cannot be written is given up, and the program goes on.

    Attributes:
        problem: why the last line could not be written, or an empty text.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=SIZE, backupCount=2, encoding="utf-8", delay=True)
        self.setFormatter(LogFormatter())
        self.problem = ""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - as logging has it
        self.problem = printable(str(sys.exc_info()[1]))


class Log:
    """What is kept of one run of the program, until the `with` block of it, or `stop`, ends.

    The file is written by a thread of its own. Two programs write into one file, which a rotation
    of one may cost the other some lines.

    Attributes:
        path: where it is written.
        last_crash: what Python's stacks were when an earlier run died, or an empty text.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self.last_crash = ""
        self._crashes: TextIO | None = None
        self._stopped = False
        self._file = File(self.path)
        self._faults = Faults()
        lines: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
        self._to_file = _Unchanged(lines)
        self._listener = QueueListener(lines, self._file)
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        self._watch_for_crashes(folder)
        root = logging.getLogger()
        root.addHandler(self._faults)
        root.addHandler(self._to_file)
        logging.getLogger("bertviz_app").setLevel(logging.INFO)
        logging.captureWarnings(True)
        qInstallMessageHandler(self._on_qt_message)
        self._listener.start()

    @property
    def faults(self) -> tuple[str, ...]:
        """The last warnings and errors, oldest first."""
        return tuple(self._faults.lines)

    @property
    def problem(self) -> str:
        """Why the file cannot be written, or an empty text."""
        return self._file.problem

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Write what is left, and let go; waits for it, but not for ever."""
        if self._stopped:
            return
        self._stopped = True
        qInstallMessageHandler(None)
        logging.captureWarnings(False)
        root = logging.getLogger()
        root.removeHandler(self._faults)
        root.removeHandler(self._to_file)
        ending = threading.Thread(target=self._end, name="end of the log", daemon=True)
        ending.start()
        ending.join(PATIENCE)
        faulthandler.disable()
        if self._crashes is not None:
            self._crashes.close()

    def _end(self) -> None:
        self._listener.stop()
        self._file.close()

    def _watch_for_crashes(self, folder: Path) -> None:
        """Let Python write its stacks down when the process dies, and read what is there."""
        crash, last = folder / CRASH, folder / LAST_CRASH
        with contextlib.suppress(OSError):
            if crash.stat().st_size:
                crash.replace(last)
            when = datetime.fromtimestamp(last.stat().st_mtime)
            stacks = read_regular(last, SIZE).decode("utf-8", "replace")
            self.last_crash = f"{when:%Y-%m-%d %H:%M}\n{stacks}"
        try:
            # Open as long as the process lives, because it may die at any moment.
            self._crashes = crash.open("a", encoding="utf-8")
        except OSError:
            self._crashes = None
        to = self._crashes if self._crashes is not None else sys.stderr
        if to is not None:
            faulthandler.enable(to)

    def _on_qt_message(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        words = " ".join(message.split())
        if kind is not QtMsgType.QtFatalMsg:
            logging.getLogger("qt").log(LEVELS[kind], "%s", words)
            return
        # Qt would abort after this. Nobody is left who could write the line down later.
        record = logging.LogRecord("qt", logging.CRITICAL, "", 0, "%s", (words,), None)
        self._file.handle(record)
        told = [f"{name}={os.environ[name]}" for name in OF_QT if name in os.environ]
        because = f" The environment says {', '.join(told)}." if told else ""
        if sys.stderr is not None:
            print(printable(f"bertviz-app: {words}{because}"), file=sys.stderr, flush=True)
        os._exit(1)


class _Unchanged(QueueHandler):
    """Hands records on with their tracebacks, because nothing leaves the process."""

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        return record
