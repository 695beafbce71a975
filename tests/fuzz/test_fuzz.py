"""Hostile files open or are refused in a sentence; the harness would notice if they did not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.fuzz.__main__ import SHARES, table
from tests.fuzz.runner import run

FAULTY = "tests.fuzz.faulty:Faulty"


@pytest.mark.parametrize("subject", SHARES)
def test_hostile_files_open_or_are_refused_in_a_sentence(subject: str, tmp_path: Path) -> None:
    (tally,) = run({subject: SHARES[subject]}, 0, tmp_path)
    print(table([tally]))
    assert tally.findings == []
    # Edits that the first check stops would find nothing.
    assert tally.opened > 10
    assert tally.refused > 10
    assert len(tally.sentences) > 10 or subject == "session"  # it names the file, and no more


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_the_harness_names_each_case_that_goes_wrong_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tally,) = run({FAULTY: 8}, 7, tmp_path / "kept", limit=0.5)
    assert (tally.opened, tally.refused) == (2, 1)
    found = {finding.number: finding for finding in tally.findings}
    whats = {number: finding.what for number, finding in found.items()}
    assert whats == {2: "badly said", 3: "error", 4: "crash", 5: "hang", 6: "error"}
    assert "KeyError" in found[3].words
    assert "MemoryError" in found[6].words
    assert "in read" in found[5].words  # the stack of what hung
    assert {path.name for path in (tmp_path / "kept").iterdir()} == {
        f"tests.fuzz.faulty.Faulty-7-{number}" for number in found
    }
    kept = {finding.kept / "number" for finding in tally.findings}
    assert len({path.read_text() for path in kept}) == 5
