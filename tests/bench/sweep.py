"""Every head silenced alone, against one forward of the same text, in one process."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator

from bertviz_app.core.questions.head_sweep import HeadSweep
from bertviz_app.core.request import Request
from bertviz_app.inference.engine import Engine
from bertviz_app.inference.load import load_engine
from tests.bench.forward import base_size, text_of
from tests.bench.table import Figure, interleaved

TOKENS = 16
MOST_FORWARDS = 40
MOST_SECONDS = 1.0


def figures() -> Iterator[Figure]:
    """The whole sweep at T = 16: of base size in forwards, of the shipped model in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        base_size(folder)
        engine = load_engine(folder)
    request = Request(text_of(TOKENS))
    median = interleaved(
        {"forward": lambda: engine(request), "sweep": lambda: _swept(engine, request)}, rounds=5
    )
    ratio = median["sweep"] / median["forward"]
    yield Figure(
        f"base size, T = {TOKENS}: all 144 heads silenced alone / one forward "
        f"({median['sweep'] * 1e3:.0f} / {median['forward'] * 1e3:.1f} ms)",
        f"{ratio:.1f} ×",
        f"≤ {MOST_FORWARDS} ×",
        ratio <= MOST_FORWARDS,
    )
    shipped, request = (
        load_engine(),
        Request("The woman washed [MASK] hands and then she dried them."),
    )
    start = time.perf_counter()
    _swept(shipped, request)
    seconds = time.perf_counter() - start
    yield Figure(
        f"shipped model, T = {len(shipped(request))}: all 72 heads silenced alone",
        f"{seconds:.2f} s",
        f"≤ {MOST_SECONDS:.0f} s",
        seconds <= MOST_SECONDS,
    )


def _swept(engine: Engine, request: Request) -> object:
    position = engine(request).encoding.masks[0]
    return list(engine.job(HeadSweep(request, position, word=1000)))
