"""From a key to its picture painted, event loop and worker included, against what cannot be saved.

Both sides in one process and interleaved; the time of the other side is no part of a keystroke.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

import torch

from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.core.paths import default_model
from tests.bench.desk import KEYS, Desk, open_desk
from tests.bench.forward import base_size, text_of
from tests.bench.table import Figure

TOKENS = 16
ROUNDS = 20
READINGS, OF_EAGER = 1.7, 0.4
SHIPPED = "The woman washed [MASK] hands and then she dried them with a towel."


def figures() -> Iterator[Figure]:
    """Base size against reading its weights; the shipped model against transformers' eager run."""
    with open_desk() as desk:
        yield _shipped(desk)
        with tempfile.TemporaryDirectory() as folder:
            base_size(folder)
            desk.session.open_model(ModelWanted(Path(folder)))
            desk.wait(lambda: _layers(desk) == 12 and not desk.session.snapshot.catching_up)
            yield _base(desk)


def _shipped(desk: Desk) -> Figure:
    from transformers import BertForPreTraining

    theirs = BertForPreTraining.from_pretrained(
        default_model(), attn_implementation="eager", dtype=torch.float32
    ).eval()
    keys, eager = _interleaved(desk, SHIPPED, lambda ids: theirs(ids, output_attentions=True))
    ratio = keys / eager
    return Figure(
        f"shipped model, T = {TOKENS}: key to painted / transformers' eager forward alone "
        f"({keys * 1e3:.1f} / {eager * 1e3:.1f} ms)",
        f"{ratio:.2f} ×",
        f"≤ {OF_EAGER} ×",
        ratio <= OF_EAGER,
    )


def _base(desk: Desk) -> Figure:
    facts = desk.session.snapshot.facts
    assert facts is not None
    weights = torch.ones(facts.parameters)
    keys, reading = _interleaved(desk, text_of(TOKENS), lambda _: weights.sum())
    ratio = keys / reading
    return Figure(
        f"base size, T = {TOKENS}: key to painted / one reading of its float32 weights "
        f"({keys * 1e3:.1f} / {reading * 1e3:.1f} ms)",
        f"{ratio:.2f} ×",
        f"≤ {READINGS} ×",
        ratio <= READINGS,
    )


@torch.inference_mode()
def _interleaved(
    desk: Desk, text: str, other: Callable[[torch.Tensor], object]
) -> tuple[float, float]:
    """Median seconds of a key and of another computation on the ids of the text, in turn."""
    desk.retype(text)
    trace = desk.session.snapshot.trace
    assert trace is not None
    if len(trace) != TOKENS:
        raise RuntimeError(f"the text has {len(trace)} pieces, not {TOKENS}")
    ids = torch.tensor([trace.encoding.ids])
    other(ids)
    keys, others = [], []
    for _, key in zip(range(ROUNDS), cycle(KEYS), strict=False):
        keys.append(desk.type_key(key))
        start = time.perf_counter()
        other(ids)
        others.append(time.perf_counter() - start)
    return statistics.median(keys), statistics.median(others)


def _layers(desk: Desk) -> int:
    answer = desk.session.snapshot.answer
    return answer.as_is.spec.layers if answer is not None else 0
