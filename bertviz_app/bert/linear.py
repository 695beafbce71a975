"""The linear layer in three forms: plain, packed for oneDNN, and rounded to bfloat16.

Most processors run the packed form faster; it comes in float32 and, where the processor computes
with it, in bfloat16. What goes in and comes out is float32 in every form.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

_ONEDNN_NAMES = {
    None: ("none", ""),
    "gelu": ("gelu", "none"),
    "gelu_tanh": ("gelu", "tanh"),
    "relu": ("relu", ""),
}

# oneDNN compiles a kernel for every number of rows it meets and keeps it: half a megabyte for each
# shape of weights. Typing brings ever new lengths, so each is rounded up to one of a few.
_ROWS = (0, 1, 2, 8, 16, 24, 32, 48, 64, 96, 128, 256, 512)

# More rows than are rounded up are cut into pieces of these lengths and a rest.
_PIECES = (512, 256, 128)


def activate(x: Tensor, activation: str | None) -> Tensor:
    """Apply one of the activations of `ModelSpec`, or none; the shape stays."""
    if activation is None:
        return x
    if activation == "relu":
        return F.relu(x)
    return F.gelu(x, approximate="tanh" if activation == "gelu_tanh" else "none")


class Linear(nn.Linear):
    """activation(x Wᵀ + b), plain: it learns, and has gradients everywhere."""

    def __init__(self, inputs: int, outputs: int, activation: str | None = None) -> None:
        super().__init__(inputs, outputs)
        self.activation = activation

    def forward(self, x: Tensor) -> Tensor:
        """(..., inputs) -> (..., outputs)."""
        return activate(super().forward(x), self.activation)

    def without_activation(self, x: Tensor) -> Tensor:
        """What the activation is given: x Wᵀ + b; (..., inputs) -> (..., outputs)."""
        return super().forward(x)


class RoundedLinear(nn.Module):
    """The same map with W, b, x and the result rounded to bfloat16: for any device, frozen."""

    _weight: Tensor
    _bias: Tensor

    def __init__(self, plain: Linear) -> None:
        super().__init__()
        self.activation = plain.activation
        self.register_buffer("_weight", plain.weight.detach().bfloat16())
        self.register_buffer("_bias", plain.bias.detach().bfloat16())

    @property
    def weight(self) -> Tensor:
        """A copy of W as it was rounded (outputs, inputs), float32."""
        return self._weight.float()

    @property
    def bias(self) -> Tensor:
        """A copy of b as it was rounded (outputs,), float32."""
        return self._bias.float()

    def forward(self, x: Tensor) -> Tensor:
        """(..., inputs) -> (..., outputs)."""
        return activate(self.without_activation(x), self.activation)

    def without_activation(self, x: Tensor) -> Tensor:
        """What the activation is given: x Wᵀ + b; (..., inputs) -> (..., outputs)."""
        return F.linear(x.bfloat16(), self._weight, self._bias).float()


class PackedLinear(nn.Module):
    """The same map with its weights in oneDNN's own order: frozen, with gradients for x alone.

    Of bfloat16 the products are rounded, their sums are not. The two operators are private to
    PyTorch; `machine.can_pack` tries them first.
    """

    def __init__(self, plain: Linear, number: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.activation = plain.activation
        self._number = None if number == torch.float32 else number
        self._bias = plain.bias.detach().to(number)
        self._outputs = plain.out_features
        weight = plain.weight.detach().to(number)
        self._packed: Tensor = torch.ops.mkldnn._reorder_linear_weight(weight, None)

    @property
    def weight(self) -> Tensor:
        """A copy of W in the usual order (outputs, inputs), float32."""
        return self._packed.to_dense().float()

    @property
    def bias(self) -> Tensor:
        """The bias (outputs,), float32."""
        return self._bias.float()

    def forward(self, x: Tensor) -> Tensor:
        """(..., inputs) -> (..., outputs)."""
        if torch.is_grad_enabled() and x.requires_grad:
            y: Tensor = _WithGradient.apply(x, self)  # type: ignore[no-untyped-call]
            return activate(y, self.activation)
        return self.run(x, self.activation)

    def without_activation(self, x: Tensor) -> Tensor:
        """What the activation is given: x Wᵀ + b; (..., inputs) -> (..., outputs)."""
        return self.run(x, None)

    def run(self, x: Tensor, activation: str | None) -> Tensor:
        """The map alone, nothing recorded for a gradient; (..., inputs) -> (..., outputs)."""
        rows = x.reshape(-1, x.shape[-1])
        if len(rows) <= _PIECES[-1]:
            y = self._computed(rows, activation)
        else:
            parts = torch.split(rows, _lengths(len(rows)))
            y = torch.cat([self._computed(part, activation) for part in parts])
        return y.view(*x.shape[:-1], self._outputs)

    def _computed(self, x: Tensor, activation: str | None) -> Tensor:
        """(n, inputs) -> (n, outputs) for n rows that fit into one kernel."""
        count = len(x)
        # What is done to a tensor only to leave it as it is takes as long as a small product.
        padding = _ROWS[bisect_left(_ROWS, count)] - count
        rows = F.pad(x, (0, 0, 0, padding)) if padding else x
        name, algorithm = _ONEDNN_NAMES[activation]
        rows = rows if self._number is None else rows.to(self._number)
        y: Tensor = torch.ops.mkldnn._linear_pointwise(
            rows, self._packed, self._bias, name, [], algorithm
        )
        y = y if self._number is None else y.float()
        return y[:count] if padding else y


def _lengths(rows: int) -> list[int]:
    """The pieces that so many rows are cut into, the longest first."""
    found: list[int] = []
    for length in _PIECES:
        pieces, rows = divmod(rows, length)
        found += [length] * pieces
    return [*found, rows] if rows else found


class _WithGradient(torch.autograd.Function):
    """x Wᵀ + b and its gradient for x; W is unpacked for the way back only."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, linear: PackedLinear) -> Tensor:  # noqa: ANN401
        ctx.linear = linear
        return linear.run(x, None)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:  # noqa: ANN401
        return gradient @ ctx.linear.weight, None
