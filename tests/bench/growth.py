"""How the cost of a keystroke grows with the text and with the model, part by part.

`python -m tests.bench growth --plot FILE.svg` draws it as well.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import cycle
from pathlib import Path

import numpy as np
import torch
from PySide6.QtWidgets import QApplication
from torch import Tensor

from bertviz_app.app import make_application
from bertviz_app.bert.interventions import BatchInterventions
from bertviz_app.bert.layer import LayerChanges, attend, feed_forward
from bertviz_app.bert.machine import settle
from bertviz_app.bert.network import Bert
from bertviz_app.core.devices import CPU, FLOAT32
from bertviz_app.core.request import Request
from bertviz_app.core.spec import ModelSpec
from bertviz_app.core.state import Scale, ViewOptions
from bertviz_app.inference.arrays import array
from bertviz_app.inference.load import load_engine
from bertviz_app.inference.measuring import measured
from bertviz_app.inference.predictions import predictions
from bertviz_app.inference.soundness import first_broken, is_uniform
from bertviz_app.ui import look
from bertviz_app.ui.views.attention.all_heads import AllHeads
from tests.bench.log_plot import Line, log_plot
from tests.bench.table import Figure
from tests.synthetic import snapshot

TOKENS = (8, 16, 32, 64, 128, 256, 512)
SIZES = {
    "tiny": (2, 2, 128),
    "mini": (4, 4, 256),
    "small": (4, 8, 512),
    "base": (12, 12, 768),
    "large": (24, 16, 1024),
}
"""Layers, heads and width of the miniatures of BERT, of base and of large."""

OF_SIZES = 64
"""Tokens of the text that every size reads."""

MATHS = {
    "tokenise": 1.0,
    "embeddings": 1.0,
    "attention": 2.0,
    "feed-forward": 1.0,
    "word head": 0.0,
    "keep": 2.0,
    "measures": 2.0,
    "compose and paint": 2.0,
}
"""The power of T that each part is made of at most; the head reads one blank."""

SLACK = 0.2
"""How far a fitted power may be above that: a cache that overflows makes a bend."""

FITTED = 64
"""Tokens from which on a power is fitted; below, what a call costs by itself is most of it."""

ROUNDS = 7


def figures(plot: Path | None = None) -> Iterator[Figure]:
    """The least time of each part at each length, and the power of the upper half."""
    of_lengths = {tokens: _of_length(tokens) for tokens in TOKENS}
    if plot is not None:
        lines = [Line(part, [of_lengths[tokens][part] for tokens in TOKENS]) for part in MATHS]
        plot.write_text(log_plot("shipped model: milliseconds by tokens", TOKENS, lines), "utf-8")
    for part, power in MATHS.items():
        times = [of_lengths[tokens][part] for tokens in TOKENS]
        long = [at for at, tokens in enumerate(TOKENS) if tokens >= FITTED]
        found = _power([TOKENS[at] for at in long], [times[at] for at in long])
        said = ", ".join(f"{seconds * 1e3:.3g}" for seconds in times)
        yield Figure(
            f"{part}: ms at T = 8 … 512: {said}",
            f"T^{found:.2f}",
            f"≤ T^{power:g} + {SLACK:g}",
            found <= power + SLACK,
        )
    work, seconds = zip(*(_of_size(*size) for size in SIZES.values()), strict=True)
    said = ", ".join(f"{name} {took * 1e3:.3g}" for name, took in zip(SIZES, seconds, strict=True))
    found = _power(work[1:], seconds[1:])
    yield Figure(
        f"all layers, T = {OF_SIZES}, ms: {said}; by multiplications",
        f"n^{found:.2f}",
        f"≤ n^1 + {SLACK:g}",
        found <= 1 + SLACK,
    )


def _of_length(tokens: int) -> dict[str, float]:
    """Seconds of each part, for a text of so many pieces with one blank."""
    engine, text = load_engine(), " ".join(["the"] * (tokens - 3) + ["[MASK]"])
    model = engine._model  # noqa: SLF001 - its parts are timed one by one
    trace = engine(Request(text))
    if len(trace) != tokens:
        raise RuntimeError(f"the text has {len(trace)} pieces, not {tokens}")
    ids, segments = (
        torch.tensor([numbers]) for numbers in (trace.encoding.ids, trace.encoding.segments)
    )
    with torch.inference_mode():
        run = model.network(ids, segments)
    logits = torch.tensor(trace.mask_logits)

    def keep() -> None:
        """What `inference.reading` does with a run beside the captures."""
        hidden, maps = run.hidden[:, 0], run.attention[0]
        first_broken(hidden), is_uniform(maps), array(hidden), array(maps)
        predictions(trace.encoding.masks, logits, model.facts.vocabulary)

    return _of_network(model.network, ids, segments, list(trace.encoding.masks)) | {
        "tokenise": _least(partial(model.tokenizer.encode, text)),
        "keep": _least(keep),
        "measures": _least(partial(measured, run.attention[0], trace.encoding)),
        "compose and paint": _painted(tokens, trace.spec),
    }


@torch.inference_mode()
def _of_network(network: Bert, ids: Tensor, segments: Tensor, masks: list[int]) -> dict[str, float]:
    """Seconds of each part of a network; the layers are run part by part, which they are not."""
    run, layers = network(ids, segments), [layer.weights for layer in network.layers]
    states, head = run.hidden[-1][:, masks], network.mlm

    def attention() -> None:
        for x, layer in zip(run.hidden, layers, strict=False):
            attend(x, layer.attention, LayerChanges(), None, None)

    def feed_forwards() -> None:
        for x, layer in zip(run.hidden, layers, strict=False):
            feed_forward(x, layer.feed_forward)

    nothing = BatchInterventions.none(*ids.shape)
    return {
        "embeddings": _least(lambda: network.embeddings(ids, segments, nothing)),
        "attention": _least(attention),
        "feed-forward": _least(feed_forwards),
        "word head": _least(lambda: head(states)),
    }


def _painted(tokens: int, spec: ModelSpec) -> float:
    """Seconds from a snapshot to all maps on screen."""
    application = QApplication.instance() or make_application()
    look.load_fonts()
    view, made = AllHeads(), snapshot(tokens, spec.layers, spec.heads)
    view.resize(540, 600)
    view.show()
    application.processEvents()
    scales = cycle((Scale.ROOT, Scale.LINEAR))

    def draw() -> None:
        view.show_snapshot(replace(made, options=ViewOptions(scale=next(scales))))
        view.finish()
        view.picture.viewport().repaint()  # type: ignore[attr-defined]

    took = _least(draw)
    view.close()
    view.deleteLater()
    return took


def _of_size(layers: int, heads: int, width: int) -> tuple[float, float]:
    """Multiplications of all layers, and the seconds they take."""
    spec = ModelSpec(
        layers=layers,
        heads=heads,
        width=width,
        feed_forward=4 * width,
        vocabulary=100,
        positions=512,
        segments=2,
    )
    network = Bert(spec, mlm=False, nsp=False).eval().requires_grad_(False)
    settle(network, CPU, FLOAT32)
    ids = torch.zeros(1, OF_SIZES, dtype=torch.int64)
    with torch.inference_mode():
        took = _least(lambda: network(ids, ids))
    return spec.multiplications(OF_SIZES), took


def _least(run: Callable[[], object]) -> float:
    """The least seconds of some calls, after one that is not counted."""
    run()
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        run()
        took.append(time.perf_counter() - start)
    return min(took)


def _power(sizes: object, seconds: object) -> float:
    """The power of a size that seconds grow with: the slope where both are logarithms."""
    slope, _ = np.polyfit(np.log(sizes), np.log(seconds), 1)
    return float(slope)
