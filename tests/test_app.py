"""Tests of the program as a process: it starts, it ends, and it says what stops it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bertviz_app.ui.examples import FIRST

REPOSITORY = Path(__file__).parents[1]


def start(arguments: list[str], folder: Path, **environment: str) -> subprocess.Popen[str]:
    """`python main.py ARGUMENTS`, off screen, with nobody's settings."""
    return subprocess.Popen(
        [sys.executable, "main.py", *arguments],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "XDG_CONFIG_HOME": str(folder),
            "XDG_DATA_HOME": str(folder / "data"),
            **environment,
        },
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process has loaded")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_program_ends_in_order_when_it_is_asked_to(tmp_path: Path, number: signal.Signals) -> None:
    settings = tmp_path / "bertviz-app" / "settings.json"
    with start([], tmp_path) as program:
        while not _reads_weights(program.pid) and program.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.wait(timeout=0.1)
        program.send_signal(number)
        status = program.wait(timeout=60)
        assert program.stderr is not None
        assert (status, program.stderr.read()) == (0, "")
    assert settings.exists()
    (journal,) = tmp_path.rglob("journal-1.json")
    page = json.loads(journal.read_text())
    assert page["text"] == FIRST.text
    assert page["journal"]["ended"]


HANGS = """
import os, signal, sys, threading
from bertviz_app import app
from bertviz_app.inference import load

def wait_for_a_drive_that_is_gone(*_, **__):
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait()

load.load_engine = wait_for_a_drive_that_is_gone
sys.exit(app.main([]))
"""


def test_m42_a_drive_that_is_gone_while_a_model_is_read_from_it_keeps_nobody(
    tmp_path: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HANGS],
        cwd=REPOSITORY,
        env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_no_screen_is_one_line_and_exit_1(tmp_path: Path) -> None:
    with start([], tmp_path, QT_QPA_PLATFORM="", DISPLAY="", WAYLAND_DISPLAY="") as program:
        said = program.communicate(timeout=60)[1]
    assert program.returncode == 1
    assert len(said.splitlines()) == 1


def test_wrong_theme_is_one_line_and_exit_2(tmp_path: Path) -> None:
    with start(["--theme", "pink"], tmp_path) as program:
        said = program.communicate(timeout=60)[1]
    assert program.returncode == 2
    assert len(said.splitlines()) == 1
    assert "pink" in said


def test_numbers_are_written_the_same_in_every_country() -> None:
    program = """
from bertviz_app.app import make_application
application = make_application()
from PySide6.QtWidgets import QSpinBox
box = QSpinBox()
box.setValue(12)
assert box.text() == "12", box.text()
"""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "ar_EG.UTF-8"}
    subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, env=environment, check=True)


def _reads_weights(pid: int) -> bool:
    """Whether the process has begun to load torch: its window is up and listens by then."""
    return "libtorch" in Path(f"/proc/{pid}/maps").read_text()


START = """
import sys
import bertviz_app.app as app

build = app.build_window

def watched(options):
    from PySide6.QtCore import QTimer
    session, window = build(options)
    timer = QTimer(window)

    def seen():
        print("bertviz_app.ui.views.attention.arcs" in sys.modules, window.frame.panes.place)

    def note(snapshot):
        if snapshot.answer is not None and not timer.isActive():
            print("torch._prims" in sys.modules, window.frame.panes.place)
            timer.start(10)

    def look():
        if "torch._prims" in sys.modules:
            window.close()

    window.frame.painted.connect(seen)
    session.changed.connect(note)
    timer.timeout.connect(look)
    return session, window

app.build_window = watched
app.main([])
"""


def test_the_window_comes_before_its_views_and_the_picture_before_what_compilers_need(
    tmp_path: Path,
) -> None:
    homes = {f"XDG_{kind}_HOME": str(tmp_path) for kind in ("CONFIG", "DATA", "STATE")}
    environment = {**os.environ, **homes, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", START],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    assert done.stdout == "False 0\nFalse 3\n"
