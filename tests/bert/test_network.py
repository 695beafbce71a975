"""The network computes what transformers computes, in both forms of its linear layers."""

from __future__ import annotations

import weakref
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from bertviz_app.bert.interventions import BatchInterventions
from bertviz_app.bert.layer import LayerRun, read_layers
from bertviz_app.bert.machine import can_pack
from bertviz_app.bert.network import Bert
from bertviz_app.core.request import Interventions
from bertviz_app.core.spec import ModelSpec
from tests.bert.networks import FORMS, open_network
from tests.fixtures.tiny_models import VOCABULARY, TinyFolder

SHAPES = [
    pytest.param({"layers": 1, "heads": 1, "width": 4, "feed_forward": 7}, id="one head"),
    pytest.param({"layers": 2, "heads": 3, "width": 21, "feed_forward": 50}, id="odd width"),
    pytest.param({"layers": 3, "heads": 5, "width": 40, "feed_forward": 33}, id="five heads"),
    pytest.param({"layers": 1, "heads": 12, "width": 12, "feed_forward": 48}, id="D = 1"),
    pytest.param({"layers": 4, "heads": 4, "width": 64, "feed_forward": 256}, id="usual"),
    pytest.param({"layers": 2, "heads": 2, "width": 16, "activation": "gelu_new"}, id="gelu_new"),
    pytest.param({"layers": 2, "heads": 2, "width": 16, "activation": "relu"}, id="relu"),
]
SPEC = ModelSpec(
    layers=2, heads=2, width=8, feed_forward=12, vocabulary=30, positions=16, segments=2
)


