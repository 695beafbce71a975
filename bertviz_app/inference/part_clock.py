"""The part clock: how long each part of the network took, measured while it reads a text."""

from __future__ import annotations

import weakref
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from time import perf_counter

from torch import nn

from bertviz_app.bert.network import Bert
from bertviz_app.core.timings import Timings


class PartClock:
    """Listens to the parts of one network at a time; some microseconds are all it costs.

    On another device than the processor a part takes as long as it takes to ask for it: the device
    works while the next one is asked for, and what it still does falls to `copy`.
    """

    def __init__(self) -> None:
        self._network: weakref.ref[Bert] | None = None
        self._spent: defaultdict[str, float] = defaultdict(float)
        self._part_began: dict[str, float] = {}
        self._began = 0.0

    def start(self) -> None:
        """Forget what was measured, and measure from now on."""
        self._spent.clear()
        self._began = perf_counter()

    def listen_to(self, network: Bert) -> None:
        """Measure the parts of this network from now on."""
        if self._network is not None and self._network() is network:
            return
        self._network = weakref.ref(network)
        for name, part in _parts(network):
            part.register_forward_pre_hook(partial(self._on_begin, name))
            part.register_forward_hook(partial(self._on_end, name))

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Measure what the block does as the part of this name."""
        began = perf_counter()
        try:
            yield
        finally:
            self._spent[name] += perf_counter() - began

    @property
    def timings(self) -> Timings:
        """What was measured since `start`."""
        spent = dict(self._spent)
        if "layers" in spent:  # the network is all of it that comes before its heads
            spent["layers"] -= spent["embeddings"]
        rest = perf_counter() - self._began - sum(spent.values())
        return Timings(copy=max(rest, 0.0), **spent)

    def _on_begin(self, name: str, *_: object) -> None:
        self._part_began[name] = perf_counter()

    def _on_end(self, name: str, *_: object) -> None:
        self._spent[name] += perf_counter() - self._part_began[name]


def _parts(network: Bert) -> Iterator[tuple[str, nn.Module]]:
    """The parts that are measured, by their fields of `Timings`."""
    yield "embeddings", network.embeddings
    yield "layers", network
    for head in (network.mlm, network.pooler, network.nsp):
        if head is not None:
            yield "heads", head
