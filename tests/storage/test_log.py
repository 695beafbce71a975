"""Tests of the log: one line a message, bounded, and never in the way."""

from __future__ import annotations

import faulthandler
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bertviz_app.storage import log as log_module
from bertviz_app.storage.log import Log
from tests.fixtures.failing_files import each_failure

ours = logging.getLogger("bertviz_app.somewhere")


@pytest.fixture
def start() -> Iterator[Callable[[Path], Log]]:
    """Starts a log in a folder; ends it, and gives pytest its stacks back, after the test."""
    logs = []

    def started(folder: Path) -> Log:
        logs.append(Log(folder))
        return logs[-1]

    level = logging.getLogger("bertviz_app").level
    yield started
    for log in logs:
        log.stop()
    logging.getLogger("bertviz_app").setLevel(level)
    faulthandler.enable(sys.__stderr__)


def lines(log: Log) -> list[str]:
    """What the file holds after the log has ended."""
    log.stop()
    return log.path.read_text("utf-8").splitlines()


def test_a_message_is_one_line_whatever_it_quotes(
    tmp_path: Path, start: Callable[[Path], Log]
) -> None:
    log = start(tmp_path / "state")
    ours.warning("%s", "a\n2026-01-01 CRITICAL forged\x1b[2Jb\u202ec\ud83d")
    (line,) = lines(log)
    assert line.isprintable()
    assert "forged\\x1b[2Jb\\u202ec\\ud83d" in line
    assert log.faults == (line,)


def test_a_traceback_stands_indented_under_its_message(
    tmp_path: Path, start: Callable[[Path], Log]
) -> None:
    log = start(tmp_path)
    try:
        raise ValueError("odd\x07")
    except ValueError:
        ours.exception("it broke")
    first, *rest = lines(log)
    assert first.endswith("ERROR bertviz_app.somewhere: it broke")
    assert all(line.startswith("    ") for line in rest)
    assert rest[-1] == "    ValueError: odd\\x07"


def test_the_files_together_stay_within_their_size(
    tmp_path: Path, start: Callable[[Path], Log], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_module, "SIZE", 1000)
    log = start(tmp_path)
    for number in range(200):
        ours.warning("message %d", number)
    assert "message 199" in lines(log)[-1]
    kept = {file.name: file.stat().st_size for file in tmp_path.glob("log*")}
    assert set(kept) == {"log.txt", "log.txt.1", "log.txt.2"}
    assert max(kept.values()) <= 1000
    assert len(log.faults) == log_module.FAULTS


def test_whichever_file_operation_fails_the_program_goes_on(
    tmp_path: Path, start: Callable[[Path], Log], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_module, "SIZE", 100)  # so that it rotates
    logs = []

    def run() -> None:
        log = start(tmp_path)
        for number in range(5):
            ours.warning("message %d of some length, which is about half of a file", number)
        log.stop()
        logs.append(log)

    for _ in each_failure(tmp_path, run):
        assert len(logs[-1].faults) == 5
    assert len(logs) > 5
    assert any(log.problem for log in logs)
    assert not logs[-1].problem


def test_a_crash_is_told_to_the_next_run(tmp_path: Path, start: Callable[[Path], Log]) -> None:
    program = (
        "import faulthandler, sys; from pathlib import Path\n"
        "from bertviz_app.storage.log import Log\n"
        "def unlucky(): faulthandler._sigsegv()\n"
        "log = Log(Path(sys.argv[1])); unlucky()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, check=False
    )
    assert done.returncode != 0
    assert "unlucky" in start(tmp_path).last_crash
    assert "unlucky" in start(tmp_path).last_crash


def test_qt_that_cannot_start_is_one_line_that_names_the_variable(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from bertviz_app.storage.log import Log\n"
        "log = Log(Path(sys.argv[1]))\n"
        "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        env={**os.environ, "QT_QPA_PLATFORM": "nonsense"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "QT_QPA_PLATFORM=nonsense" in line
    assert "no Qt platform plugin" in (tmp_path / "log.txt").read_text()
