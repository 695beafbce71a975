"""The cases of the soak, each a process of its own with a folder of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

REPOSITORY = Path(__file__).parents[2]
PATIENCE = 120.0
"""Seconds after which a process is taken to hang."""

ENDS_WITHIN = 3.0
"""Seconds from closing the window to the end of the process."""

MAY_BE_LOST = 2.0
"""Seconds of typing that a kill may cost."""

ROUNDS = 5
"""Storms, or series of swaps, in one process."""

PHASES = ("loading", "computing", "job", "idle", "hung", "hung loading")


@dataclass
class Tally:
    """What became of the cases of one kind.

    Attributes:
        crashes: processes that ended with a signal, a traceback or another status than 0.
        hangs: those that did not end in time.
        losses: texts, runs or pictures that were not what they should be.
        gap: the longest hold-up of the event loop in seconds, where it was measured.
        slowest: seconds from closing to the end, where it was measured.
        lag: seconds by which the last of the keys of a storm came late.
        why: a line for each that went wrong.
    """

    kind: str
    cases: int = 0
    crashes: int = 0
    hangs: int = 0
    losses: int = 0
    gap: float = 0.0
    slowest: float = 0.0
    lag: float = 0.0
    why: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nothing went wrong."""
        return not (self.crashes or self.hangs or self.losses)

    def add(self, other: Tally) -> None:
        """Count what another one counted."""
        self.cases += other.cases
        self.crashes += other.crashes
        self.hangs += other.hangs
        self.losses += other.losses
        self.gap = max(self.gap, other.gap)
        self.slowest = max(self.slowest, other.slowest)
        self.lag = max(self.lag, other.lag)
        self.why += other.why

    def lose(self, why: str) -> None:
        """Count a loss."""
        self.losses += 1
        self.why.append(why)


@dataclass
class Child:
    """A process that runs a script; what it said so far, and when it began to close."""

    process: subprocess.Popen[str]
    said: list[dict[str, Any]] = field(default_factory=list)
    closing: float | None = None

    def listen(self, until: Callable[[dict[str, Any]], bool] = lambda _: False) -> None:
        """Take what it says, until it has ended or said what is waited for."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            words = json.loads(line)
            if "closing" in words:
                self.closing = time.monotonic()
            self.said.append(words)
            if until(words):
                return

    def heard(self, name: str) -> Any:  # noqa: ANN401 - as it was said
        """The last thing said under this name, or None."""
        return next((words[name] for words in reversed(self.said) if name in words), None)


@contextmanager
def child(
    script: str, seed: int, home: Path, rounds: int = 1, *, real: bool = False
) -> Iterator[Child]:
    """Start a script; one that still runs at the end of the block is killed."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.soak.child", script, str(seed), str(rounds)),
            *(["real"] if real else []),
        ],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            **{f"XDG_{kind}_HOME": str(home / kind) for kind in ("CONFIG", "DATA", "CACHE")},
        },
    )
    try:
        yield Child(process)
    finally:
        process.kill()
        process.communicate()


def finish(one: Child, tally: Tally) -> bool:
    """Let a child end and count how it did; whether it ended in order."""
    one.listen()
    try:
        _, complaints = one.process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        tally.hangs += 1
        tally.why.append(f"{one.process.args}: did not end")
        return False
    if one.process.returncode != 0 or "Traceback" in complaints:
        tally.crashes += 1
        tally.why.append(f"{one.process.args}: {one.process.returncode} {complaints[-2000:]}")
        return False
    if one.closing is not None:
        took = time.monotonic() - one.closing
        tally.slowest = max(tally.slowest, took)
        if took > ENDS_WITHIN:
            tally.hangs += 1
            tally.why.append(f"{one.process.args}: ended {took:.1f} s after it was closed")
    tally.gap = max(tally.gap, one.heard("gap") or 0.0)
    return True


def shutdowns(count: int, seed: int, *, real: bool = False) -> Tally:
    """Close the window in every phase."""

    def case(number: int) -> Tally:
        tally = Tally("", cases=1)
        phase = PHASES[(seed + number) % len(PHASES)]
        with home() as folder, child(phase, seed + number, folder, real=real) as one:
            finish(one, tally)
        return tally

    return together("closed in every phase", case, range(count))


def storms(count: int, seed: int, *, real: bool = False) -> Tally:
    """Send a thousand keys a second."""
    return _in_rounds("storm", "a thousand keys a second", count, seed, real=real)


def swaps(count: int, seed: int, *, real: bool = False) -> Tally:
    """Open five models while typing."""
    return _in_rounds("swap", "five models while typing", count, seed, real=real)


def kills(count: int, seed: int, *, real: bool = False) -> Tally:
    """Kill while typing, and look what is back."""
    return together(
        "killed while typing", lambda number: _kill(seed + number, real=real), range(count)
    )


def together(kind: str, case: Callable[[int], Tally], numbers: Iterable[int]) -> Tally:
    """Run cases side by side, one a core, and count them all."""
    whole = Tally(kind)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for tally in pool.map(case, numbers):
            whole.add(tally)
    return whole


@contextmanager
def home() -> Iterator[Path]:
    """A folder for all that a process keeps."""
    with tempfile.TemporaryDirectory(prefix="bertviz-app-soak-") as folder:
        yield Path(folder)


def _in_rounds(script: str, kind: str, count: int, seed: int, *, real: bool) -> Tally:
    def case(first: int) -> Tally:
        rounds = min(ROUNDS, count - first)
        tally = Tally("", cases=rounds)
        with home() as folder, child(script, seed + first, folder, rounds, real=real) as one:
            if finish(one, tally):
                results = [words["round"] for words in one.said if "round" in words]
                tally.lag = max(result.get("lag", 0.0) for result in results)
                for result in results:
                    if result["wrong"]:
                        tally.lose(f"{script} {seed + first}: {result}")
        return tally

    return together(kind, case, range(0, count, ROUNDS))


def _kill(seed: int, *, real: bool) -> Tally:
    tally, lived = Tally("", cases=1), Random(seed).uniform(0.1, 3.5)
    with home() as folder:
        with child("typing", seed, folder, real=real) as one:
            one.listen(lambda words: "text" in words)
            began = one.heard("at")
            if began is None:
                tally.crashes += 1
                tally.why.append(f"typing {seed} ended by itself")
                return tally
            one.listen(lambda words: words["at"] > began + lived)
            one.process.send_signal(signal.SIGKILL)
            one.listen()
            typed = [(words["at"], words["text"]) for words in one.said]
        with child("restored", seed, folder, real=real) as next_one:
            if not finish(next_one, tally):
                return tally
            back = next_one.heard("text")
    last = typed[-1][0]
    known = [at for at, text in typed if text == back]
    if not known or last - max(known) > MAY_BE_LOST:
        lost = f"{last - max(known):.1f} s" if known else "everything"
        tally.lose(f"typing {seed}: {lost} lost after {last - typed[0][0]:.1f} s")
    return tally
