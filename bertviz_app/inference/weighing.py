"""What attention weights amount to: how long the vectors are that they bring, and the rollout."""

from __future__ import annotations

import torch
from torch import Tensor

from bertviz_app.bert.network import Bert
from bertviz_app.core.request import Interventions


def value_norms(network: Bert, values: Tensor, changes: Interventions) -> Tensor:
    """The length of what each head brings of each key before it is weighted (L, H, T).

    That is the value v = x W_V + b_V through the head's own columns of W_O, without its bias; 0
    for a head that is off. `values` are those of one text (L, H, T, D). Source: Kobayashi et al.
    2020, Attention Is Not Only a Weight.
    """
    found = torch.empty(values.shape[:3])
    for layer, of_heads in enumerate(values):
        columns = network.output_weight(layer).T.view(*of_heads.shape[::2], -1)  # (H, D, W)
        found[layer] = torch.linalg.vector_norm(of_heads @ columns, dim=-1)
    for head in changes.heads_off:
        found[head] = 0
    return found


def rollout(attention: Tensor) -> Tensor:
    """The attention of the first l + 1 layers in one (L, T, T), of weights (L, H, T, T).

    A layer is the mean over its heads, half of it and half the identity for what is carried past
    the heads, each row over its sum; layers are multiplied, the last one leftmost. Source: Abnar
    & Zuidema 2020, Quantifying Attention Flow in Transformers.
    """
    layers = mixed_layers(attention)
    found = layers.clone()
    for layer in range(1, len(layers)):
        torch.matmul(layers[layer], found[layer - 1], out=found[layer])
    return found


def mixed_layers(attention: Tensor) -> Tensor:
    """Half the mean over the heads and half the identity, each row over its sum (L, T, T)."""
    mixed = (attention.mean(dim=1) + torch.eye(attention.shape[-1], device=attention.device)) / 2
    return mixed / mixed.sum(dim=-1, keepdim=True)


def gradient_reach(attention: Tensor, gradients: Tensor) -> Tensor:
    """The largest size of weight × gradient (L,), of both (L, H, T, T); NaN left aside."""
    sizes = [
        (weights * slope).abs().nan_to_num(0).max()
        for weights, slope in zip(attention, gradients, strict=True)
    ]
    return torch.stack(sizes)
