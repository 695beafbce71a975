"""The composition root: plugs the window, the session and the engine together and starts them.

Subcommands are handed to the command line before Qt is imported, and torch is imported by the
worker, so that the window appears first.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from bertviz_app.cli import build_parser, named_session, run_command
from bertviz_app.core.devices import CPU, FLOAT32
from bertviz_app.core.model_cache import APPLICATION

if TYPE_CHECKING:
    import argparse
    from types import TracebackType

    from PySide6.QtWidgets import QApplication

    from bertviz_app.core.model_wanted import ModelWanted
    from bertviz_app.session.beginning import Beginning
    from bertviz_app.session.session import Session
    from bertviz_app.session.worker import Engine
    from bertviz_app.storage.journal import Journal
    from bertviz_app.ui.window import MainWindow

log = logging.getLogger(__name__)

LEAVE_AFTER = 2000
"""Milliseconds after closing in which the workers may end by themselves."""


def main(arguments: list[str] | None = None) -> int:
    """Run `bertviz-app`: a subcommand without a screen, or the window. Returns the exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    options = build_parser().parse_args(named_session(given))
    if options.command is not None:
        return run_command(options)
    return open_window(options)


def open_window(options: argparse.Namespace) -> int:
    """Show the window; the process ends when it is closed. Returns 1 where there is no screen."""
    from bertviz_app.inference.torch_library import SHAPE_RULES, import_torch
    from bertviz_app.ui.system import missing_for_qt

    problem = missing_for_qt()
    if problem:
        print(problem, file=sys.stderr)
        return 1
    if sys.platform == "win32":
        import_torch(options.device or CPU)  # on Windows its libraries must come before Qt's

    from PySide6.QtCore import QCoreApplication

    from bertviz_app.storage.atomic import state_folder
    from bertviz_app.storage.log import Log
    from bertviz_app.ui.interpreter import Interpreter
    from bertviz_app.ui.views import modules_of, view_modules

    interpreter = Interpreter("pyqtgraph", *view_modules(), SHAPE_RULES)
    QCoreApplication.setApplicationName(APPLICATION)  # the log's place goes by it
    with Log(state_folder()) as kept:
        application = make_application()
        session, window = build_window(options)
        window.diagnosis.log = kept
        window.closing.connect(lambda: application.exit(0))
        _report_errors(session)
        bell = _close_on_signals(window)
        views = modules_of(window.sessions.first_layout.place)
        window.frame.painted.connect(lambda: interpreter.import_in_turns(*views))
        interpreter.imported.connect(window.begin)
        window.show()
        session.open_model(_model_wanted(options, session.model.path))
        session.changed.connect(interpreter.watch)
        status = application.exec()
        _end(session)
        del bell
    if options.profile is not None:
        status = _write_profile(Path(options.profile), window.stopwatch.table) or status
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.flush()
    # All is kept. A thread cannot be ended from outside: Python waits for one, over Qt's it aborts,
    # and taking Qt apart while one imports has crashed.
    os._exit(status)


def _write_profile(path: Path, table: str) -> int:
    """Write down where keys spent their time; returns the exit status."""
    try:
        path.write_text(table, encoding="utf-8")
    except OSError as error:
        print(f"{path}: could not be written: {error.strerror}.", file=sys.stderr)
        return 1
    return 0


def make_application() -> QApplication:
    """Qt as the program wants it, before any window."""
    from PySide6.QtCore import QLocale
    from PySide6.QtWidgets import QApplication

    application = QApplication(sys.argv[:1])
    application.setApplicationName(APPLICATION)
    application.setStyle("Fusion")
    # Numbers are written the same everywhere, in spin boxes too.
    QLocale.setDefault(QLocale.c())
    # The main window ends the program, not the last one of any kind.
    application.setQuitOnLastWindowClosed(False)
    return application