def some_texts(texts: int, tokens: int, pair: bool = False, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Random ids, and segments that change in the middle if there is a pair, each (B, T)."""
    chance = torch.Generator().manual_seed(seed)
    ids = torch.randint(len(VOCABULARY), (texts, tokens), generator=chance)
    segments = torch.zeros_like(ids)
    segments[:, tokens // 2 :] = int(pair)
    return ids, segments


def assert_close(found: Tensor, expected: Tensor) -> None:
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-5)


@torch.inference_mode()
def assert_parity(network: Bert, oracle: Any, ids: Tensor, segments: Tensor) -> None:  # noqa: ANN401
    expected = oracle(
        ids, token_type_ids=segments, output_attentions=True, output_hidden_states=True
    )
    found = network(ids, segments)
    assert network.mlm is not None
    assert_close(torch.stack(found.attention, 1), torch.stack(expected.attentions))
    assert_close(found.hidden, torch.stack(expected.hidden_states))
    assert_close(network.mlm(found.hidden[-1]), expected.prediction_logits)
    assert_close(network.next_sentence(found.hidden[-1]), expected.seq_relationship_logits)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_computes_what_transformers_computes(
    tiny_folder: TinyFolder, shape: dict[str, Any], form: str
) -> None:
    from transformers import BertForPreTraining

    folder = tiny_folder(**shape)
    oracle = BertForPreTraining.from_pretrained(folder, attn_implementation="eager").eval()
    network = open_network(folder, form)
    for texts, tokens, pair in ((1, 2, False), (1, 17, True), (3, 40, True)):
        assert_parity(network, oracle, *some_texts(texts, tokens, pair))


@pytest.mark.parametrize("form", FORMS)
def test_numbers_of_the_size_of_a_real_model_stay_within_the_same_bound(
    tmp_path: Path, form: str
) -> None:
    from transformers import BertConfig, BertForPreTraining

    config = BertConfig(
        num_hidden_layers=2, vocab_size=len(VOCABULARY), attn_implementation="eager"
    )
    oracle = BertForPreTraining(config).eval()
    with torch.no_grad():
        for name, parameter in oracle.named_parameters():
            parameter.normal_(float(name.endswith("LayerNorm.weight")), 0.03)
    oracle.save_pretrained(tmp_path)
    assert_parity(open_network(tmp_path, form), oracle, *some_texts(1, 100))


def test_the_epsilon_of_the_layer_norms_is_the_one_of_the_spec() -> None:
    torch.manual_seed(0)
    network = Bert(replace(SPEC, norm_eps=0.5), mlm=True, nsp=True)
    summed, normed = torch.randn(2, 8), network.embeddings.norm
    expected = (summed - summed.mean(-1, keepdim=True)) / (
        summed.var(-1, correction=0, keepdim=True) + 0.5
    ).sqrt()
    assert_close(normed(summed), expected)
    assert {module.eps for module in network.modules() if isinstance(module, nn.LayerNorm)} == {0.5}


def test_the_parts_of_the_embeddings_add_up_and_the_first_hidden_state_is_their_norm() -> None:
    network = Bert(SPEC, mlm=False, nsp=False)
    ids, segments = torch.tensor([[3, 1, 4]]), torch.tensor([[0, 0, 1]])
    with torch.inference_mode():
        run = network(ids, segments)
        parts = run.embeddings
        assert torch.equal(parts.token[0, 1], network.embeddings.token.weight[1])
        assert torch.equal(parts.segment[0, 2], network.embeddings.segment.weight[1])
        assert torch.equal(parts.position[0, 2], network.embeddings.position.weight[2])
        assert torch.equal(parts.token + parts.segment + parts.position, parts.summed)
        assert torch.equal(run.hidden[0], parts.normed)


@pytest.mark.parametrize("form", FORMS)
def test_keeping_less_computes_the_same(tiny_folder: TinyFolder, form: str) -> None:
    network = open_network(tiny_folder(), form)
    with torch.inference_mode():
        ids, segments = some_texts(2, 9, pair=True)
        everything = network(ids, segments, qkv=True)
        assert everything.q is not None
        assert network(ids, segments).q is None
        assert torch.equal(network.last_hidden(ids, segments), everything.hidden[-1])


@pytest.mark.parametrize("form", FORMS)
def test_queries_and_keys_give_the_weights_and_values_come_from_the_same_projection(
    tiny_folder: TinyFolder, form: str
) -> None:
    network = open_network(tiny_folder(heads=4, width=24), form)
    with torch.inference_mode():
        run = network(*some_texts(2, 9), qkv=True)
        assert run.q.shape == run.k.shape == run.v.shape == (2, 2, 4, 9, 6)
        assert_close((run.q @ run.k.mT / 6**0.5).softmax(-1), torch.stack(run.attention, 1))
        first = network.layers[0].attention.query_key_value
        values = (run.hidden[0] @ first.weight.T + first.bias)[..., 48:]  # Q, then K, then V
        assert_close(run.v[0].transpose(1, 2).flatten(2), values)


@pytest.mark.parametrize("form", FORMS)
def test_texts_of_a_batch_do_not_see_each_other(tiny_folder: TinyFolder, form: str) -> None:
    network = open_network(tiny_folder(), form)
    ids, segments = some_texts(3, 11, pair=True)
    with torch.inference_mode():
        together = network(ids, segments)
        for text in range(3):
            alone = network(ids[text : text + 1], segments[text : text + 1])
            assert_close(together.attention[text], alone.attention[0])
            assert_close(together.hidden[:, text], alone.hidden[:, 0])


def test_a_network_without_heads_has_no_parameters_for_them() -> None:
    network = Bert(SPEC, mlm=False, nsp=False)
    assert {name.partition(".")[0] for name, _ in network.named_parameters()} == {
        "embeddings",
        "layers",
    }
    ids, segments = some_texts(1, 4)
    assert network.next_sentence(network(ids % 30, segments).hidden[-1]) is None


def test_a_network_on_the_meta_device_is_filled_by_name() -> None:
    torch.manual_seed(0)
    source = Bert(SPEC, mlm=True, nsp=True)
    with torch.device("meta"):
        network = Bert(SPEC, mlm=True, nsp=True)
    tensors = {name: value.clone() for name, value in source.state_dict().items()}
    tensors["mlm.decoder.weight"] = tensors["embeddings.token.weight"]
    network.load_state_dict(tensors, strict=True, assign=True)
    assert network.mlm is not None
    assert network.mlm.decoder.weight.data_ptr() == network.embeddings.token.weight.data_ptr()
    ids, segments = some_texts(1, 4)
    assert torch.equal(network(ids % 30, segments).hidden, source(ids % 30, segments).hidden)


def test_plain_networks_learn() -> None:
    torch.manual_seed(0)
    network = Bert(SPEC, mlm=True, nsp=True)
    ids, segments = some_texts(2, 6, pair=True)
    run = network(ids % 30, segments)
    assert network.mlm is not None
    loss = network.mlm(run.hidden[-1]).sum() + network.next_sentence(run.hidden[-1]).sum()
    loss.backward()
    assert all(parameter.grad is not None for parameter in network.parameters())


@pytest.mark.parametrize("form", FORMS)
def test_the_gradient_at_the_probe_is_the_slope_of_a_logit_by_a_weight(
    tiny_folder: TinyFolder, form: str
) -> None:
    network = open_network(tiny_folder(), form)
    assert network.mlm is not None
    ids, segments = some_texts(1, 5)
    probe = torch.zeros(network.weights_shape(1, 5), requires_grad=True)
    run = network(ids, segments, probe=probe)
    (gradient,) = torch.autograd.grad(network.mlm(run.hidden[-1][0, 2])[7], probe)
    step = 1e-2
    for layer, head, query, key in ((0, 0, 1, 3), (0, 1, 4, 0), (1, 1, 2, 2)):
        row = run.attention[0][layer, head, query]
        logits = []
        for other in (row[key] + step, row[key] - step):
            edited = row.clone().index_fill(0, torch.tensor([key]), float(other)).clamp(min=0)
            changes = Interventions(attention={(layer, head, query): edited})
            after = network(ids, segments, BatchInterventions([changes], 5)).hidden[-1]
            logits.append(network.mlm(after[0, 2])[7])
        change = min(2 * step, step + float(row[key]))
        slope = (logits[0] - logits[1]) / change
        torch.testing.assert_close(
            gradient[layer, 0, head, query, key], slope, rtol=0.05, atol=2e-3
        )


@pytest.mark.skipif(not can_pack(), reason="needs oneDNN")
def test_both_forms_give_the_same_gradients(tiny_folder: TinyFolder) -> None:
    ids, segments = some_texts(2, 7, pair=True)
    gradients = []
    for form in ("plain", "packed"):
        network = open_network(tiny_folder(activation="gelu_new"), form)
        probe = torch.zeros(network.weights_shape(2, 7), requires_grad=True)
        assert network.mlm is not None
        logits = network.mlm(network(ids, segments, probe=probe).hidden[-1][:, 3])
        gradients += torch.autograd.grad(logits[:, 5].sum(), probe)
    assert gradients[0].abs().max() > 0.01
    assert_close(gradients[1], gradients[0])


@torch.inference_mode()
@pytest.mark.parametrize("tokens", [1, 7, 16])
def test_a_text_alone_is_computed_as_in_company(tokens: int) -> None:
    """Alone, its weights are computed where they are kept; an edited row is put there too."""
    torch.manual_seed(0)
    network = Bert(SPEC, mlm=True, nsp=True)
    ids = torch.randint(30, (2, tokens))
    row = [1.0] + [0.0] * (tokens - 1)
    changes = [
        Interventions(),
        Interventions(causal=True, heads_off={(0, 1)}, attention={(1, 0, tokens - 1): row}),
    ]
    both = network(ids, 0 * ids, BatchInterventions(changes, tokens))
    for text, change in enumerate(changes):
        some = slice(text, text + 1)
        alone = network(ids[some], 0 * ids[some], BatchInterventions([change], tokens))
        assert_close(alone.attention[0], both.attention[text])
        assert_close(alone.hidden, both.hidden[:, some])


def test_of_several_texts_the_weights_of_one_layer_at_a_time_are_there_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network, alive = Bert(SPEC, mlm=False, nsp=False), list[int]()
    seen: list[weakref.ref[torch.Tensor]] = []

    def noted(*given: object) -> list[list[torch.Tensor]]:
        alive.append(sum(weights() is not None for weights in seen))
        runs = read_layers(*given)
        seen.extend(weakref.ref(LayerRun.of(run).attention.weights) for run in runs)
        return runs

    monkeypatch.setattr("bertviz_app.bert.network.compiled", lambda _: noted)
    ids = torch.zeros(2, 5, dtype=torch.int64)
    with torch.inference_mode():
        network(ids, ids)
        network.last_hidden(ids, ids)
    assert len(alive) == 2 * SPEC.layers - 1  # the last one reads on by itself
    assert max(alive) <= 1  # those being kept
