"""The linear layer in its forms: plain, packed for oneDNN, and rounded to bfloat16.

Most processors run the packed form faster; it comes in float32 and, where the processor computes
with it, in bfloat16. What goes in and comes out is float32 in every form.

The functions are such that TorchScript can compile them (`bert.compiled`). It reads annotations, so
these are not postponed: there is no `from __future__ import annotations` here.
"""

from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class LinearWeights(NamedTuple):
    """What a linear layer computes with, in one of its forms.

    Attributes:
        weight: W (outputs, inputs), or the same in oneDNN's own order if it is `packed`.
        bias: b (outputs,).
        outputs: how many numbers come out.
        activation: one of the activations of `ModelSpec` that they go through, or none.
        rounded: whether W, b and x are rounded to bfloat16. The products are, and so are the sums
            unless the weights are packed.
    """

    weight: Tensor
    bias: Tensor
    outputs: int
    activation: str | None
    packed: bool
    rounded: bool


def linear(x: Tensor, of: LinearWeights) -> Tensor:
    """activation(x Wᵀ + b); (..., inputs) -> (..., outputs). Of packed weights no gradient."""
    # An activation of its own: without AVX-512, GELU inside oneDNN's product takes twice as long
    # from 64 rows on; of 16 rows it takes less, which is 0.3 ms of a small model.
    return activate(_product(x, of), of.activation)


def _product(x: Tensor, of: LinearWeights) -> Tensor:
    if of.packed:
        if torch.jit.is_scripting():  # type: ignore[attr-defined]
            return _packed(x, of)
        if torch.is_grad_enabled() and x.requires_grad:
            return _with_gradient(x, of)
        return _packed(x, of)
    if of.rounded:
        return F.linear(x.to(torch.bfloat16), of.weight, of.bias).float()
    return F.linear(x, of.weight, of.bias)


def activate(x: Tensor, activation: str | None) -> Tensor:
    """Apply one of the activations of `ModelSpec`, or none; the shape stays."""
    if activation is None:
        return x
    if activation == "relu":
        return F.relu(x)
    return F.gelu(x, approximate="tanh" if activation == "gelu_tanh" else "none")


def _packed(x: Tensor, of: LinearWeights) -> Tensor:
    rows = x.reshape(-1, x.shape[-1])
    if rows.shape[0] <= 128:
        y = _one_kernel(rows, of)
    else:
        y = torch.cat([_one_kernel(part, of) for part in torch.split(rows, _pieces(rows.shape[0]))])
    shape = list(x.shape)
    shape[-1] = of.outputs
    return y.view(shape)


def _one_kernel(x: Tensor, of: LinearWeights) -> Tensor:
    """(n, inputs) -> (n, outputs) for n rows that fit into one kernel."""
    rows = x.shape[0]
    fitting = _fitting(rows)
    # What is done to a tensor only to leave it as it is takes as long as a small product.
    padded = F.pad(x, [0, 0, 0, fitting - rows]) if fitting > rows else x
    padded = padded.to(torch.bfloat16) if of.rounded else padded
    y: Tensor = torch.ops.mkldnn._linear_pointwise(padded, of.weight, of.bias, "none", [], "")
    y = y.float() if of.rounded else y
    return y[:rows] if fitting > rows else y


def _fitting(rows: int) -> int:
    """The number of rows of the kernel for so many.

    oneDNN compiles a kernel for every number of rows it meets and keeps it: half a megabyte for
    each shape of weights. Typing brings ever new lengths, so each is rounded up to one of a few.
    """
    for fitting in [0, 1, 2, 8, 16, 24, 32, 48, 64, 96, 128, 256]:
        if fitting >= rows:
            return fitting
    return 512


def _pieces(rows: int) -> list[int]:
    """The pieces that more rows than are rounded up are cut into, the longest first."""
    found: list[int] = []
    for length in [512, 256, 128]:
        found += [length] * (rows // length)
        rows = rows % length
    if rows > 0:
        found.append(rows)
    return found


class Linear(nn.Linear):
    """activation(x Wᵀ + b), plain: it learns, and has gradients everywhere."""

    def __init__(self, inputs: int, outputs: int, activation: str | None = None) -> None:
        super().__init__(inputs, outputs)
        self.activation = activation

    @property
    def weights(self) -> LinearWeights:
        """What `linear` computes with."""
        return LinearWeights(
            self.weight, self.bias, self.out_features, self.activation, packed=False, rounded=False
        )

    def forward(self, x: Tensor) -> Tensor:
        """(..., inputs) -> (..., outputs)."""
        return linear(x, self.weights)


class RoundedLinear(nn.Module):
    """The same map with W, b, x and the result rounded to bfloat16: for any device, frozen."""

    _weight: Tensor
    _bias: Tensor

    def __init__(self, plain: Linear) -> None:
        super().__init__()
        self.activation = plain.activation
        self._outputs = plain.out_features
        self.register_buffer("_weight", plain.weight.detach().to(torch.bfloat16))
        self.register_buffer("_bias", plain.bias.detach().to(torch.bfloat16))

    @property
    def weights(self) -> LinearWeights:
        """What `linear` computes with."""
        given = self._weight, self._bias, self._outputs, self.activation
        return LinearWeights(*given, packed=False, rounded=True)

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
        return linear(x, self.weights)


class PackedLinear(nn.Module):
    """The same map with its weights in oneDNN's own order: frozen, with gradients for x alone.

    Of bfloat16 the products are rounded, their sums are not. The two operators are private to
    PyTorch; `machine.can_pack` tries them first.

    Attributes:
        weights: what `linear` computes with.
    """

    def __init__(self, plain: Linear, number: torch.dtype = torch.float32) -> None:
        super().__init__()
        weight = plain.weight.detach().to(number)
        self.weights = LinearWeights(
            torch.ops.mkldnn._reorder_linear_weight(weight, None),
            plain.bias.detach().to(number),
            plain.out_features,
            plain.activation,
            packed=True,
            rounded=number == torch.bfloat16,
        )

    @property
    def weight(self) -> Tensor:
        """A copy of W in the usual order (outputs, inputs), float32."""
        return self.weights.weight.to_dense().float()

    @property
    def bias(self) -> Tensor:
        """The bias (outputs,), float32."""
        return self.weights.bias.float()

    def forward(self, x: Tensor) -> Tensor:
        """(..., inputs) -> (..., outputs)."""
        return linear(x, self.weights)


class _WithGradient(torch.autograd.Function):
    """x Wᵀ + b and its gradient for x; W is unpacked for the way back only."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, of: LinearWeights) -> Tensor:  # noqa: ANN401
        ctx.of = of
        return _packed(x, of)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:  # noqa: ANN401
        return gradient @ ctx.of.weight.to_dense().float(), None


@torch.jit.unused
def _with_gradient(x: Tensor, of: LinearWeights) -> Tensor:
    y: Tensor = _WithGradient.apply(x, of)  # type: ignore[no-untyped-call]
    return y
