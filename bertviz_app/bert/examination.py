"""A look at each tensor while it is read: how long it is, and whether its numbers are numbers."""

from __future__ import annotations

from math import isfinite

import torch
from torch import Tensor

from bertviz_app.bert.names import Slot
from bertviz_app.bert.safetensors_header import TensorInfo
from bertviz_app.core.origin import TensorRead

_FIRST = 64
"""Numbers that tell most tensors from one that repeats a single number."""


def examined(numbers: Tensor, name: str, info: TensorInfo, slot: Slot) -> TensorRead:
    """What is to be said of a tensor whose float32 numbers are these."""
    norm = float(torch.linalg.vector_norm(numbers))
    return TensorRead(
        name=name,
        kind=info.kind,
        shape=info.shape,
        parameter=slot.parameter,
        row=None if slot.rows == slot.shape[0] else slot.row,
        norm=norm,
        broken=0 if isfinite(norm) else int((~torch.isfinite(numbers)).sum()),
        constant=_is_constant(numbers.reshape(-1)),
    )


def _is_constant(numbers: Tensor) -> bool:
    """Whether there are several, all the same; only a suspect is looked at whole."""
    if len(numbers) < 2 or not bool((numbers[:_FIRST] == numbers[0]).all()):
        return False
    return bool((numbers == numbers[0]).all())
