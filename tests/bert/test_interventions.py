"""Interventions do to the network what a forward written by hand in numpy does."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bertviz_app.bert.interventions import BatchInterventions
from bertviz_app.bert.machine import can_pack, pack
from bertviz_app.bert.network import Bert
from bertviz_app.core.request import TABLES, UNCHANGED, Interventions
from bertviz_app.core.spec import ModelSpec

Numbers = NDArray[np.float64]

SPEC = ModelSpec(
    layers=2, heads=3, width=12, feed_forward=20, vocabulary=17, positions=9, segments=2
)
IDS = [3, 1, 4, 1, 5]
SEGMENTS = [0, 0, 0, 1, 1]
T = len(IDS)


def make_network() -> Bert:
    """A network in which every parameter matters."""
    chance = torch.Generator().manual_seed(0)
    network = Bert(SPEC, mlm=True, nsp=True).requires_grad_(False)
    for parameter in network.parameters():
        parameter.normal_(0, 0.5, generator=chance)
    return network


NETWORK = make_network()
PACKED = make_network()
if can_pack():
    pack(PACKED)
WEIGHTS = {name: value.double().numpy() for name, value in NETWORK.state_dict().items()}


def norm(x: Numbers, name: str) -> Numbers:
    centred = x - x.mean(-1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + SPEC.norm_eps)
    return scaled * WEIGHTS[f"{name}.weight"] + WEIGHTS[f"{name}.bias"]


def linear(x: Numbers, name: str) -> Numbers:
    return x @ WEIGHTS[f"{name}.weight"].T + WEIGHTS[f"{name}.bias"]


def gelu(x: Numbers) -> Numbers:
    return x * 0.5 * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


def is_hidden(changes: Interventions, query: int, key: int) -> bool:
    left, right = changes.anticausal and key < query, changes.causal and key > query
    return left or right or key in changes.hidden_keys


def position_table(name: str) -> Numbers:
    learned = WEIGHTS["embeddings.position.weight"]
    if name == "learned":
        return learned
    pairs = np.arange(SPEC.positions)[:, None] / 10000 ** (np.arange(0, SPEC.width, 2) / SPEC.width)
    fixed = np.stack([np.sin(pairs), np.cos(pairs)], axis=-1).reshape(SPEC.positions, SPEC.width)
    lengths = [np.sqrt((table**2).sum(1)).mean() for table in (learned, fixed)]
    return fixed if name == "sinusoidal raw" else fixed * lengths[0] / lengths[1]


def attend(x: Numbers, layer: int, changes: Interventions) -> tuple[list[Numbers], Numbers]:
    """The weights of each head of a layer (T, T), and what goes to the feed-forward (T, W)."""
    name, width = f"layers.{layer}.attention", SPEC.width // SPEC.heads
    q, k, v = np.split(linear(x, f"{name}.query_key_value"), 3, axis=1)
    edits = {key: np.array(row) for key, row in changes.attention}
    all_weights, contexts = [], np.zeros_like(x)
    for head in range(SPEC.heads):
        own = slice(head * width, (head + 1) * width)
        weights = []
        for query in range(T):
            scores = np.array([q[query, own] @ k[key, own] for key in range(T)])
            powers = np.exp(scores / math.sqrt(width))
            for key in range(T):
                if key != query and is_hidden(changes, query, key):
                    powers[key] = 0
            row = edits.get((layer, head, query), powers / powers.sum())
            weights.append(row)
            if (layer, head) not in changes.heads_off:
                contexts[query, own] = row @ v[:, own]
        all_weights.append(np.array(weights))
    return all_weights, norm(x + linear(contexts, f"{name}.output"), f"{name}.norm")


def by_hand(changes: Interventions) -> tuple[Numbers, Numbers, Numbers]:
    """Attention (L, H, T, T), hidden states (L + 1, T, W) and logits (T, V)."""

    def usual(given: tuple[int, ...] | str | None, own: Iterable[int]) -> list[int]:
        assert not isinstance(given, str)
        return list(own if given is None else given)

    found = (
        WEIGHTS["embeddings.token.weight"][IDS],
        WEIGHTS["embeddings.segment.weight"][usual(changes.segment_ids, SEGMENTS)],
        position_table(changes.position_table)[usual(changes.position_ids, range(T))],
    )
    summed = sum(factor * part for factor, part in zip(changes.parts, found, strict=True))
    x = norm(summed, "embeddings.norm")
    attention, hidden = [], [x]
    for layer in range(SPEC.layers):
        weights, x = attend(x, layer, changes)
        name = f"layers.{layer}.feed_forward"
        inner = gelu(linear(x, f"{name}.expand"))
        x = norm(x + linear(inner, f"{name}.contract"), f"{name}.norm")
        attention.append(weights)
        hidden.append(x)
    head = norm(gelu(linear(x, "mlm.dense")), "mlm.norm")
    return np.array(attention), np.array(hidden), linear(head, "mlm.decoder")


def assert_by_hand(network: Bert, *texts: Interventions) -> None:
    ids, segments = (torch.tensor([row] * len(texts)) for row in (IDS, SEGMENTS))
    run = network(ids, segments, BatchInterventions(texts, T))
    assert network.mlm is not None
    logits = network.mlm(run.hidden[-1])
    for number, changes in enumerate(texts):
        found = (run.attention[number], run.hidden[:, number], logits[number])
        for tensor, expected in zip(found, by_hand(changes), strict=True):
            np.testing.assert_allclose(tensor.numpy(), expected, rtol=0, atol=5e-5)


def rows() -> st.SearchStrategy[list[float]]:
    weights = st.lists(st.floats(0, 1, width=32), min_size=T, max_size=T)
    return weights.filter(lambda row: sum(row) > 0.01)


def ids(limit: int) -> st.SearchStrategy[list[int] | None]:
    return st.none() | st.lists(st.integers(0, limit - 1), min_size=T, max_size=T)


def changes() -> st.SearchStrategy[Interventions]:
    heads = st.tuples(st.integers(0, SPEC.layers - 1), st.integers(0, SPEC.heads - 1))
    places = st.tuples(heads, st.integers(0, T - 1)).map(lambda found: (*found[0], found[1]))
    return st.builds(
        Interventions,
        heads_off=st.sets(heads, max_size=4),
        causal=st.booleans(),
        parts=st.tuples(*[st.sampled_from([0.0, 0.5, 1.0, 2.0])] * 3),
        attention=st.dictionaries(places, rows(), max_size=4),
        position_ids=ids(SPEC.positions),
        segment_ids=ids(SPEC.segments),
        position_table=st.sampled_from(TABLES),
        anticausal=st.booleans(),
        hidden_keys=st.sets(st.integers(0, T - 1), max_size=2),
    )


@pytest.mark.parametrize("network", [NETWORK, PACKED], ids=["plain", "packed"])
@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(UNCHANGED, id="nothing"),
        pytest.param(Interventions(heads_off={(0, 1), (1, 0), (1, 2)}), id="heads off"),
        pytest.param(Interventions(causal=True), id="causal"),
        pytest.param(Interventions(parts=(2.0, 0.0, 0.5)), id="parts"),
        pytest.param(Interventions(attention={(1, 2, 3): [0, 0, 0.7, 0, 0.1]}), id="edited row"),
        pytest.param(Interventions(anticausal=True), id="anticausal"),
        pytest.param(Interventions(hidden_keys={1, 4}), id="hidden keys"),
        pytest.param(Interventions(position_ids=[4, 3, 3, 0, 8]), id="positions"),
        pytest.param(Interventions(segment_ids=[1, 0, 1, 0, 1]), id="segments"),
        pytest.param(Interventions(position_table="sinusoidal"), id="sinusoidal"),
        pytest.param(Interventions(position_table="sinusoidal raw"), id="sinusoidal raw"),
        pytest.param(
            Interventions(heads_off={(0, 0)}, causal=True, attention={(0, 0, 1): [0, 0, 0, 0, 1]}),
            id="in order",
        ),
    ],
)
def test_each_change_does_what_is_worked_out_by_hand(network: Bert, texts: Interventions) -> None:
    with torch.inference_mode():
        assert_by_hand(network, texts)


@given(st.lists(changes(), min_size=1, max_size=3))
def test_texts_of_a_batch_are_changed_each_by_itself(texts: list[Interventions]) -> None:
    with torch.inference_mode():
        assert_by_hand(NETWORK, *texts)


@given(changes())
def test_changes_hold_when_gradients_are_recorded(texts: Interventions) -> None:
    assert_by_hand(NETWORK, texts)


def test_a_silenced_head_keeps_its_weights_and_has_no_gradient() -> None:
    ids, segments = torch.tensor([IDS]), torch.tensor([SEGMENTS])
    off = BatchInterventions([Interventions(heads_off={(1, 1)})], T)
    probe = torch.zeros(NETWORK.weights_shape(1, T), requires_grad=True)
    run = NETWORK(ids, segments, off, probe=probe)
    (gradient,) = torch.autograd.grad(run.hidden[-1].square().sum(), probe)
    torch.testing.assert_close(run.attention[0][1, 1].sum(-1), torch.ones(T))
    assert (gradient[1, 0, 1] == 0).all()
    assert (gradient[1, 0, 0] != 0).any()


def test_a_row_given_by_hand_lets_gradients_through_the_other_rows() -> None:
    ids, segments = torch.tensor([IDS]), torch.tensor([SEGMENTS])
    edited = BatchInterventions([Interventions(attention={(1, 1, 2): [0, 0, 0, 0, 1]})], T)
    probe = torch.zeros(NETWORK.weights_shape(1, T), requires_grad=True)
    run = NETWORK(ids, segments, edited, probe=probe)
    (gradient,) = torch.autograd.grad(run.hidden[-1][0, 2].square().sum(), probe)
    assert torch.equal(run.attention[0][1, 1, 2], torch.tensor([0.0, 0.0, 0.0, 0.0, 1.0]))
    assert (gradient[1, 0, 1, 2] != 0).all()
    assert (gradient[0] != 0).any()


def test_a_token_always_sees_itself() -> None:
    ids, segments = torch.tensor([IDS]), torch.tensor([SEGMENTS])
    for changes in (
        Interventions(causal=True, anticausal=True),
        Interventions(hidden_keys=range(T)),
    ):
        (attention,) = NETWORK(ids, segments, BatchInterventions([changes], T)).attention
        assert torch.equal(attention, torch.eye(T).expand_as(attention))


def test_a_rule_must_have_become_ids() -> None:
    for rule in (Interventions(position_ids="reversed"), Interventions(segment_ids="all A")):
        with pytest.raises(ValueError, match="for_text"):
            BatchInterventions([rule], T)


def test_parts_are_kept_as_scaled_and_add_up() -> None:
    ids, segments = torch.tensor([IDS, IDS]), torch.tensor([SEGMENTS, SEGMENTS])
    texts = BatchInterventions([UNCHANGED, Interventions(parts=(1.0, 0.5, 0.0))], T)
    parts = NETWORK(ids, segments, texts).embeddings
    assert torch.equal(parts.token[1], parts.token[0])
    assert torch.equal(parts.segment[1], 0.5 * parts.segment[0])
    assert (parts.position[1] == 0).all()
    assert torch.equal(parts.token + parts.segment + parts.position, parts.summed)
