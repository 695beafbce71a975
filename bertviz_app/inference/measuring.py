"""The measures of every head, of maps where they are: on any device, with all its threads."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from bertviz_app.analysis.measures import NAMES, pictures
from bertviz_app.core.encoding import Encoding
from bertviz_app.core.trace import Array
from bertviz_app.inference.arrays import array

_SLAB = 1 << 17
"""Weights whose logarithms are taken at a time: they and their logarithms stay in the cache."""

_TINY = torch.finfo(torch.float32).tiny


@torch.inference_mode()
def measured(maps: Tensor, encoding: Encoding) -> Array:
    """Every measure of every head (n, L, H) of maps (L, H, T, T), in the order of `MEASURES`.

    NaN where the text has nothing to measure (see `absent`), and where the weights are NaN.
    """
    layers, heads, tokens, _ = maps.shape
    looked_for = pictures(encoding)
    rows = torch.tensor(np.stack([*looked_for.values()])).flatten(1)  # (p, T * T)
    # In this order the product runs over what lies side by side in both.
    sums = rows @ maps.reshape(layers * heads, -1).mT
    found = dict(zip(looked_for, sums.view(-1, layers, heads), strict=True))
    found["entropy"] = entropies(maps)
    if tokens > 1:
        found["entropy ÷ log₂ T"] = found["entropy"] / math.log2(tokens)
    found["largest weight"] = maps.amax(-1).mean(-1)
    nothing = torch.full((layers, heads), torch.nan)
    return array(torch.stack([found.get(name, nothing) for name in NAMES]))


def entropies(maps: Tensor) -> Tensor:
    """The entropy in bits (...) of maps (..., T, T): that of a row, mean over all rows."""
    rows = maps.reshape(-1, maps.shape[-1])
    found = torch.empty(len(rows))
    step = max(1, _SLAB // rows.shape[-1])
    logs = torch.empty(min(step, len(rows)), rows.shape[-1])
    for first in range(0, len(rows), step):
        weights = rows[first : first + step]
        some = logs[: len(weights)]
        torch.clamp_min(weights, _TINY, out=some)  # NaN stays NaN; 0 times a number is 0
        torch.sum(some.log_().mul_(weights), -1, out=found[first : first + step])
    return found.view(maps.shape[:-1]).mean(-1) / -math.log(2)
