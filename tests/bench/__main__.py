"""`make bench`: run all benchmarks, or those that are named, and print one table."""

from __future__ import annotations

import importlib
import os
import sys

NAMES = ("forward", "sweep", "lens", "measures", "mosaic", "attention", "start", "typing", "memory")
NAMED = ("cuda",)
"""Only by name: what not every machine can measure."""


def main(names: list[str]) -> int:
    """Run the benchmarks of these names (all by default) and print what they found."""
    wrong = sorted(set(names) - {*NAMES, *NAMED})
    if wrong:
        print(f"There is no benchmark {', '.join(wrong)}; there are {', '.join(NAMES + NAMED)}.")
        return 2
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from tests.bench.table import printed

    found = []
    for name in names or NAMES:
        print(f"{name} …", file=sys.stderr, flush=True)
        found += importlib.import_module(f"tests.bench.{name}").figures()
    print(printed(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
