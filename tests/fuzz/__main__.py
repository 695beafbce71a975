"""`make fuzz`: read hostile files of every kind and print what became of them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from tests.fuzz.runner import Tally, run

# Cases of each subject, of 2,000.
SHARES = {
    "pickle": 200,
    "weights": 150,
    "model": 100,
    "config": 400,
    "header": 300,
    "vocabulary": 250,
    "tokenizer": 250,
    "session": 250,
    "kept": 100,
}
CASES = sum(SHARES.values())
KEPT = Path("build/fuzz")
COLUMNS = ("cases", "opened", "refused", "sentences", "errors", "crashes", "hangs", "slowest")


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the cases and print the table; 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="make fuzz")
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", choices=SHARES, help="one subject")
    parser.add_argument("--kept", type=Path, default=KEPT, help="where files of findings go")
    options = parser.parse_args(arguments)
    start = perf_counter()
    tallies = run(shares(options.cases, options.only), options.seed, options.kept)
    print(table(tallies))
    print(f"seed {options.seed}, {perf_counter() - start:.0f} s")
    findings = [finding for tally in tallies for finding in tally.findings]
    for finding in findings:
        print(f"\n{finding.what}: {finding.kept}\n{finding.words}")
    return 1 if findings else 0


def shares(cases: int, only: str | None = None) -> dict[str, int]:
    """How many cases each subject gets of `cases`."""
    if only is not None:
        return {only: cases}
    return {subject: max(1, cases * share // CASES) for subject, share in SHARES.items()}


def table(tallies: Sequence[Tally]) -> str:
    """One row for each subject, and one for all."""
    whole = Tally("all")
    for tally in tallies:
        whole.add(tally)
    lines = [f"{'':10}" + "".join(f"{column:>11}" for column in COLUMNS)]
    for tally in (*tallies, whole):
        errors = tally.count("error") + tally.count("badly said")
        cells: list[object] = [tally.opened + tally.refused + len(tally.findings)]
        cells += [tally.opened, tally.refused, len(tally.sentences), errors]
        cells += [tally.count("crash"), tally.count("hang"), f"{tally.slowest[0]:.2f} s"]
        lines.append(f"{tally.subject:10}" + "".join(f"{cell!s:>11}" for cell in cells))
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
