"""Where tensors become numpy: from any device, always float32 and in one piece."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from bertviz_app.core.trace import Array


def at_host(tensor: Tensor) -> Tensor:
    """The tensor in the processor's memory: itself, if it is there."""
    found = tensor.detach()
    if not found.is_cuda:
        return found.cpu()
    # A graphics card writes into memory that cannot be swapped out five times as fast.
    host = torch.empty(found.shape, dtype=found.dtype, device="cpu", pin_memory=True)
    return host.copy_(found)


def array(tensor: Tensor) -> Array:
    """Its numbers in one piece; where they are at hand so already, they share their memory."""
    return np.ascontiguousarray(at_host(tensor).numpy())


def kept(tensor: Tensor) -> Array:
    """A read-only copy of its numbers, which may live longer than the model."""
    found: Array = at_host(tensor).numpy().copy()
    found.setflags(write=False)
    return found
