"""The logits of BERT's two heads, added up anew from what their last layers multiply.

They start from the model's own float32 numbers and go on in float64: what is left between them and
the model's logits is the model's rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bertviz_app.core.trace import Array

Exact = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Logit:
    """One logit as a sum.

    Attributes:
        vector: what the last layer is given (W,).
        weights: the row of that layer for this logit (W,).
        bias: what is added to their product.
        model: the logit the model came to, rounded to float32 as it is.
    """

    vector: Array
    weights: Array
    bias: float
    model: float

    @cached_property
    def products(self) -> Exact:
        """Each number times its weight (W,)."""
        return self.vector.astype(np.float64) * self.weights

    @property
    def summed(self) -> float:
        """The sum of all products."""
        return float(self.products.sum())

    @property
    def logit(self) -> float:
        """Sum and bias together."""
        return self.summed + self.bias

    @property
    def apart(self) -> float:
        """How far the model's own logit is from it."""
        return abs(self.logit - self.model)


def softmax(logits: Array) -> tuple[float, ...]:
    """The probabilities of a few logits (n,), in float64; not numbers if one of them is none."""
    exact = logits.astype(np.float64)
    with np.errstate(invalid="ignore"):
        powers = np.exp(exact - exact.max())
    return tuple((powers / powers.sum()).tolist())
