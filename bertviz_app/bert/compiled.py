"""Functions of tensors compiled: one operation for Python, however many it is for torch.

Python's lock is asked for after every operation of torch. While a window paints, each of the
hundreds of a run waits for it, and the window for each of them. Compiled by TorchScript, the layers
are one operation, which computes without the lock.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec, TypeVar

import torch

P = ParamSpec("P")
R = TypeVar("R")

log = logging.getLogger(__name__)


@cache
def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """`function` as one operation, or as it is where it cannot be compiled; without gradients.

    PyTorch keeps TorchScript but advises new programs against it: what it advises needs a compiler
    for C++ on every machine.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            as_one = torch.jit.script(function)
    except Exception as error:
        log.info("%s runs uncompiled: %s", function.__name__, error)
        return function

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        # Optimising delays the first run and makes no later one faster.
        with torch.jit.optimized_execution(False):  # type: ignore[attr-defined]
            found: R = as_one(*args, **kwargs)
            return found

    return run
