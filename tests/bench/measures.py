"""The measures of all heads beside the reading they are captured with."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from bertviz_app.core.request import Request
from bertviz_app.core.trace import Trace
from bertviz_app.inference.load import load_engine
from bertviz_app.inference.measuring import measured
from tests.bench.table import Figure, interleaved

TARGET = 0.25
TOKENS = (16, 64, 512)


def figures() -> Iterator[Figure]:
    """The shipped model; a text of T pieces."""
    engine = load_engine()
    for tokens in TOKENS:
        asked = Request(" ".join(["the", "cat"] * tokens)[: 4 * (tokens - 2) - 1])
        trace = engine(asked)
        if len(trace) != tokens:
            raise RuntimeError(f"the text has {len(trace)} pieces, not {tokens}")

        def measure(trace: Trace = trace) -> None:
            measured(torch.as_tensor(trace.attention), trace.encoding)

        median = interleaved({"read": lambda a=asked: engine(a), "measure": measure}, rounds=10)
        ratio = median["measure"] / median["read"]
        yield Figure(
            f"thirteen measures of all heads, T = {tokens}: measuring / reading "
            f"({median['measure'] * 1e3:.1f} / {median['read'] * 1e3:.1f} ms)",
            f"{ratio:.2f} ×",
            f"≤ {TARGET} ×",
            ratio <= TARGET,
        )
