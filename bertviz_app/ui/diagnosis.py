"""The diagnosis: what a person who asks for help is asked for."""

from __future__ import annotations

import os
import platform
import sys
import threading
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication

from bertviz_app.core.paths import resources
from bertviz_app.session.pulse import Pulse
from bertviz_app.session.session import Session
from bertviz_app.storage.installation import check_installation
from bertviz_app.storage.log import Log
from bertviz_app.storage.settings import settings_path
from bertviz_app.ui.numbers import counted
from bertviz_app.ui.sheets.diagnostics import Diagnostics

LIBRARIES = ("PySide6_Essentials", "torch", "tokenizers", "safetensors", "numpy", "pyqtgraph")

FOREIGN = (
    *("QT_QPA_PLATFORM", "QT_QPA_PLATFORM_PLUGIN_PATH", "QT_PLUGIN_PATH", "QT_STYLE_OVERRIDE"),
    *("PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_LIBRARY_PATH"),
    *("KMP_DUPLICATE_LIB_OK", "OMP_NUM_THREADS"),
)
"""Variables by which something else may have come into this process, or slowed it."""

STATUS = Path("/proc/self/status")
NOTHING = "nothing"


class Diagnosis(QObject):
    """Gathers what is known of the program, the machine and what went wrong.

    Attributes:
        log: what is logged, or None if nothing is.

    Signals:
        checked(str): the installation was looked through; what was found, in words.
    """

    checked = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.log: Log | None = None
        self._installation = "not checked; Help ▸ Check installation does"
        self.checked.connect(self._on_checked)
        self._session = session
        self._began = time.monotonic()
        self._pulse = Pulse(self)
        session.changed.connect(self._pulse.quicken)

    @property
    def longest(self) -> float:
        """Seconds of the longest hold-up of the window's event loop so far."""
        return self._pulse.longest

    def page(self) -> Diagnostics:
        """A page of what is known now, and stays true while it is open."""
        made = Diagnostics(self.rows)
        self.checked.connect(made.renew)
        return made

    def page_of_check(self) -> Diagnostics:
        """The page, while the files that came with the program are looked through."""
        self._installation = "is being checked …"
        # A disk that does not answer must not keep the program from ending.
        threading.Thread(target=self._check, name="installation", daemon=True).start()
        return self.page()

    def rows(self) -> list[tuple[str, str]]:
        """Rows of (head, text)."""
        return [
            *program_rows(),
            ("installation", self._installation),
            ("screen", _screens()),
            *self._model_rows(),
            ("memory", memory_words()),
            ("window", self._pulse_words()),
            ("environment", "\n".join(foreign(os.environ)) or NOTHING),
            ("settings", place(settings_path())),
            *self._log_rows(),
        ]

    def _check(self) -> None:
        self.checked.emit(check_installation(resources()))

    @Slot(str)
    def _on_checked(self, found: str) -> None:
        self._installation = found

    def _model_rows(self) -> list[tuple[str, str]]:
        facts = self._session.snapshot.facts
        if facts is None:
            return [("model", "none yet")]
        spec = facts.spec
        sizes = f"{spec.layers} × {spec.heads} × {spec.width}, {facts.parameters:,} numbers"
        words = f"{facts.name}, {sizes}\n{place(facts.folder)}"
        if facts.fingerprint:
            words += f"\nfingerprint {facts.fingerprint[:16]}"
        return [("model", words), ("computes on", facts.device)]

    def _pulse_words(self) -> str:
        seconds = time.monotonic() - self._began
        lately = f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
        longest = f"longest hold-up {self._pulse.longest * 1000:.0f} ms"
        often = counted(self._pulse.noticed, "hold-up")
        return f"{longest}; {often} over 50 ms in {lately}"

    def _log_rows(self) -> list[tuple[str, str]]:
        if self.log is None:
            return [("log", "none is kept")]
        where = place(self.log.path)
        if self.log.problem:
            where += f"\ncannot be written: {self.log.problem}"
        rows = [("log", where), ("last faults", "\n".join(self.log.faults[-5:]) or NOTHING)]
        if self.log.last_crash:
            rows.append(("last crash", self.log.last_crash.strip()))
        return rows


@lru_cache(maxsize=1)
def program_rows() -> list[tuple[str, str]]:
    """Versions of the program, of Python and of the libraries, and the machine."""
    versions = [f"{name} {_version(name)}" for name in LIBRARIES]
    cores = counted(os.cpu_count() or 1, "core")
    return [
        (
            "program",
            f"bertviz-app {_version('bertviz-app')}, from {place(Path(__file__).parents[1])}",
        ),
        ("Python", f"{platform.python_version()}, {sys.executable}"),
        ("libraries", f"{', '.join(versions)}; Qt {QLibraryInfo.version().toString()}"),
        ("machine", f"{platform.platform()}, {platform.machine()}, {cores}"),
    ]


def memory_words() -> str:
    """What the process holds now, and the most it ever held, as far as the system tells."""
    if STATUS.exists():
        kilobytes = dict(
            line.split()[:2] for line in STATUS.read_text().splitlines() if line.startswith("Vm")
        )
        now, most = (int(kilobytes[key]) / 1000 for key in ("VmRSS:", "VmHWM:"))
        return f"{now:.0f} MB now, {most:.0f} MB at most"
    try:
        import resource
    except ImportError:
        return "this system does not tell"
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return f"{most / (1e6 if sys.platform == 'darwin' else 1e3):.0f} MB at most"


def foreign(environment: Mapping[str, str]) -> list[str]:
    """The variables that are set of those that lead to foreign code, as `NAME=value`."""
    return [f"{name}={environment[name]}" for name in FOREIGN if environment.get(name)]


def place(path: Path) -> str:
    """A path, its home written as ~."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(path)


def _screens() -> str:
    screens = [
        f"{screen.size().width()} × {screen.size().height()} at {screen.devicePixelRatio():g}"
        for screen in QGuiApplication.screens()
    ]
    plugins = place(Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)))
    return f"{QGuiApplication.platformName()}: {', '.join(screens)}\nplugins of Qt: {plugins}"


def _version(name: str) -> str:
    from importlib import metadata  # seldom needed, and it would keep the window waiting

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed as a package"
