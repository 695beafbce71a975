"""The network of `bert/network.py` as it learns: the same map over the same parameters.

Nothing is kept that nobody looks at: attention never stands in memory as weights, and only blanks
are held against the vocabulary. Where it pays, what is done to each token by itself is compiled;
there the tokens of all rows stand in one list, so that one compiled form serves every length.
Legend: R rows, T tokens, N = R T, W width, H heads, D = W / H, K blanks of a row, V vocabulary.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bertviz_app.bert.linear import activate
from bertviz_app.bert.network import Bert, Layer, WordHead
from bertviz_app.training.batches import NOTHING, Batch, Rows

_MULTIPLE = 64
"""The vocabulary is filled up to a multiple of it: matrix units are slow at odd sizes."""
_NEVER = -1e4


class Losses(NamedTuple):
    """What a batch cost: nats per blank, and nats per pair of texts."""

    words: Tensor
    pairs: Tensor


class Forward:
    """The losses of a batch, for a network that has both heads."""

    def __init__(
        self,
        network: Bert,
        dtype: torch.dtype = torch.float32,
        *,
        dropout: float = 0.0,
        compiles: bool = False,
    ) -> None:
        """`dtype` is that of the activations: sums and losses are float32 throughout."""
        spec = network.spec
        self._network, self._dtype = network, dtype
        self._how = _How(dropout, spec.activation, spec.norm_eps)
        self._begin = _faster(_begin) if compiles else _begin
        self._go_on = _faster(_go_on) if compiles else _go_on
        self._lose = _faster(_lose) if compiles else _lose

    def __call__(self, batch: Batch) -> Losses:
        """What the network's guesses cost."""
        hidden = self.hidden(batch.rows)
        asked, targets = self._asked(hidden, batch), batch.targets.flatten()
        words = self._lose(asked, *self._head(), targets, self._how)
        return Losses(words, self._pairs(hidden, batch))

    @torch.no_grad()
    def judge(self, batch: Batch) -> tuple[Losses, Tensor]:
        """What they cost, and the share of the blanks whose best word is the true one."""
        hidden = self.hidden(batch.rows)
        targets = batch.targets.flatten()
        logits = _logits(self._asked(hidden, batch), *self._head(), self._how)
        right = (logits.argmax(-1) == targets).sum() / (targets != NOTHING).sum()
        return Losses(_mean_loss(logits, targets), self._pairs(hidden, batch)), right

    def hidden(self, rows: Rows) -> Tensor:
        """The last hidden states (R, T, W); those of padding mean nothing."""
        embeddings, heads = self._network.embeddings, self._network.spec.heads
        (count, length), seen = rows.ids.shape, rows.seen[:, None, None]  # (R, 1, 1, T)
        x = F.embedding(rows.ids, embeddings.token.weight)
        # As a product: a table of two rows would get its gradient from a few threads.
        kinds = torch.arange(self._network.spec.segments, device=x.device)
        x = x + (rows.segments[..., None] == kinds).float() @ embeddings.segment.weight
        x = (x + embeddings.position.weight[:length]).flatten(0, 1)  # (N, W)
        x = self._begin(x, *_pair(embeddings.norm), self._how).to(self._dtype)
        for layer in self._network.layers:
            qkv = _linear(x, *_pair(cast("Layer", layer).attention.query_key_value))
            q, k, v = qkv.view(count, length, 3, heads, -1).permute(2, 0, 3, 1, 4)  # (R, H, T, D)
            context = F.scaled_dot_product_attention(q, k, v, attn_mask=seen)
            context = context.transpose(1, 2).reshape(x.shape)
            x = self._go_on(x, context, _of_layer(cast("Layer", layer)), self._how)
        return x.view(count, length, -1)

    def _asked(self, hidden: Tensor, batch: Batch) -> Tensor:
        """The hidden states of all blanks (R K, W)."""
        count, length, _ = hidden.shape
        first = torch.arange(0, count * length, length, device=hidden.device)
        return hidden.flatten(0, 1).index_select(0, (first[:, None] + batch.places).flatten())

    def _head(self) -> tuple[_Pair, _Pair, _Pair]:
        head = cast("WordHead", self._network.mlm)
        return _pair(head.dense), _pair(head.norm), _pair(head.decoder)

    def _pairs(self, hidden: Tensor, batch: Batch) -> Tensor:
        logits = cast("Tensor", self._network.next_sentence(hidden[:, :1].float()))
        return _mean_loss(logits, batch.rows.follows)


_Pair = tuple[Tensor, Tensor]
"""The weight and the bias of a layer."""


_Part = TypeVar("_Part", bound=Callable[..., Tensor])


def _faster(part: _Part) -> _Part:
    return cast("_Part", torch.compile(part, dynamic=False))


class _How(NamedTuple):
    dropout: float
    activation: str
    eps: float


def _pair(layer: nn.Linear | nn.LayerNorm) -> _Pair:
    return layer.weight, layer.bias


def _of_layer(layer: Layer) -> tuple[_Pair, ...]:
    attention, feed_forward = layer.attention, layer.feed_forward
    return (
        _pair(attention.output),
        _pair(attention.norm),
        _pair(feed_forward.expand),
        _pair(feed_forward.contract),
        _pair(feed_forward.norm),
    )


def _begin(x: Tensor, weight: Tensor, bias: Tensor, how: _How) -> Tensor:
    """The sum of the embeddings (N, W) -> what the first layer reads."""
    return _dropped(F.layer_norm(x, weight.shape, weight, bias, how.eps), how)


def _go_on(x: Tensor, context: Tensor, layer: tuple[_Pair, ...], how: _How) -> Tensor:
    """What a layer read, and what its heads fetched, both (N, W) -> what the next one reads."""
    output, norm, expand, contract, last_norm = layer
    x = _normed(x + _dropped(_linear(context, *output), how), *norm, how)
    inner = activate(_linear(x, *expand), how.activation)
    return _normed(x + _dropped(_linear(inner, *contract), how), *last_norm, how)


def _lose(
    x: Tensor, dense: _Pair, norm: _Pair, decoder: _Pair, targets: Tensor, how: _How
) -> Tensor:
    return _mean_loss(_logits(x, dense, norm, decoder, how), targets)


def _logits(x: Tensor, dense: _Pair, norm: _Pair, decoder: _Pair, how: _How) -> Tensor:
    """Hidden states (n, W) -> logits (n, V), filled up with words that never come."""
    x = _normed(activate(_linear(x, *dense), how.activation), *norm, how)
    table, bias = decoder
    more = -len(table) % _MULTIPLE
    return _linear(x, F.pad(table, (0, 0, 0, more)), F.pad(bias, (0, more), value=_NEVER))


def _mean_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Cross-entropy of the targets that are there; 0 if there is none."""
    total = F.cross_entropy(logits.float(), targets, ignore_index=NOTHING, reduction="sum")
    return total / (targets != NOTHING).sum().clamp_min(1)


def _linear(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return F.linear(x, weight.to(x.dtype), bias.to(x.dtype))


def _normed(x: Tensor, weight: Tensor, bias: Tensor, how: _How) -> Tensor:
    return F.layer_norm(x.float(), weight.shape, weight, bias, how.eps).to(x.dtype)


def _dropped(x: Tensor, how: _How) -> Tensor:
    return F.dropout(x, how.dropout) if how.dropout else x
