"""How many threads torch computes with."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

import torch

LITTLE = 500_000_000
"""Multiplications below which the last core saves less than it costs a window that wants one too.

All threads of an operation wait for the slowest, and while a window paints that is the one that
shares its core: the layers of a small model took 34 ms with two threads on two cores, and 25 with
one (16 tokens, 170 million multiplications, 20 keys a second).
"""


def use_all_cores() -> None:
    """Let torch use every physical core, unless OMP_NUM_THREADS asks for something else."""
    _use(all_threads())


def leave_a_core(multiplications: float) -> None:
    """For little work leave a core to the window, for more use them all."""
    _use(max(all_threads() - (multiplications < LITTLE), 1))


@cache
def all_threads() -> int:
    """The threads of torch when it uses all cores."""
    asked = "OMP_NUM_THREADS" in os.environ
    return torch.get_num_threads() if asked else _physical_cores()


def _use(threads: int) -> None:
    if "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(threads)


def _physical_cores() -> int:
    """Cores this process may run on; the two hardware threads of one core count once."""
    if sys.platform != "linux":
        return torch.get_num_threads()  # torch counts them so, before it is told anything
    processors = os.sched_getaffinity(0)
    try:
        return len({_siblings(processor) for processor in processors})
    except OSError:
        return len(processors)


def _siblings(processor: int) -> str:
    topology = Path(f"/sys/devices/system/cpu/cpu{processor}/topology")
    return (topology / "thread_siblings_list").read_text("ascii")
