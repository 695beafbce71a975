"""Memory after ten thousand updates of varied length, through the real window."""

from __future__ import annotations

import gc
import random
from collections.abc import Iterator
from pathlib import Path

from tests.bench.desk import Desk, open_desk
from tests.bench.table import Figure

UPDATES = 10_000
SETTLED = 1_000
"""Updates before the first reading: caches of fonts, shapes and allocators fill up once."""

TEXT = "the farmers grow [MASK] and a child plays near some old river with her small dog"
WORDS = tuple(TEXT.split())


def figures() -> Iterator[Figure]:
    """Growth from update 1,000 to update 11,000."""
    dice = random.Random(0)
    with open_desk() as desk:
        for _ in range(SETTLED):
            _update(desk, dice)
        before = resident()
        for _ in range(UPDATES):
            _update(desk, dice)
        grown = resident() - before
    yield Figure(
        f"memory added by {UPDATES:,} updates of 3 to 60 pieces",
        f"{grown / 1e6:.1f} MB",
        "< 30 MB",
        grown < 30e6,
    )


def resident() -> int:
    """Bytes of memory this process holds (Linux)."""
    gc.collect()
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("this system does not tell how much memory a process holds")


def _update(desk: Desk, dice: random.Random) -> None:
    text = " ".join(dice.choices(WORDS, k=dice.randint(1, 58)))
    field = desk.window.frame.text_row.fields[0]
    field.selectAll()
    field.insertPlainText(text)
    desk.wait(lambda: desk.shows(text))
