"""What a layer of BERT computes, as functions of tensors alone.

They are such that TorchScript can compile them (`bert.compiled`), and written like those of
`bert.linear`: without `from __future__ import annotations`.

Devlin et al. 2019; the layers are those of Vaswani et al. 2017, each LayerNorm after its sum.
Legend: H heads, T tokens, W width, D = W / H, B texts of equal length.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from bertviz_app.bert.linear import LinearWeights, linear


class NormWeights(NamedTuple):
    """A LayerNorm: its factors (W,), its shifts (W,), and what is added to the variance."""

    weight: Tensor
    bias: Tensor
    eps: float


class AttentionWeights(NamedTuple):
    """The attention of one layer."""

    heads: int
    query_key_value: LinearWeights
    output: LinearWeights
    norm: NormWeights


class FeedForwardWeights(NamedTuple):
    """The feed-forward of one layer."""

    expand: LinearWeights
    contract: LinearWeights
    norm: NormWeights


class LayerWeights(NamedTuple):
    """All that one layer has learnt."""

    attention: AttentionWeights
    feed_forward: FeedForwardWeights


class LayerChanges(NamedTuple):
    """What is changed inside one layer, of B texts; None is nothing.

    Attributes:
        unseen: True where a query may not see a key; spread over (B, H, T, T).
        edited: where the n rows stand that are given by hand: text, head and query (3, n).
        rows: their weights (n, T).
        silenced: the n heads whose context is zero: text and head (2, n).
    """

    unseen: Tensor | None = None
    edited: Tensor | None = None
    rows: Tensor | None = None
    silenced: Tensor | None = None


class Attention(NamedTuple):
    """What the heads of one layer did.

    Attributes:
        q: queries (B, H, T, D); `k` keys and `v` values likewise.
        weights: who looks at whom (B, H, T, T), row = query; rows sum to 1 unless given by hand.
        added: what the heads add to the layer's hidden state (B, T, W).
        output: LayerNorm of that sum, on its way to the feed-forward (B, T, W).
    """

    q: Tensor
    k: Tensor
    v: Tensor
    weights: Tensor
    added: Tensor
    output: Tensor


class LayerRun(NamedTuple):
    """What one layer did.

    Attributes:
        attention: what its heads did.
        added: what its feed-forward added (B, T, W).
        output: the next hidden states (B, T, W).
    """

    attention: Attention
    added: Tensor
    output: Tensor

    @classmethod
    def of(cls, tensors: Sequence[Tensor]) -> "LayerRun":
        """From its tensors in a row, as `read_layers` gives them."""
        *attention, added, output = tensors
        return cls(Attention(*attention), added, output)


def read_layers(
    x: Tensor,
    layers: list[LayerWeights],
    changes: list[LayerChanges],
    probe: Tensor | None,
    into: Tensor | None,
) -> list[list[Tensor]]:
    """Hidden states (B, T, W) -> what each of n layers did, one upon the other.

    Of each layer the tensors of a `LayerRun`: for a tuple with names TorchScript would make a class
    anew each time it returns one, which takes 0.16 ms, and there would be two of them a layer.

    Args:
        x: what the first one reads.
        layers: what they have learnt.
        changes: what is changed inside of each.
        probe: zeros (n, B, H, T, T) added to the weights: the gradient with respect to it is the
            gradient with respect to the weights.
        into: where the weights are computed (n, B, H, T, T); they have no gradient then.
    """
    runs: list[list[Tensor]] = []
    for number, layer in enumerate(layers):
        pulled = None if probe is None else probe[number]
        place = None if into is None else into[number]
        attention = attend(x, layer.attention, changes[number], pulled, place)
        added, x = feed_forward(attention.output, layer.feed_forward)
        runs.append([*attention, added, x])
    return runs


def attend(
    x: Tensor,
    of: AttentionWeights,
    changes: LayerChanges,
    probe: Tensor | None,
    into: Tensor | None,
) -> Attention:
    """Every token looks at every token, once per head: LayerNorm(x + W_O · heads).

    Hidden states (B, T, W) -> what the heads did; `probe` and `into` as in `read_layers`, of one
    layer (B, H, T, T). Changes come in this order: visibility, softmax, edited row, head off.
    """
    unseen, edited, rows, silenced = changes
    texts, tokens, width = x.shape
    qkv = linear(x, of.query_key_value).view(texts, tokens, 3, of.heads, width // of.heads)
    q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind()  # each (B, H, T, D)
    q_scaled, k_turned = q * q.shape[-1] ** -0.5, k.transpose(-2, -1)
    if into is None:
        scores = torch.matmul(q_scaled, k_turned)  # (B, H, T, T)
    else:
        scores = torch.matmul(q_scaled, k_turned, out=into)
    if unseen is not None:
        scores = scores.masked_fill(unseen, -torch.inf)
    weights = torch.softmax(scores, -1) if into is None else torch.softmax(scores, -1, out=into)
    if edited is not None and rows is not None:
        if into is None:
            weights = weights.clone()  # with gradients, the softmax is needed on the way back
        weights[edited[0], edited[1], edited[2]] = rows
    if probe is not None:
        weights = weights + probe
    context = weights @ v  # (B, H, T, D)
    if silenced is not None:
        context[silenced[0], silenced[1]] = 0.0
    added = linear(context.transpose(1, 2).flatten(2), of.output)  # (B, T, W)
    return Attention(q, k, v, weights, added, norm(x + added, of.norm))


def feed_forward(x: Tensor, of: FeedForwardWeights) -> tuple[Tensor, Tensor]:
    """Each token by itself: LayerNorm(x + contract(activation(expand(x)))).

    (..., W) -> what is added to it, and LayerNorm of the sum, both (..., W).
    """
    added = linear(linear(x, of.expand), of.contract)
    return added, norm(x + added, of.norm)


def norm(x: Tensor, of: NormWeights) -> Tensor:
    """LayerNorm over the last axis (Ba et al. 2016); the shape stays."""
    return F.layer_norm(x, [x.shape[-1]], of.weight, of.bias, of.eps)
