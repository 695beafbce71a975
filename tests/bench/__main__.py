"""`make bench`: run all benchmarks, or those that are named, and print one table."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from pathlib import Path

NAMES = (
    "forward",
    "keystroke",
    "sweep",
    "lens",
    "measures",
    "mosaic",
    "attention",
    "start",
    "typing",
    "drag",
    "memory",
)
NAMED = ("growth", "cuda")
"""Only by name: what takes long, and what not every machine can measure."""


def main(arguments: list[str]) -> int:
    """Run the benchmarks of these names (all by default) and print what they found."""
    parser = argparse.ArgumentParser("python -m tests.bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES + NAMED))
    parser.add_argument("--plot", type=Path, metavar="FILE.svg", help="draw what `growth` finds")
    options = parser.parse_args(arguments)
    wrong = sorted(set(options.names) - {*NAMES, *NAMED})
    if wrong:
        parser.error(f"there is no {', '.join(wrong)}; there are {', '.join(NAMES + NAMED)}")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from tests.bench.table import printed

    found = []
    for name in options.names or NAMES:
        print(f"{name} …", file=sys.stderr, flush=True)
        module = importlib.import_module(f"tests.bench.{name}")
        found += module.figures(options.plot) if name == "growth" else module.figures()
    print(printed(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
