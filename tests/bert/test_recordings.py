"""Recordings replay what the network computes, for texts of any length up to their own.

There is no CUDA device here: what is recorded is computed again, into the same memory.
"""

from __future__ import annotations

import inspect
import weakref
from collections.abc import Callable
from dataclasses import fields

import pytest
import torch
from torch import Tensor

from bertviz_app.bert.embeddings import EmbeddingParts
from bertviz_app.bert.network import Activations, Bert
from bertviz_app.bert.recordings import LENGTHS, Recordings, Replay
from bertviz_app.core.spec import ModelSpec

SPEC = ModelSpec(
    layers=2, heads=2, width=8, feed_forward=12, vocabulary=30, positions=300, segments=2
)


class Recorder:
    """Computes again where a device would replay; counts what it recorded."""

    def __init__(self) -> None:
        self.recorded = 0
        self.fails = False
        self.lies = False

    def __call__(self, run: Callable[[], Activations]) -> tuple[Activations, Replay]:
        if self.fails:
            raise RuntimeError("operation not permitted when stream is capturing")
        self.recorded += 1
        kept = run()

        def replay() -> None:
            for place, now in zip(tensors(kept), tensors(run()), strict=True):
                place.copy_(now)
                if self.lies:
                    place.add_(1)

        return kept, replay


def tensors(run: Activations) -> list[Tensor]:
    found = [getattr(run.embeddings, part.name) for part in fields(EmbeddingParts)]
    optional = (run.q, run.k, run.v, run.between, run.by_attention, run.by_feed_forward)
    return [*found, *run.attention, run.hidden, *(one for one in optional if one is not None)]


@pytest.fixture
def network() -> Bert:
    torch.manual_seed(0)
    return Bert(SPEC, mlm=False, nsp=False).requires_grad_(False)


def text_of(tokens: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    chance = torch.Generator().manual_seed(seed)
    ids, segments = torch.randint(2, 30, (2, 1, tokens), generator=chance)
    return ids, segments % 2


@torch.inference_mode()
@pytest.mark.parametrize("inside", [False, True])
def test_texts_of_every_length_are_read_as_without_a_recording(network: Bert, inside: bool) -> None:
    recorder = Recorder()
    recordings = Recordings(recorder)
    for seed, tokens in enumerate((16, 1, 9, 17, 16, 40, 2)):
        ids, segments = text_of(tokens, seed)
        found = recordings.read(network, ids, segments, qkv=inside, inside=inside)
        expected = network(ids, segments, qkv=inside, inside=inside)
        for one, other in zip(tensors(found), tensors(expected), strict=True):
            torch.testing.assert_close(one, other, rtol=0, atol=1e-6)
    assert recorder.recorded == 3


@torch.inference_mode()
@pytest.mark.parametrize("trouble", ["fails", "lies"])
def test_what_cannot_be_recorded_is_computed_each_time(network: Bert, trouble: str) -> None:
    recorder = Recorder()
    setattr(recorder, trouble, True)
    recordings = Recordings(recorder)
    for _ in range(2):
        ids, segments = text_of(7)
        found = recordings.read(network, ids, segments, qkv=False, inside=False)
        torch.testing.assert_close(found.hidden, network(ids, segments).hidden)
    assert recorder.recorded == (trouble == "lies")


@torch.inference_mode()
def test_the_longest_texts_have_no_recording(network: Bert) -> None:
    recorder = Recorder()
    ids, segments = text_of(LENGTHS[-1] + 1)
    found = Recordings(recorder).read(network, ids, segments, qkv=False, inside=False)
    assert found.hidden.shape[2] == LENGTHS[-1] + 1
    assert not recorder.recorded


@torch.inference_mode()
def test_all_that_a_recording_reads_stays_in_memory(network: Bert) -> None:
    """A device reads at the same addresses again, whatever may stand there by then."""
    alive: list[bool] = []

    def record(run: Callable[[], Activations]) -> tuple[Activations, Replay]:
        names = inspect.getclosurevars(run).nonlocals
        factors = weakref.ref(names["changes"].factors)
        ids, segments = names["ids"], names["segments"]
        del names
        kept = run()

        def replay() -> None:
            alive.append(factors() is not None)
            for place, now in zip(tensors(kept), tensors(network(ids, segments)), strict=True):
                place.copy_(now)

        return kept, replay

    recordings = Recordings(record)
    for seed in range(2):
        recordings.read(network, *text_of(16, seed), qkv=False, inside=False)
    assert alive == [True] * 3
