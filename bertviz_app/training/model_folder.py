"""Model folders: one that training starts from, and the one it leaves."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import save
from torch import nn

from bertviz_app.bert import names
from bertviz_app.bert.checkpoint import read_weights
from bertviz_app.bert.config import CONFIG, LONGEST_CONFIG, read_config
from bertviz_app.bert.files import label, open_regular, read_object
from bertviz_app.bert.network import Bert
from bertviz_app.bert.weight_files import WEIGHTS
from bertviz_app.core.spec import ModelSpec
from bertviz_app.training.errors import TrainingError
from bertviz_app.training.files import write

_BESIDE = ("tokenizer.json", "tokenizer_config.json", "vocab.txt", "special_tokens_map.json")
_SPREAD = 0.02
"""Standard deviation of fresh weights, as in Devlin et al. 2019."""


def open_network(folder: Path) -> Bert:
    """The network in `folder`, ready to learn; a tied decoder is one parameter with the table.

    Raises:
        ModelError: the folder does not hold a BERT this program opens.
        TrainingError: it lacks a head that is to learn.
    """
    spec = read_config(folder)
    weights = read_weights(folder, spec)
    if not (weights.has_mlm and weights.has_nsp):
        lack = "next-sentence" if weights.has_mlm else "word-prediction"
        raise TrainingError(f"{label(folder / WEIGHTS)}: there is no {lack} head to train.")
    network = _on_paper(spec)
    network.load_state_dict(weights.tensors, assign=True)
    if weights.tensors["mlm.decoder.weight"] is weights.tensors["embeddings.token.weight"]:
        _tie(network)
    return network.requires_grad_(True)


def fresh_network(folder: Path, seed: int) -> Bert:
    """A network of the shape that `folder` asks for, which has learned nothing yet.

    Raises:
        ModelError: there is no config.json of a BERT.
    """
    network = _on_paper(read_config(folder)).to_empty(device="cpu")
    chance = torch.Generator().manual_seed(seed)
    _tie(network)
    with torch.no_grad():
        for module in network.modules():
            for name, parameter in module.named_parameters(recurse=False):
                if parameter.ndim > 1:
                    parameter.normal_(0, _SPREAD, generator=chance)
                else:
                    is_norm = isinstance(module, nn.LayerNorm) and name == "weight"
                    parameter.fill_(1.0 if is_norm else 0.0)
    return network


def write_model(network: Bert, start: Path, out: Path) -> None:
    """Write `network` to the folder `out` in float16, with the vocabulary of the folder `start`.

    The names are those of `BertForPreTraining` in transformers. Each file appears when it is
    whole, the weights last.

    Raises:
        TrainingError: a file cannot be written.
        ModelError: a file of `start` cannot be read any more.
    """
    config = read_object(start / CONFIG, LONGEST_CONFIG)
    config |= {"architectures": ["BertForPreTraining"], "dtype": "float16"}
    config.pop("torch_dtype", None)
    write(out / CONFIG, (json.dumps(config, indent=2) + "\n").encode())
    for name in _BESIDE:
        if (start / name).exists():
            with open_regular(start / name) as file:
                write(out / name, file.read())
    write(out / WEIGHTS, save(_published(network), {"format": "pt"}))


def _published(network: Bert) -> dict[str, torch.Tensor]:
    """All parameters in float16, by the names they are published under."""
    parameters = dict(network.named_parameters(remove_duplicate=False))
    table, decoder = parameters["embeddings.token.weight"], parameters["mlm.decoder.weight"]
    left_out = {names.BIAS_OF_DECODER, *([names.DECODER] if decoder is table else [])}
    return {
        name: parameters[slot.parameter]
        .detach()[slot.row : slot.row + slot.shape[0]]
        .to("cpu", torch.float16)
        .contiguous()
        for name, slot in names.slots(network.spec).items()
        if name not in left_out
    }


def _on_paper(spec: ModelSpec) -> Bert:
    with torch.device("meta"):
        return Bert(spec, mlm=True, nsp=True)


def _tie(network: Bert) -> None:
    assert network.mlm is not None
    network.mlm.decoder.weight = network.embeddings.token.weight
