"""The pictures of attention: repaints, hover, the mosaic, and a key with BERT of base size."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import cycle
from pathlib import Path

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from bertviz_app.app import make_application
from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick, Scale, ViewOptions, WeightKind
from bertviz_app.ui import look
from bertviz_app.ui.view import View
from bertviz_app.ui.views.attention.all_heads import AllHeads
from bertviz_app.ui.views.attention.attention import AttentionView
from tests.bench.desk import KEYS, Desk, open_desk
from tests.bench.forward import base_size, peak, text_of
from tests.bench.table import Figure
from tests.synthetic import snapshot

LAYERS, HEADS = 12, 12
ROUNDS = 12
REPAINTS = {128: 16.0, 512: 50.0}
"""Milliseconds a repaint may take, by the number of tokens."""

HOVER, MOSAIC = 0.5, 40.0
"""Milliseconds at T = 512: for a hover over the map, and for all tiles of all heads."""

BERTVIZ = {16: 1.05, 64: 7.9, 128: 38.6}
"""Seconds from text to painted of BertViz's model view, 12 × 12 heads, on another machine."""

BERTVIZ_PEAK = 430e9
"""Operations a second of one packed layer there."""


def figures() -> Iterator[Figure]:
    """Medians; every repaint is of something else, so nothing that was kept helps."""
    application = QApplication.instance() or make_application()
    look.load_fonts()
    for tokens, limit in REPAINTS.items():
        made = snapshot(tokens, LAYERS, HEADS)
        for view, name in ((AttentionView(), "map"), (AllHeads(), "all heads")):
            view.resize(540, 600)
            view.show()
            application.processEvents()
            for what, changes in _changes(made).items():
                took = _repainted(view, changes)
                yield _figure(
                    f"{name}, T = {tokens}: another {what}, to the next frame", took, limit
                )
            if tokens == 512:
                yield from _at_512(view)
            view.close()
            view.deleteLater()
    yield from _keys()


def _changes(made: Snapshot) -> dict[str, list[Snapshot]]:
    def drawn(**options: object) -> Snapshot:
        return replace(made, options=replace(ViewOptions(), **options))

    return {
        "head": [replace(made, preview=Pick(layer=at, head=at)) for at in range(LAYERS)],
        "share kept": [drawn(keep=0.5 + at / 30) for at in range(ROUNDS)],
        "scale": [drawn(scale=scale) for scale in Scale],
        "kind": [drawn(kind=kind) for kind in (WeightKind.MEAN, WeightKind.WEIGHT)],
        "fold": [drawn(fold=folds, words=True) for folds in (True, False)],
    }


def _repainted(view: View, changes: Sequence[Snapshot]) -> float:
    """Milliseconds from a snapshot to painted."""
    turns = cycle(changes)

    def draw() -> None:
        view.show_snapshot(next(turns))
        view.picture.viewport().repaint()  # type: ignore[attr-defined]

    return _median(draw)


def _at_512(view: View) -> Iterator[Figure]:
    if isinstance(view, AttentionView):
        points = cycle([QPointF(150 + at, 200 + 3 * at) for at in range(60)])
        took = _median(lambda: view.picture.point_at(next(points)), rounds=120)
        yield _figure("map, T = 512: a hover", took, HOVER)
        return
    scales = cycle(Scale)

    def draw() -> None:
        view.show_snapshot(replace(view.snapshot, options=ViewOptions(scale=next(scales))))
        view.finish()

    yield _figure("all heads, T = 512: every tile", _median(draw), MOSAIC)


def _keys() -> Iterator[Figure]:
    """From a key to its picture painted, with random weights of base size."""
    with tempfile.TemporaryDirectory() as folder, open_desk() as desk:
        base_size(folder)
        desk.session.open_model(ModelWanted(Path(folder)))
        desk.wait(lambda: _layers(desk) == LAYERS and not desk.session.snapshot.catching_up)
        rate = peak(desk.session.snapshot.facts.spec)
        for tokens, theirs in BERTVIZ.items():
            desk.retype(text_of(tokens))
            ours = statistics.median(desk.type_key(key) for key in KEYS * 3)
            yield Figure(
                f"key to painted, base size, T = {tokens} ({rate / 1e9:.0f} GFLOP/s here; BertViz "
                f"{theirs} s at {BERTVIZ_PEAK / 1e9:.0f})",
                f"{ours * 1e3:.0f} ms",
                "reported",
                True,
            )


def _layers(desk: Desk) -> int:
    answer = desk.session.snapshot.answer
    return answer.as_is.spec.layers if answer is not None else 0


def _median(draw: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Median milliseconds of a call, after one that is not counted."""
    draw()
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        draw()
        took.append((time.perf_counter() - start) * 1e3)
    return statistics.median(took)


def _figure(what: str, took: float, limit: float) -> Figure:
    return Figure(what, f"{took:.2f} ms", f"≤ {limit:g} ms", took <= limit)
