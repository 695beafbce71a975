"""What learns is the network itself: the same losses and the same gradients."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from bertviz_app.bert.network import Bert
from bertviz_app.training.batches import NOTHING, Batch
from bertviz_app.training.forward import Forward, Losses
from bertviz_app.training.model_folder import open_network
from bertviz_app.training.recipe import Recipe
from tests.fixtures.tiny_models import TinyFolder
from tests.training.stories import batches_of, story


def one_by_one(network: Bert, batch: Batch) -> Losses:
    """The losses, each row read without padding by the network that the window uses."""
    words, pairs = [], []
    assert network.mlm is not None
    rows = batch.rows
    for at, size in enumerate(rows.size.tolist()):
        hidden = network.last_hidden(
            rows.ids[at : at + 1, :size], rows.segments[at : at + 1, :size]
        )
        asked = batch.targets[at] != NOTHING
        logits = network.mlm(hidden[0, batch.places[at][asked]])
        words.append(F.cross_entropy(logits, batch.targets[at][asked], reduction="none"))
        if rows.follows[at] != NOTHING:
            logits = network.next_sentence(hidden)
            assert logits is not None
            pairs.append(F.cross_entropy(logits, rows.follows[at : at + 1]))
    return Losses(torch.cat(words).mean(), torch.stack(pairs).mean())


@pytest.mark.parametrize("activation", ["gelu", "gelu_new", "relu"])
def test_losses_and_gradients_are_those_of_the_network(
    tiny_folder: TinyFolder, tmp_path: Path, activation: str
) -> None:
    model = tiny_folder(activation=activation, layers=3, heads=4)
    network = open_network(model)
    batch = batches_of(story(tmp_path, model), model, Recipe(lengths=(40,), pieces=800))[0]
    gradients = []
    for losses in (Forward(network)(batch), one_by_one(network, batch)):
        gradients.append(
            torch.autograd.grad(losses.words + 0.3 * losses.pairs, list(network.parameters()))
        )
        assert losses.words.item() == pytest.approx(one_by_one(network, batch).words.item(), 1e-5)
        assert losses.pairs.item() == pytest.approx(one_by_one(network, batch).pairs.item(), 1e-5)
    for ours, plain in zip(*gradients, strict=True):
        assert torch.allclose(ours, plain, atol=1e-5)


def test_dropout_changes_what_is_learned_and_bfloat16_hardly(
    tiny_folder: TinyFolder, tmp_path: Path
) -> None:
    network = open_network(tiny_folder())
    corpus = story(tmp_path, tiny_folder())
    batch = batches_of(corpus, tiny_folder(), Recipe(lengths=(40,), pieces=800))[0]
    plain = Forward(network)(batch).words.item()
    assert Forward(network, torch.bfloat16)(batch).words.item() == pytest.approx(plain, rel=0.01)
    assert Forward(network, dropout=0.5)(batch).words.item() != pytest.approx(plain, rel=0.001)
