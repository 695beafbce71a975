"""A graphics card against the processor: how fast it is, and that it computes the same.

For a machine with CUDA; Qt is not needed. `python -m tests.bench cuda` takes less than a minute.
"""

from __future__ import annotations

import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np
import torch

from bertviz_app.bert.interventions import BatchInterventions
from bertviz_app.bert.machine import can_pack
from bertviz_app.core.devices import BFLOAT16, CPU, CUDA
from bertviz_app.core.jobs import Question
from bertviz_app.core.lens import Lens
from bertviz_app.core.questions.attention_flow import AttentionFlow
from bertviz_app.core.questions.attribution import (
    GradientTimesInput,
    IntegratedGradients,
    Occlusion,
)
from bertviz_app.core.questions.every_position import EveryPosition
from bertviz_app.core.questions.head_sweep import HeadSweep
from bertviz_app.core.questions.output_stage import OutputStageOf
from bertviz_app.core.questions.what_about import WhatAbout
from bertviz_app.core.request import Capture, Interventions, Request
from bertviz_app.inference.engine import Engine
from bertviz_app.inference.load import load_engine
from tests.bench.apart import largest
from tests.bench.forward import base_size, text_of
from tests.bench.table import Figure, interleaved

NEAR = 1e-4
"""How far a number may be from the processor's, as a part of the largest of its kind."""

LENGTHS = (16, 128)
FORWARD, KEYSTROKE = 2.0, 6.0
"""Milliseconds at T = 128: all maps on the card, and from the text to the trace at the host."""

TEXT = "The woman washed [MASK] hands and then she dried them."
POSITION, WORD = 4, 2014


def figures() -> Iterator[Figure]:
    """Speed at base size with random weights, then the numbers of the shipped model."""
    if not torch.cuda.is_available():
        yield Figure("a device for CUDA", "none here", "one", False)
        return
    # What failed is said and does not hide the rest.
    for part in (_speed, _parity, _jobs, _rounded, _falling_back):
        try:
            yield from part()
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            yield Figure(part.__doc__ or "", f"{type(error).__name__}: {error}"[:60], "", False)


def _speed() -> Iterator[Figure]:
    """Base size: forwards and keystrokes."""
    with tempfile.TemporaryDirectory() as folder:
        theirs = base_size(folder).to(CUDA)
        ours = load_engine(folder, device=CUDA)
        rounded = load_engine(folder, device=CUDA, precision=BFLOAT16)
        processor = load_engine(folder)
        if can_pack(torch.bfloat16):
            yield from _processor_rounded(processor, load_engine(folder, precision=BFLOAT16))
    yield Figure(f"{ours.facts.device}; beside it {processor.facts.device}", "", "", True)
    for tokens in LENGTHS:
        request = Request(text_of(tokens))
        ms = _forwards(ours, theirs, request)
        engines = {"keystroke": ours, "rounded": rounded, "processor": processor}
        ms |= _milliseconds({name: partial(engine, request) for name, engine in engines.items()})
        at = f"base size, T = {tokens}: "
        least = min(ms["plain"], ms["replay"])
        yield _ms(f"{at}forward with all maps on the card", least, FORWARD, tokens)
        yield _reported(f"{at}replayed / told one by one", ms["replay"], ms["plain"])
        yield _reported(f"{at}forward / transformers eager there", least, ms["eager"])
        yield _ms(f"{at}keystroke to trace at the host", ms["keystroke"], KEYSTROKE, tokens)
        yield _reported(f"{at}the same, bfloat16 / float32", ms["rounded"], ms["keystroke"])
        yield _reported(f"{at}the same, card / processor", ms["keystroke"], ms["processor"])
        yield _apart(f"{at}trace, card and processor", ours(request), processor(request))


@torch.inference_mode()
def _forwards(ours: Engine, theirs: torch.nn.Module, request: Request) -> dict[str, float]:
    """Milliseconds of one forward with all maps, which stay on the card."""
    encoding = ours(request).encoding
    ids = torch.tensor([encoding.ids], device=CUDA)
    segments = torch.tensor([encoding.segments], device=CUDA)
    network, recordings = ours._model.network, ours._model.network.recordings  # noqa: SLF001
    assert recordings is not None
    runs: dict[str, Callable[[], object]] = {
        "plain": lambda: network(ids, segments, BatchInterventions.none(*ids.shape)),
        "replay": lambda: recordings.read(network, ids, segments, qkv=False, inside=False),
        "eager": lambda: theirs(ids, output_attentions=True, output_hidden_states=True),
    }
    with torch.device(CUDA):
        return _milliseconds(
            {name: lambda run=run: (run(), torch.cuda.synchronize()) for name, run in runs.items()}
        )


