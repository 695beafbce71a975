"""The layers are one operation that computes what they compute, or stay what they are."""

from __future__ import annotations

import logging

import pytest
import torch
from torch import Tensor

from bertviz_app.bert.compiled import compiled
from bertviz_app.bert.interventions import BatchInterventions
from bertviz_app.bert.layer import read_layers
from bertviz_app.core.request import UNCHANGED, Interventions
from tests.bert.test_network import FORMS, open_network
from tests.fixtures.tiny_models import TinyFolder

CHANGES = (
    UNCHANGED,
    Interventions(heads_off={(0, 1), (1, 0)}, causal=True),
    Interventions(attention={(1, 1, 3): [0, 0, 0.5, 0, 0, 0.25, 0]}, hidden_keys={2}),
)


def double(x: Tensor) -> Tensor:
    return x + x


def what_torchscript_cannot_read(x: Tensor) -> Tensor:
    return next(part for part in (x,))


def test_the_layers_can_be_compiled_here() -> None:
    assert compiled(read_layers) is not read_layers


@pytest.mark.parametrize("texts", [1, 3])
@pytest.mark.parametrize("form", FORMS)
def test_compiled_they_compute_the_same(tiny_folder: TinyFolder, form: str, texts: int) -> None:
    network, changes = open_network(tiny_folder(), form), BatchInterventions(CHANGES[:texts], 7)
    weights = [layer.weights for layer in network.layers]
    of_layers = [changes.of_layer(number) for number in range(len(weights))]
    x = torch.randn(texts, 7, 16, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        for into in (None, torch.empty(network.weights_shape(texts, 7))):
            plain = read_layers(x, weights, of_layers, None, into)
            expected = [[part.clone() for part in run] for run in plain]
            found = compiled(read_layers)(x, weights, of_layers, None, into)
            assert len(found) == len(expected)
            for run, parts in zip(found, expected, strict=True):
                assert all(map(torch.equal, run, parts))


def test_it_is_compiled_once() -> None:
    assert compiled(double) is compiled(double)
    assert torch.equal(compiled(double)(torch.ones(3)), torch.full((3,), 2.0))


def test_what_cannot_be_compiled_runs_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert compiled(what_torchscript_cannot_read) is what_torchscript_cannot_read
    assert "what_torchscript_cannot_read runs uncompiled" in caplog.text
