"""Sizes are the lengths of what transformers adds inside its layers."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import torch
from torch import Tensor

from bertviz_app.core.request import Capture, Request
from bertviz_app.inference.load import load_engine
from tests.fixtures.tiny_models import TinyFolder

TEXT = "the woman washed [MASK] hands ."


def test_sizes_are_those_of_transformers(tiny_folder: TinyFolder) -> None:
    from transformers import BertForPreTraining

    folder = tiny_folder(layers=3)
    trace = load_engine(folder)(Request(TEXT, capture=Capture(sizes=True)))
    model = BertForPreTraining.from_pretrained(folder, attn_implementation="eager").eval()
    found: dict[str, list[Tensor]] = defaultdict(list)

    def keep(name: str, module: torch.nn.Module) -> None:
        module.register_forward_hook(lambda _, __, output: found[name].append(output[0]))

    def keep_read(name: str, module: torch.nn.Module) -> None:
        module.register_forward_hook(lambda _, read, __: found[name].append(read[0][0]))

    for layer in model.bert.encoder.layer:
        keep("attention", layer.attention.output.dense)
        keep_read("attended", layer.attention.output.LayerNorm)
        keep_read("between", layer.intermediate)
        keep("feed_forward", layer.output.dense)
        keep_read("fed", layer.output.LayerNorm)
    with torch.no_grad():
        ids = torch.tensor([trace.encoding.ids])
        hidden = model.bert(ids, output_hidden_states=True).hidden_states
    found["state"] = [state[0] for state in hidden]
    assert trace.sizes is not None
    for name, states in found.items():
        expected = torch.stack(states).norm(dim=-1)
        np.testing.assert_allclose(getattr(trace.sizes, name), expected, rtol=1e-5, err_msg=name)
    after, before = torch.stack(found["state"][1:]), torch.stack(found["state"][:-1])
    cosine = torch.cosine_similarity(after.double(), before.double(), dim=-1)
    np.testing.assert_allclose(trace.sizes.cosine, cosine, atol=1e-5)


def test_sizes_are_measured_only_when_asked_for(tiny_folder: TinyFolder) -> None:
    assert load_engine(tiny_folder())(Request(TEXT)).sizes is None
