"""A packed linear layer is the plain one: same numbers, same gradients, any number of rows."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from bertviz_app.bert.linear import Linear, PackedLinear, activate
from bertviz_app.bert.machine import can_pack

ACTIVATIONS = (None, "gelu", "gelu_tanh", "relu")
needs_onednn = pytest.mark.skipif(not can_pack(), reason="needs oneDNN")


def both(inputs: int, outputs: int, activation: str | None = None) -> tuple[Linear, PackedLinear]:
    torch.manual_seed(inputs * outputs)
    plain = Linear(inputs, outputs, activation).requires_grad_(False)
    return plain, PackedLinear(plain)


def assert_close(found: Tensor, expected: Tensor) -> None:
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-5)


def test_activations_are_those_of_their_papers() -> None:
    x = torch.linspace(-4, 4, 33, dtype=torch.float64)
    exact = x * 0.5 * (1 + torch.erf(x / 2**0.5))
    tanh = 0.5 * x * (1 + torch.tanh((2 / torch.pi) ** 0.5 * (x + 0.044715 * x**3)))
    torch.testing.assert_close(activate(x, "gelu"), exact)
    torch.testing.assert_close(activate(x, "gelu_tanh"), tanh)
    assert torch.equal(activate(x, "relu"), x.clamp(min=0))
    assert activate(x, None) is x


@needs_onednn
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("shape", [(1, 1), (7, 3), (5, 2), (24, 96), (33, 65)])
@pytest.mark.parametrize("rows", [(0,), (1,), (3,), (2, 9), (2, 5, 7), (65,), (3, 90), (700,)])
def test_packed_computes_what_plain_computes(
    activation: str | None, shape: tuple[int, int], rows: tuple[int, ...]
) -> None:
    plain, packed = both(*shape, activation)
    x = torch.randn(*rows, shape[0])
    assert packed(x).shape == (*rows, shape[1])
    assert_close(packed(x), plain(x))


@needs_onednn
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_packed_has_the_gradient_of_plain(activation: str | None) -> None:
    plain, packed = both(6, 10, activation)
    gradients = []
    for linear in (plain, packed):
        x = torch.linspace(-2, 2, 3 * 4 * 6).view(3, 4, 6).requires_grad_()
        y = linear(x)
        gradients += torch.autograd.grad((y * torch.arange(10)).sum(), x)
    assert gradients[0].abs().max() > 0.1
    assert_close(gradients[1], gradients[0])


@needs_onednn
def test_packed_gives_its_weights_back_and_has_none_to_learn() -> None:
    plain, packed = both(6, 10)
    assert torch.equal(packed.weight, plain.weight)
    assert torch.equal(packed.bias, plain.bias)
    assert list(packed.parameters()) == []


@needs_onednn
def test_texts_of_every_length_need_few_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    computed: list[int] = []
    sizes: set[int] = set()
    _, packed = both(3, 2)
    operators = torch.ops.mkldnn
    operator = operators._linear_pointwise

    def noted(rows: Tensor, *others: object) -> Tensor:
        computed.append(len(rows))
        return operator(rows, *others)

    monkeypatch.setattr(operators, "_linear_pointwise", noted)
    for length in range(600):
        computed.clear()
        assert len(packed(torch.ones(length, 3))) == length
        sizes.update(computed)
        assert length <= sum(computed) <= max(1.5 * length, length + 8)
    assert len(sizes) <= 13
