"""The form of the linear layers and the number of threads are chosen once, and hold."""

from __future__ import annotations

import os
import weakref

import pytest
import torch

from bertviz_app.bert import machine
from bertviz_app.bert.linear import Linear, PackedLinear
from bertviz_app.bert.network import Bert
from bertviz_app.core.spec import ModelSpec

SPEC = ModelSpec(
    layers=2, heads=2, width=8, feed_forward=12, vocabulary=30, positions=16, segments=2
)
needs_onednn = pytest.mark.skipif(not machine.can_pack(), reason="needs oneDNN")


@pytest.fixture
def network() -> Bert:
    """A network whose decoder is the word table."""
    network = Bert(SPEC, mlm=True, nsp=True).requires_grad_(False)
    assert network.mlm is not None
    network.mlm.decoder.weight = network.embeddings.token.weight
    return network


def forms(network: Bert) -> set[type]:
    found = {type(module) for module in network.modules()}
    return found & {Linear, PackedLinear}


def test_layers_can_be_packed_wherever_torch_has_onednn() -> None:
    assert machine.can_pack() == torch.backends.mkldnn.is_available()


@needs_onednn
def test_layers_are_packed_where_that_is_faster(
    network: Bert, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "packing_is_faster", lambda samples: True)
    ids, segments = torch.tensor([[1, 2, 3]]), torch.tensor([[0, 0, 1]])
    before = network(ids, segments).hidden
    assert machine.choose_linears(network)
    assert forms(network) == {PackedLinear}
    torch.testing.assert_close(network(ids, segments).hidden, before, rtol=0, atol=1e-5)


@needs_onednn
def test_layers_stay_plain_where_that_is_faster(
    network: Bert, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "packing_is_faster", lambda samples: False)
    assert not machine.choose_linears(network)
    assert forms(network) == {Linear}


@needs_onednn
def test_the_faster_form_is_found_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(10**6))
    samples = [Linear(8, 8)]

    def slow(linear: PackedLinear, x: torch.Tensor) -> torch.Tensor:
        for _ in range(5):
            next(clock)
        return x

    monkeypatch.setattr(machine, "perf_counter", lambda: next(clock))
    assert machine.packing_is_faster(samples), "in doubt"
    monkeypatch.setattr(PackedLinear, "forward", slow)
    assert not machine.packing_is_faster(samples)
    monkeypatch.setattr(PackedLinear, "forward", lambda linear, x: x)
    monkeypatch.setattr(Linear, "forward", slow)
    assert machine.packing_is_faster(samples)


@pytest.mark.parametrize("error", [AttributeError, RuntimeError, NotImplementedError])
def test_layers_stay_plain_without_the_packed_operators(
    network: Bert, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(linear: PackedLinear, plain: Linear, number: torch.dtype) -> None:
        raise error

    monkeypatch.setattr(PackedLinear, "__init__", fail)
    assert not machine.choose_linears(network)
    assert forms(network) == {Linear}


@needs_onednn
def test_wrong_numbers_are_not_packed(network: Bert, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PackedLinear, "forward", lambda linear, x: torch.zeros(3, 40))
    assert not machine.can_pack()


@needs_onednn
def test_packing_frees_the_plain_weights_but_not_the_word_table(network: Bert) -> None:
    assert network.mlm is not None
    dropped = weakref.ref(network.layers[1].feed_forward.expand.weight)
    words = weakref.ref(network.embeddings.token.weight)
    machine.pack(network)
    assert dropped() is None
    assert words() is not None
    assert torch.equal(network.mlm.decoder.weight, network.embeddings.token.weight)


@needs_onednn
def test_layers_are_packed_one_by_one_so_that_the_weights_are_never_there_twice(
    network: Bert, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "packing_is_faster", lambda samples: True)
    plain = [
        weakref.ref(module.weight)
        for layer in network.layers
        for module in layer.modules()
        if isinstance(module, Linear)
    ]
    alive = []
    pack_one = PackedLinear.__init__

    def noted(packed: PackedLinear, linear: Linear, number: torch.dtype) -> None:
        alive.append(sum(weight() is not None for weight in plain))
        pack_one(packed, linear, number)

    monkeypatch.setattr(PackedLinear, "__init__", noted)
    machine.choose_linears(network)
    # The one being packed and the one before it, which the loop still names.
    packing = [count for count in alive if count < len(plain)]
    assert packing == sorted(packing, reverse=True)
    assert min(packing) <= 1


def test_large_pages_are_asked_for_unless_the_environment_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("THP_MEM_ALLOC_ENABLE", raising=False)
    machine.use_large_pages()
    assert os.environ["THP_MEM_ALLOC_ENABLE"] == "1"
    monkeypatch.setenv("THP_MEM_ALLOC_ENABLE", "0")
    machine.use_large_pages()
    assert os.environ["THP_MEM_ALLOC_ENABLE"] == "0"