def build_window(options: argparse.Namespace) -> tuple[Session, MainWindow]:
    """The session and the window on it, with settings read and kept.

    Nothing is loaded yet, and no place is open before `MainWindow.begin`.
    """
    from dataclasses import replace

    from bertviz_app.core.state import Note, NoteKind
    from bertviz_app.session.keeping import Keeping
    from bertviz_app.session.passing import Passing
    from bertviz_app.session.session import Session
    from bertviz_app.storage.settings import read, settings_path
    from bertviz_app.ui import look
    from bertviz_app.ui.examples import EXAMPLES
    from bertviz_app.ui.window import MainWindow

    look.load_fonts()
    found = read(settings_path())
    settings = found.settings
    if options.theme is not None:
        settings = replace(settings, theme=options.theme)
    begun, journal = _begin(options)
    first = begun.session
    view_options = replace(first.options, first_number=settings.first_number)
    session = Session(load_model, first.state, view_options, first.model)
    Passing(session)
    known = frozenset(one.text for one in EXAMPLES)
    keeping = Keeping(session, begun, journal, known, settings)
    window = MainWindow(session, settings, keeping)
    window.appearance.settings_changed.connect(keeping.settings.keep)
    window.closing.connect(keeping.close)
    window.closing.connect(session.close)
    session.note(Note(found.problem, NoteKind.FAULT) if found.problem else begun.note)
    return session, window


def _begin(options: argparse.Namespace) -> tuple[Beginning, Journal | None]:
    """What stands in the window first, and the journal that is kept of it."""
    from bertviz_app.core.saved_session import SavedSession
    from bertviz_app.core.state import ViewOptions
    from bertviz_app.session.beginning import Asked, Beginning, begin
    from bertviz_app.storage.atomic import state_folder
    from bertviz_app.storage.journal import open_journal
    from bertviz_app.ui.examples import FIRST

    journal = open_journal(state_folder() / "journal")
    file = Path(options.session) if options.session is not None else None
    model = _model_wanted(options, None) if options.model is not None else None
    saved = SavedSession(FIRST.state, FIRST.drawn(ViewOptions()))
    asked = Asked(options.text, options.pair, file, model)
    return begin(asked, journal, Beginning(saved, FIRST.note)), journal


def load_model(wanted: ModelWanted) -> Engine:
    """Open a model; runs on the worker's thread, where torch is imported."""
    from PySide6.QtCore import QThread

    from bertviz_app.inference.torch_library import import_torch

    device = wanted.device or CPU
    import_torch(device)
    from bertviz_app.inference.load import load_engine

    return load_engine(
        wanted.path,
        allow_pickle=wanted.allow_pickle,
        given_up=QThread.currentThread().isInterruptionRequested,
        device=device,
        precision=wanted.precision or FLOAT32,
    )


def _model_wanted(options: argparse.Namespace, last: Path | None) -> ModelWanted:
    """What the command line asks for, else the model at `last`."""
    from bertviz_app.core.model_wanted import ModelWanted

    return ModelWanted(
        last if options.model is None else Path(options.model),
        allow_pickle=options.model is not None and options.allow_pickle,
        device=options.device,
        precision=options.precision,
    )


def _end(session: Session) -> None:
    """Let the workers end; one that hangs is waited for no longer than a person would."""
    from PySide6.QtCore import QEventLoop, QTimer

    session.close()
    if not session.is_closed:
        loop = QEventLoop()
        session.closed.connect(loop.quit)
        QTimer.singleShot(LEAVE_AFTER, loop.quit)
        loop.exec()


def _report_errors(session: Session) -> None:
    """Say an unexpected error in the note bar instead of losing it; the window goes on."""
    from bertviz_app.core.state import Note, NoteKind

    def report(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        detail = "".join(traceback.format_exception(kind, error, trace))
        print(detail, file=sys.stderr)
        log.error("Something went wrong inside the program.", exc_info=error)
        words = f"Something went wrong inside the program: {error}. It goes on."
        said = session.snapshot.note
        # An error that comes back with every note would never end.
        if said is None or said.text != words:
            session.note(Note(words, NoteKind.FAULT, detail=detail))

    sys.excepthook = report


def _close_on_signals(window: MainWindow) -> object:
    """Close the window in order on Ctrl+C, on a request to end, and when a terminal goes away.

    Python runs signal handlers only between its own instructions, and Qt's loop runs none; a
    socket that the signal writes to wakes the loop. Returns what must be kept alive.
    """
    from PySide6.QtCore import QSocketNotifier

    reader, writer = socket.socketpair()
    reader.setblocking(False)
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.fileno())
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: None)
    bell = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read)
    bell.activated.connect(lambda: (reader.recv(64), window.close()))
    return bell, reader, writer
