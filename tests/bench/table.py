"""What a benchmark found, and the table of all of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: what was measured, the figure, and what it is held against."""

    what: str
    figure: str
    target: str
    met: bool


def interleaved(variants: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median seconds of each variant, run in turn so that a slow moment hits all of them."""
    for run in variants.values():
        run()
    seconds: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, run in variants.items():
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in seconds.items()}


def printed(figures: list[Figure]) -> str:
    """The figures as a table."""
    rows = [("what", "measured", "target", "")]
    rows += [(one.what, one.figure, one.target, "met" if one.met else "missed") for one in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join(cell.ljust(wide) for cell, wide in zip(row, widths, strict=True)) for row in rows
    ]
    lines.insert(1, "  ".join("-" * wide for wide in widths))
    return "\n".join(line.rstrip() for line in lines)