def _milliseconds(variants: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Medians."""
    return {name: seconds * 1e3 for name, seconds in interleaved(variants, rounds=20).items()}


def _parity() -> Iterator[Figure]:
    """Shipped model: traces with all captures and every kind of change."""
    card, processor = load_engine(device=CUDA), load_engine()
    everything = Capture(
        logits_at=(1, 2),
        qkv=True,
        measures=True,
        lens=Lens(positions=(1, 4), words=(WORD,), between=True),
        sizes=True,
        value_norms=True,
        rollout=True,
    )
    row = np.eye(len(processor(Request(TEXT))))[1]
    changes = {
        "as is": Interventions(),
        "heads off, left only": Interventions(heads_off={(5, 8), (0, 1)}, causal=True),
        "parts, a row by hand": Interventions(parts=(1, 0.5, 2), attention={(2, 3, 4): row}),
        "sinusoidal": Interventions(position_table="sinusoidal"),
        "hidden keys": Interventions(hidden_keys=(2, 3)),
    }
    for name, changed in changes.items():
        request = Request(TEXT, interventions=changed, capture=everything)
        yield _apart(f"shipped model, {name}: all captures", card(request), processor(request))
        other = Request("It rained.", "We stayed [MASK].", changed.of_any_text)
        yield _apart(f"shipped model, {name}: a pair", card(other), processor(other))
    answers = [
        engine.answer(Request(TEXT, interventions=changes["heads off, left only"]))
        for engine in (card, processor)
    ]
    yield _apart("both runs in one batch", *(answer.changed for answer in answers))
    sloped = Request(TEXT, capture=Capture(gradients=(POSITION, WORD)))
    yield _apart("shipped model: gradients", card(sloped), processor(sloped))
    again = Request("She washed [MASK] hands.")
    card(Request(TEXT))
    yield _apart("a recording used for a second text", card(again), processor(again))
    yield _still_there(card)


def _jobs() -> Iterator[Figure]:
    """Shipped model: the longer questions."""
    card, processor = load_engine(device=CUDA), load_engine()
    request = Request(TEXT)
    questions: dict[str, Question[object]] = {
        "sweep": HeadSweep(request, POSITION, WORD),
        "gradient × input": GradientTimesInput(request, POSITION, WORD),
        "integrated gradients": IntegratedGradients(request, POSITION, WORD),
        "occlusion": Occlusion(request, POSITION, WORD),
        "every position": EveryPosition(request),
        "what about": WhatAbout((request,), POSITION, ("her", "unhappiness")),
        "flow": AttentionFlow(request, 5),
        "output stage": OutputStageOf(3),
    }
    for name, question in questions.items():
        found = [list(engine.job(question))[-1].answer for engine in (card, processor)]
        yield _apart(f"shipped model: {name}", *found)
    yield _still_there(card)


def _rounded() -> Iterator[Figure]:
    """Shipped model: bfloat16 on the card."""
    request = Request(TEXT)
    rounded, exact = load_engine(device=CUDA, precision=BFLOAT16)(request), load_engine()(request)
    apart = float(np.abs(rounded.attention - exact.attention).max())
    words = [{word.id for word in run.predictions[0].candidates} for run in (rounded, exact)]
    figure = f"{apart:.1e}, {len(words[0] & words[1])} of 10"
    what = "shipped model, bfloat16: largest difference of a weight, best words in common"
    yield Figure(what, figure, "≤ 2e-2, ≥ 9", apart <= 2e-2)


def _falling_back() -> Iterator[Figure]:
    """Memory that runs out: the processor goes on."""
    card, long = load_engine(device=CUDA), Request("the " * 500 + "[MASK]")
    expected = load_engine()(long)
    torch.cuda.empty_cache()
    total = torch.cuda.get_device_properties(0).total_memory
    torch.cuda.set_per_process_memory_fraction(torch.cuda.memory_reserved() / total)
    try:
        found = card(long)
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    yield _apart(f"“{card.facts.fallen_back}”", found, expected)
    place = card.facts.place
    yield Figure("what computes after memory ran out", place, CPU, place == CPU)


def _processor_rounded(exact: Engine, rounded: Engine) -> Iterator[Figure]:
    for tokens in LENGTHS:
        request = Request(text_of(tokens))
        median = interleaved(
            {"exact": lambda r=request: exact(r), "rounded": lambda r=request: rounded(r)},
            rounds=10,
        )
        ratio = median["exact"] / median["rounded"]
        what = f"base size on the processor, T = {tokens}: float32 / bfloat16"
        times = f"({median['exact'] * 1e3:.1f} / {median['rounded'] * 1e3:.1f} ms)"
        yield Figure(f"{what} {times}", f"{ratio:.2f} ×", "≥ 1.6 ×", ratio >= 1.6)


def _still_there(card: Engine) -> Figure:
    """Whether the card computed; where it gave up, the processor is held against itself."""
    place = card.facts.fallen_back or card.facts.place
    return Figure("what computed all that", place, CUDA, place == CUDA)


def _ms(what: str, took: float, target: float, tokens: int) -> Figure:
    held = tokens == LENGTHS[-1]
    target_words = f"≤ {target:g} ms" if held else "reported"
    return Figure(what, f"{took:.2f} ms", target_words, not held or took <= target)


def _reported(what: str, one: float, other: float) -> Figure:
    return Figure(f"{what} ({one:.2f} / {other:.2f} ms)", f"{one / other:.2f} ×", "reported", True)


def _apart(what: str, found: object, expected: object) -> Figure:
    """The largest difference of all numbers below two values of one class."""
    apart, where = largest(found, expected)
    figure = f"{apart:.1e} ({where})"
    return Figure(what, figure, f"≤ {NEAR:g}", bool(apart <= NEAR))
