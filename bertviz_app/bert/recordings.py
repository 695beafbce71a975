"""Forwards of a CUDA device, recorded once for each length of text and replayed from then on.

A device is told each operation one by one, and for a sentence that takes longer than computing it;
a recording (a CUDA graph) is started at one stroke. A text is read with padding up to the length
of its recording, which no token looks at: its weights are 0, and it is cut off.
"""

from __future__ import annotations

import logging
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from bertviz_app.bert.interventions import BatchInterventions
from bertviz_app.bert.network import Activations, Bert

LENGTHS = (16, 32, 64, 96, 128, 192, 256)
"""Tokens of the recordings; longer texts keep the device busy without one."""

NEAR = 1e-4
"""How far a replay may be from what it recorded."""

log = logging.getLogger(__name__)


Replay = Callable[[], object]
Record = Callable[[Callable[[], Activations]], tuple[Activations, Replay]]
"""Records a run: where it leaves what it finds, and what makes it find it anew."""


class GraphRecorder:
    """Records on a CUDA device; what all recordings compute on the way shares its memory."""

    def __init__(self) -> None:
        self._memory: Any = torch.cuda.graph_pool_handle()

    def __call__(self, run: Callable[[], Activations]) -> tuple[Activations, Replay]:
        """Record one run; it is not to wait for the device, nor to look at what it computes."""
        # What is called for the first time prepares itself, which cannot be recorded.
        aside = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(2):
                run()
        torch.cuda.current_stream().wait_stream(aside)
        graph = torch.cuda.CUDAGraph()
        # Another thread may be loading a model onto the device meanwhile.
        with torch.cuda.graph(graph, pool=self._memory, capture_error_mode="thread_local"):
            found = run()
        return found, graph.replay


class Recordings:
    """The recordings of one network."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._made: dict[tuple[int, bool, bool], _Recording | None] = {}

    def read(
        self, network: Bert, ids: Tensor, segments: Tensor, *, qkv: bool, inside: bool
    ) -> Activations:
        """Read one text (1, T) without changes and keep everything, as `Bert.forward` does.

        What is returned holds until the next call for a text of about this length.
        """
        tokens = ids.shape[1]
        if tokens > LENGTHS[-1]:
            return _plain(network, ids, segments, qkv=qkv, inside=inside)
        key = LENGTHS[bisect_left(LENGTHS, tokens)], qkv, inside
        if key not in self._made:
            self._made[key] = self._recorded(network, *key, ids, segments)
        recording = self._made[key]
        if recording is None:
            return _plain(network, ids, segments, qkv=qkv, inside=inside)
        return recording.replay(ids, segments)

    def _recorded(
        self, network: Bert, length: int, qkv: bool, inside: bool, ids: Tensor, segments: Tensor
    ) -> _Recording | None:
        """A new recording, or None if it does not repeat what the network computes."""
        expected = _plain(network, ids, segments, qkv=qkv, inside=inside).hidden[-1]
        try:
            recording = _Recording.made(network, length, self._record, qkv=qkv, inside=inside)
        except RuntimeError as error:
            log.warning("Forwards of %d tokens cannot be recorded: %s", length, error)
            return None
        found = recording.replay(ids, segments).hidden[-1]
        same = torch.allclose(found, expected, atol=NEAR, equal_nan=True)
        return recording if same else None


@dataclass(frozen=True, eq=False)
class _Recording:
    """One forward of a fixed length: where it reads from, and where it leaves what it found.

    All that it reads is kept here: memory that was let go of would be read all the same.
    """

    ids: Tensor
    segments: Tensor
    padding: Tensor
    changes: BatchInterventions
    run: Activations
    again: Replay

    @classmethod
    def made(
        cls, network: Bert, length: int, record: Record, *, qkv: bool, inside: bool
    ) -> _Recording:
        """Record the network on a text of that length."""
        device = network.embeddings.token.weight.device
        ids = torch.zeros(1, length, dtype=torch.int64, device=device)
        segments = torch.zeros_like(ids)
        padding = torch.zeros(length, dtype=torch.bool, device=device)
        changes = BatchInterventions.none(1, length, padding)

        def read() -> Activations:
            run: Activations = network(ids, segments, changes, qkv=qkv, inside=inside)
            return run

        return cls(ids, segments, padding, changes, *record(read))

    def replay(self, ids: Tensor, segments: Tensor) -> Activations:
        """Read a text (1, T) that is not longer than the recording."""
        tokens = ids.shape[1]
        for fixed, given in ((self.ids, ids), (self.segments, segments)):
            fixed.zero_()
            fixed[:, :tokens] = given
        self.padding.zero_()
        self.padding[tokens:] = True
        self.again()
        return self.run.first(tokens)


def _plain(network: Bert, ids: Tensor, segments: Tensor, *, qkv: bool, inside: bool) -> Activations:
    run: Activations = network(ids, segments, qkv=qkv, inside=inside)
    return run
