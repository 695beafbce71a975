"""Tests of what weights amount to: direct computations in float64, and a rollout by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from bertviz_app.core.request import Capture, Interventions, Request
from bertviz_app.inference.load import load_engine
from bertviz_app.inference.reading import read
from bertviz_app.inference.weighing import gradient_reach, rollout
from tests.bert.networks import FORMS, open_network
from tests.fixtures.tiny_models import TinyFolder
from tests.synthetic import encoding

TEXT = "the woman washed [MASK] hands ."
ALL = Capture(gradients=(4, 7), qkv=True, value_norms=True, rollout=True)


@pytest.mark.parametrize("form", FORMS)
def test_the_lengths_are_those_of_what_each_key_adds_to_the_output(
    tiny_folder: TinyFolder, form: str
) -> None:
    network = open_network(tiny_folder(), form)
    encoded = encoding(("the", "woman", "washed"))
    off = Request("", interventions=Interventions(heads_off={(1, 0)}), capture=ALL)
    as_is, changed = read(network, encoded, [Request("", capture=ALL), off], ())
    for run in (as_is, changed):
        assert run.v is not None
        assert run.value_norms is not None
        assert run.value_norms.shape == run.v.shape[:3]
    for layer in range(network.spec.layers):
        weight = network.output_weight(layer).double().numpy()  # (W, W)
        by_head = np.split(weight, network.spec.heads, axis=1)  # (W, D) each
        for head, columns in enumerate(by_head):
            vectors = as_is.v[layer, head].astype(np.float64) @ columns.T
            lengths = np.sqrt((vectors**2).sum(-1))
            assert as_is.value_norms[layer, head] == pytest.approx(lengths, rel=1e-5)
    assert not changed.value_norms[1, 0].any()
    assert changed.value_norms[0] == pytest.approx(as_is.value_norms[0])


def test_a_rollout_by_hand() -> None:
    first = torch.tensor([[[0.0, 1.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]]])  # two heads
    second = torch.tensor([[[0.5, 0.5], [1.0, 0.0]]] * 2)
    # Means [[.5, .5], [0, 1]] and [[.5, .5], [1, 0]]; with half the identity:
    # [[.75, .25], [0, 1]] and [[.75, .25], [.5, .5]].
    found = rollout(torch.stack([first, second]))
    assert found[0].tolist() == [[0.75, 0.25], [0.0, 1.0]]
    assert found[1].tolist() == [[0.5625, 0.4375], [0.375, 0.625]]


def test_a_rollout_against_float64_even_where_rows_do_not_sum_to_1() -> None:
    weights = torch.rand(4, 3, 9, 9)
    expected = np.eye(9)
    for layer, found in zip(weights.double().numpy(), rollout(weights), strict=True):
        mixed = (layer.mean(0) + np.eye(9)) / 2
        expected = mixed / mixed.sum(-1, keepdims=True) @ expected
        assert found.numpy() == pytest.approx(expected, abs=1e-6)


def test_the_reach_of_a_gradient_is_its_largest_product_and_no_nan() -> None:
    weights, slopes = torch.rand(2, 3, 4, 4), torch.randn(2, 3, 4, 4)
    slopes[1, 2, 3, 3] = torch.nan
    found = gradient_reach(weights, slopes)
    products = (weights * slopes).abs().nan_to_num()
    assert found.tolist() == pytest.approx([float(layer.max()) for layer in products])


def test_a_trace_holds_what_was_asked_for_and_no_more(tiny_folder: TinyFolder) -> None:
    engine = load_engine(tiny_folder())
    names = ("value_norms", "rollout", "gradient_reach", "v")
    bare = engine(Request(TEXT))
    assert all(getattr(bare, name) is None for name in names)
    asked = engine(Request(TEXT, capture=ALL))
    assert all(getattr(asked, name) is not None for name in names)
    norms = engine(Request(TEXT, capture=Capture(value_norms=True)))
    assert norms.v is None
    assert np.array_equal(norms.value_norms, asked.value_norms)
