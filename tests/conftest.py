"""Sets up every test run: no screen, no network, nobody's settings; and the guards."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Generator

import hypothesis
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QCursor, QGuiApplication

BESIDE_THE_SCREEN = QPoint(-10, -10)

_private = tempfile.TemporaryDirectory(prefix="bertviz-app-tests-")
os.environ.update(
    QT_QPA_PLATFORM="offscreen",
    HF_HUB_DISABLE_PROGRESS_BARS="1",
    HF_HUB_OFFLINE="1",
    TOKENIZERS_PARALLELISM="false",
    XDG_CACHE_HOME=_private.name,
    XDG_CONFIG_HOME=_private.name,
    XDG_DATA_HOME=_private.name,
    XDG_RUNTIME_DIR=_private.name,
)

if "PYTEST_XDIST_WORKER" in os.environ:
    # Threads that wait for each other while others have the cores make both slow.
    os.environ.setdefault("OMP_NUM_THREADS", "1")

hypothesis.settings.register_profile("bertviz-app", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("bertviz-app")

pytest_plugins = [
    "pytester",
    "tests.fixtures.desk",
    "tests.fixtures.gui_thread",
    "tests.fixtures.hub_server",
    "tests.fixtures.leaks",
    "tests.fixtures.tiny_models",
]


@pytest.fixture(autouse=True)
def mouse_aside() -> None:
    """Takes the mouse away from where the test before has left it: there is one for all."""
    if QGuiApplication.instance() is not None:
        QCursor.setPos(BESIDE_THE_SCREEN)


def pytest_sessionstart() -> None:
    """Looks for no garbage while modules are imported and tests collected: there is none."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Sets aside what stays to the end, so that tests look for garbage among their own things.

    Modules and tests are a third of a million objects: to look through them takes longer than most
    tests do.
    """
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_unconfigure() -> None:
    """Takes the run's private folder away."""
    _private.cleanup()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Writes what a test has printed so that it can be sent from one process to another."""
    report = yield
    report.sections = [(head, _sendable(text)) for head, text in report.sections]
    return report


def _sendable(text: str) -> str:
    """The same without halves of surrogate pairs, which are no text in UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
