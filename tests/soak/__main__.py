"""Runs the soak and prints a table: `python -m tests.soak [--cases 50] [--seed 0] [--paced]`."""

from __future__ import annotations

import argparse
import sys

from tests.soak.cases import kills, shutdowns, storms, swaps

KINDS = {"kills": kills, "storms": storms, "swaps": swaps, "shutdowns": shutdowns}


def main() -> int:
    """Run every kind of case; returns 1 if anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=50, help="of each kind (50)")
    parser.add_argument("--seed", type=int, default=0, help="of the first case (0)")
    parser.add_argument("--paced", action="store_true", help="an engine that only takes its time")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"{', '.join(KINDS)} (all)")
    options = parser.parse_args()
    if unknown := set(options.kinds) - set(KINDS):
        parser.error(f"there is no {', '.join(unknown)}")
    print(f"{'':26} cases crashes hangs losses  longest gap  slowest end  lag of keys", flush=True)
    clean = True
    for name in options.kinds or KINDS:
        tally = KINDS[name](options.cases, options.seed, real=not options.paced)
        clean &= tally.is_clean
        print(
            f"{tally.kind:26} {tally.cases:5} {tally.crashes:7} {tally.hangs:5} {tally.losses:6}"
            f" {tally.gap * 1000:9.0f} ms {tally.slowest:10.1f} s {tally.lag:10.1f} s",
            flush=True,
        )
        for line in tally.why:
            print(f"    {line}")
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
