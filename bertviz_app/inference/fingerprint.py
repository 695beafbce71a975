"""The fingerprint of a model: short, cheap, and the same however and wherever it was saved."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import astuple

from torch import Tensor

from bertviz_app.core.spec import ModelSpec

_SAMPLES = 1024
"""Numbers of each parameter that are looked at; smaller parameters are taken whole."""


def fingerprint(
    spec: ModelSpec, vocabulary: Sequence[str], parameters: Mapping[str, Tensor]
) -> str:
    """SHA-256 over a model's sizes, its pieces in order and a sample of every parameter.

    It does not depend on the folder, its name, the names of tensors or their order, but on the
    numbers: trained further, or rounded to another kind of number, a model has another one. Of a
    large parameter every n-th number counts, so it tells models apart but proves no file whole.

    Args:
        spec: the sizes and options.
        vocabulary: the piece of each id (V,).
        parameters: float32 tensors by our names.

    Returns:
        64 hexadecimal digits.
    """
    digest = hashlib.sha256(repr(astuple(spec)).encode())
    digest.update("\n".join(vocabulary).encode())
    for name, parameter in sorted(parameters.items()):
        numbers = parameter.reshape(-1)
        step = -(-max(len(numbers), 1) // _SAMPLES)
        digest.update(name.encode())
        digest.update(numbers[::step].contiguous().numpy().tobytes())
    return digest.hexdigest()
