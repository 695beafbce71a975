"""Opens the folders of the tiny models as networks, in either form of their linear layers."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from bertviz_app.bert.checkpoint import read_weights
from bertviz_app.bert.config import read_config
from bertviz_app.bert.machine import can_pack, pack
from bertviz_app.bert.network import Bert

FORMS = [
    "plain",
    pytest.param("packed", marks=pytest.mark.skipif(not can_pack(), reason="needs oneDNN")),
]


def open_network(folder: Path, form: str = "plain") -> Bert:
    """The network in `folder`, with plain or packed linear layers."""
    spec = read_config(folder)
    weights = read_weights(folder, spec)
    with torch.device("meta"):
        network = Bert(spec, mlm=weights.has_mlm, nsp=weights.has_nsp)
    network.load_state_dict(weights.tensors, assign=True)
    if form == "packed":
        pack(network)
    return network.eval().requires_grad_(False)
