"""Runs subjects in children of some cases each, and keeps the files of whatever goes wrong."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from tests.fuzz.batch import Batch

REPOSITORY = Path(__file__).parents[2]
SIZE = 100
"""Cases that one child reads."""

CASE_LIMIT = 20.0
"""Seconds that one case may take on a busy machine."""

_BEYOND = 60.0
"""Seconds that a child may take beyond those of its cases, before it is killed."""


@dataclass(frozen=True)
class Finding:
    """A case that neither opened nor was refused in a sentence.

    Attributes:
        what: "crash", "hang", "error" or "badly said".
        words: what is known of it: the traceback, or the sentence.
        kept: where its files are.
    """

    subject: str
    seed: int
    number: int
    what: str
    words: str
    kept: Path


@dataclass
class Tally:
    """What became of the cases of one subject; `slowest` is (seconds, number)."""

    subject: str
    opened: int = 0
    refused: int = 0
    slowest: tuple[float, int] = (0.0, 0)
    sentences: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def count(self, what: str) -> int:
        """How many findings are of this kind."""
        return sum(finding.what == what for finding in self.findings)

    def add(self, other: Tally) -> None:
        """Count the cases of `other` too."""
        self.opened += other.opened
        self.refused += other.refused
        self.slowest = max(self.slowest, other.slowest)
        self.sentences |= other.sentences
        self.findings += other.findings


def run(
    shares: Mapping[str, int], seed: int, kept: Path, *, limit: float = CASE_LIMIT
) -> list[Tally]:
    """Read that many cases of each subject; the files of findings go to the folder `kept`."""
    tallies = {subject: Tally(subject) for subject in shares}
    batches = [
        Batch(subject, seed, first, min(first + SIZE, count), "", limit)
        for subject, count in shares.items()
        for first in range(0, count, SIZE)
    ]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for tally in pool.map(lambda batch: _read(batch, kept), batches):
            tallies[tally.subject].add(tally)
    return list(tallies.values())


def _read(batch: Batch, kept: Path) -> Tally:
    """Read a batch in one child, or if that dies of a case, the rest of it in the next."""
    tally = Tally(batch.subject)
    while batch.first < batch.end:
        with tempfile.TemporaryDirectory(prefix="bertviz-app-fuzz-") as folder:
            batch = replace(batch, folder=folder)
            status, lines, complaints = _child(batch)
            for line in lines:
                _count(tally, batch, kept, *json.loads(line))
            read = batch.first + len(lines)
            if status and read < batch.end:
                what = "hang" if "Timeout (" in complaints or status == "killed" else "crash"
                words = f"exit status {status}\n{complaints}"
                _keep(tally, batch, kept, read, what, words)
                read += 1
            elif status:
                raise RuntimeError(f"{batch.subject}: {complaints}")
        batch = replace(batch, first=read)
    return tally


def _child(batch: Batch) -> tuple[int | str, list[str], str]:
    """Exit status (0, or "killed"), complete lines and complaints of a child with this batch."""
    try:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "tests.fuzz.child", json.dumps(asdict(batch))],
            cwd=REPOSITORY,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            capture_output=True,
            timeout=_BEYOND + batch.limit * (batch.end - batch.first),
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        status, out, complaints = "killed", late.stdout or b"", late.stderr or b""
    else:
        status, out, complaints = done.returncode, done.stdout, done.stderr
    lines = out.decode("utf-8", "replace").splitlines(keepends=True)
    return (
        status,
        [line for line in lines if line.endswith("\n")],
        complaints.decode("utf-8", "replace"),
    )


def _count(
    tally: Tally, batch: Batch, kept: Path, number: int, outcome: str, seconds: float, words: str
) -> None:
    tally.slowest = max(tally.slowest, (seconds, number))
    if outcome == "opened":
        tally.opened += 1
    elif outcome == "refused":
        tally.refused += 1
        tally.sentences.add(words)
    else:
        _keep(tally, batch, kept, number, outcome, words)


def _keep(tally: Tally, batch: Batch, kept: Path, number: int, what: str, words: str) -> None:
    to = kept / f"{batch.subject.replace(':', '.')}-{batch.seed}-{number}"
    folder = Path(batch.folder)
    case = folder / str(number) if (folder / str(number)).exists() else folder / "case"
    shutil.copytree(case, to, dirs_exist_ok=True)
    tally.findings.append(Finding(batch.subject, batch.seed, number, what, words, to))
