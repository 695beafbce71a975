"""What computes: the device, the form of the linear layers, how memory is asked for; at load."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from itertools import product
from statistics import median
from time import perf_counter

import torch
from torch import nn

from bertviz_app.bert.linear import Linear, PackedLinear, RoundedLinear
from bertviz_app.bert.network import Bert
from bertviz_app.bert.recordings import GraphRecorder, Recordings
from bertviz_app.bert.threads import all_threads
from bertviz_app.core.devices import BFLOAT16, CPU, CUDA, MPS

_TYPICAL_ROWS = (16, 64)
_TRIALS = 4
_SECONDS = 0.2
_NEARLY = 1.1


def use_large_pages() -> None:
    """Let torch ask Linux for memory in pages of 2 MB, unless the environment says otherwise.

    The maps of a text of 512 tokens are 150 MB at base size, new for each run; given 4 kB at a
    time they cost 40,000 faults. torch looks at this when it first allocates.
    """
    os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")


def devices() -> tuple[str, ...]:
    """The devices that torch finds here, the processor first."""
    there = {CUDA: torch.cuda.is_available(), MPS: torch.backends.mps.is_available()}
    return (CPU, *(device for device, found in there.items() if found))


def device_words(device: str, precision: str) -> str:
    """What computes, in the words of the status line: "CPU, 2 threads"."""
    threads = all_threads()
    words = f"CPU, up to {threads} threads" if threads > 1 else "CPU, 1 thread"
    if device == CUDA:
        words = f"CUDA, {torch.cuda.get_device_name()}"
    elif device == MPS:
        words = "MPS"
    return words if precision != BFLOAT16 else f"{words}, {precision}"


def settle(network: Bert, device: str, precision: str) -> None:
    """Put a network where it shall compute, its linear layers in the form that suits it there."""
    if precision == BFLOAT16:
        packed = device == CPU and can_pack(torch.bfloat16)
        if packed:
            pack(network, torch.bfloat16)
        else:
            _replace_linears(network, RoundedLinear)
    elif device == CPU:
        choose_linears(network)
    network.to(device)
    if device == CUDA:
        network.recordings = Recordings(GraphRecorder())


def choose_linears(network: Bert) -> bool:
    """Pack every linear layer of `network` if that is faster here; returns whether it was."""
    if not can_pack() or not packing_is_faster(_linears(network.layers[0])):
        return False
    pack(network)
    return True


def pack(network: nn.Module, number: torch.dtype = torch.float32) -> None:
    """Pack every linear layer below `network`."""
    _replace_linears(network, lambda plain: PackedLinear(plain, number))


def _replace_linears(network: nn.Module, form: Callable[[Linear], nn.Module]) -> None:
    """Give every linear layer below `network` another form.

    The plain weights go, one layer after the other, unless something else holds them: the word
    table stays, for looking words up.
    """
    # Not the linear layers themselves: the list would keep every plain weight to the end.
    for module in [module for module in network.modules() if not isinstance(module, Linear)]:
        for name, child in list(module.named_children()):
            if isinstance(child, Linear):
                setattr(module, name, form(child))


def can_pack(number: torch.dtype = torch.float32) -> bool:
    """Whether torch has the packed form here and it computes what the plain one does."""
    plain, x = Linear(24, 40, "gelu"), torch.linspace(-2, 2, 3 * 24).view(3, 24)
    near = 1e-5 if number == torch.float32 else 0.05
    try:
        with torch.no_grad():
            return torch.allclose(PackedLinear(plain, number)(x), plain(x), atol=near)
    except (AttributeError, RuntimeError, NotImplementedError):
        return False


def packing_is_faster(samples: Iterable[Linear]) -> bool:
    """Time both forms of each layer, in turn, on as many rows as a sentence has tokens.

    Other programs disturb the clock: hence the best of several trials, the median of the layers
    and, where both forms are nearly as fast, the packed one.
    """
    end = perf_counter() + _SECONDS
    ratios: list[float] = []
    for plain, rows in product(samples, _TYPICAL_ROWS):
        packed, x = PackedLinear(plain), torch.ones(rows, plain.in_features)
        packed(x)  # compiles
        trials = [(_seconds(plain, x), _seconds(packed, x))]
        while len(trials) < _TRIALS and perf_counter() < end:
            trials.append((_seconds(plain, x), _seconds(packed, x)))
        plain_seconds, packed_seconds = (min(seconds) for seconds in zip(*trials, strict=True))
        ratios.append(packed_seconds / plain_seconds)
    return median(ratios) < _NEARLY


def _linears(module: nn.Module) -> list[Linear]:
    return [child for child in module.modules() if isinstance(child, Linear)]


@torch.inference_mode()
def _seconds(linear: nn.Module, x: torch.Tensor) -> float:
    start = perf_counter()
    linear(x)
    return perf_counter() - start
