"""BERT, top to bottom in the order the numbers flow.

Devlin et al. 2019; the layers are those of Vaswani et al. 2017, each LayerNorm after its sum.
Legend: L layers, H heads, T tokens, W width, D = W / H, V vocabulary, B texts of equal length.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, cast

import torch
from torch import Tensor, nn

from bertviz_app.bert.embeddings import EmbeddingParts, Embeddings
from bertviz_app.bert.interventions import BatchInterventions
from bertviz_app.bert.linear import Linear
from bertviz_app.core.spec import ModelSpec

if TYPE_CHECKING:
    from bertviz_app.bert.recordings import Recordings


@dataclass(frozen=True, eq=False)
class Attention:
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


class SelfAttention(nn.Module):
    """Every token looks at every token, once per head: LayerNorm(x + W_O · heads)."""

    def __init__(self, spec: ModelSpec, layer: int) -> None:
        super().__init__()
        self.layer, self.heads = layer, spec.heads
        self.query_key_value = Linear(spec.width, 3 * spec.width)
        self.output = Linear(spec.width, spec.width)
        self.norm = nn.LayerNorm(spec.width, eps=spec.norm_eps)

    def forward(
        self,
        x: Tensor,
        interventions: BatchInterventions,
        probe: Tensor | None = None,
        into: Tensor | None = None,
    ) -> Attention:
        """Hidden states (B, T, W) -> what the heads did; `probe` as in `Bert.forward`.

        The weights (B, H, T, T) are computed `into` a tensor that is given; that has no gradient.
        The interventions come in this order: visibility, softmax, edited row, head off.
        """
        qkv = self.query_key_value(x).unflatten(-1, (3, self.heads, -1))  # (B, T, 3, H, D)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # each (B, H, T, D)
        scores = torch.matmul(q * q.shape[-1] ** -0.5, k.mT, out=into)  # (B, H, T, T)
        weights = torch.softmax(interventions.hide(scores), -1, out=into)  # (B, H, T, T)
        weights = interventions.edit(self.layer, weights)
        if probe is not None:
            weights = weights + probe
        context = interventions.silence(self.layer, weights @ v)  # (B, H, T, D)
        added = self.output(context.transpose(1, 2).flatten(2))  # (B, T, W)
        return Attention(q, k, v, weights, added, self.norm(x + added))


class FeedForward(nn.Module):
    """Each token by itself: LayerNorm(x + contract(activation(expand(x))))."""

    def __init__(self, spec: ModelSpec) -> None:
        super().__init__()
        self.expand = Linear(spec.width, spec.feed_forward, spec.activation)
        self.contract = Linear(spec.feed_forward, spec.width)
        self.norm = nn.LayerNorm(spec.width, eps=spec.norm_eps)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(B, T, W) -> what is added to it, and LayerNorm of the sum, both (B, T, W)."""
        added = self.contract(self.expand(x))
        return added, self.norm(x + added)


@dataclass(frozen=True, eq=False)
class LayerRun:
    """What one layer did.

    Attributes:
        attention: what its heads did.
        added: what its feed-forward added (B, T, W).
        output: the next hidden states (B, T, W).
    """

    attention: Attention
    added: Tensor
    output: Tensor


class Layer(nn.Module):
    """Attention, then the feed-forward."""

    def __init__(self, spec: ModelSpec, number: int) -> None:
        super().__init__()
        self.attention = SelfAttention(spec, number)
        self.feed_forward = FeedForward(spec)

    def forward(
        self,
        x: Tensor,
        interventions: BatchInterventions,
        probe: Tensor | None = None,
        into: Tensor | None = None,
        at: int | slice = slice(None),
    ) -> LayerRun:
        """Hidden states (B, T, W) -> what became of them; the feed-forward reads those `at`."""
        attention: Attention = self.attention(x, interventions, probe, into)
        return LayerRun(attention, *self.feed_forward(attention.output[:, at]))


class WordHead(nn.Module):
    """Which word stands here? LayerNorm(activation(dense(x))) against every word's vector."""

    def __init__(self, spec: ModelSpec) -> None:
        super().__init__()
        self.dense = Linear(spec.width, spec.width, spec.activation)
        self.norm = nn.LayerNorm(spec.width, eps=spec.norm_eps)
        self.decoder = Linear(spec.width, spec.vocabulary)

    def forward(self, x: Tensor) -> Tensor:
        """Hidden states of the last layer (..., W) -> logits (..., V)."""
        logits: Tensor = self.decoder(self.transform(x))
        return logits

    def transform(self, x: Tensor) -> Tensor:
        """What is held against the vector of every word; (..., W) -> (..., W)."""
        held: Tensor = self.norm(self.dense(x))
        return held


@dataclass(frozen=True, eq=False)
class Activations:
    """All that happened to B texts of T tokens.

    Attributes:
        embeddings: the parts, each (B, T, W).
        attention: of each text the weights as used (L, H, T, T), in memory of their own: they
            are large, and one text may be needed longer than the other.
        hidden: hidden states (L + 1, B, T, W); the first are `embeddings.normed`.
        q: queries (L, B, H, T, D), or None unless asked for; `k` keys and `v` values likewise.
        between: the states that the feed-forwards read (L, B, T, W), or None unless asked for;
            `by_attention` and `by_feed_forward`, what either added, likewise.
    """

    embeddings: EmbeddingParts
    attention: tuple[Tensor, ...]
    hidden: Tensor
    q: Tensor | None = None
    k: Tensor | None = None
    v: Tensor | None = None
    between: Tensor | None = None
    by_attention: Tensor | None = None
    by_feed_forward: Tensor | None = None

    def first(self, tokens: int) -> Activations:
        """The same of the first tokens alone; what follows them was padding."""

        def cut(states: Tensor | None) -> Tensor | None:
            return None if states is None else states[..., :tokens, :]

        names = [part.name for part in fields(EmbeddingParts)]
        parts = {name: getattr(self.embeddings, name)[:, :tokens] for name in names}
        return Activations(
            EmbeddingParts(**parts),
            tuple(slab[..., :tokens, :tokens] for slab in self.attention),
            self.hidden[..., :tokens, :],
            *map(cut, (self.q, self.k, self.v)),
            *map(cut, (self.between, self.by_attention, self.by_feed_forward)),
        )


class Bert(nn.Module):
    """The encoder and, as far as the checkpoint has them, the heads it was trained with.

    Attributes:
        mlm: the word-prediction head, or None.
        pooler: the dense layer before the next-sentence head `nsp`; both or none.
        recordings: forwards that a CUDA device has kept, or None elsewhere.
    """

    recordings: Recordings | None = None

    def __init__(self, spec: ModelSpec, *, mlm: bool, nsp: bool) -> None:
        super().__init__()
        self.spec = spec
        self.embeddings = Embeddings(spec)
        self.layers = nn.ModuleList(Layer(spec, number) for number in range(spec.layers))
        self.mlm = WordHead(spec) if mlm else None
        self.pooler = Linear(spec.width, spec.width) if nsp else None
        self.nsp = Linear(spec.width, 2) if nsp else None

    def forward(
        self,
        ids: Tensor,
        segments: Tensor,
        interventions: BatchInterventions | None = None,
        *,
        qkv: bool = False,
        inside: bool = False,
        probe: Tensor | None = None,
    ) -> Activations:
        """Read B texts of T tokens and keep everything.

        Args:
            ids: vocabulary ids (B, T).
            segments: 0 or 1 (B, T).
            interventions: what is changed inside; nothing by default.
            qkv: keep queries, keys and values.
            inside: keep the states between attention and feed-forward, and what either added.
            probe: zeros (L, B, H, T, T) added to the weights: the gradient with respect to it is
                the gradient with respect to the weights.
        """
        interventions = interventions or BatchInterventions.none(*ids.shape)
        embeddings: EmbeddingParts = self.embeddings(ids, segments, interventions)
        x = embeddings.normed
        layers, texts, *size = self.weights_shape(*ids.shape)
        attention = tuple(torch.empty(layers, *size) for _ in range(texts))
        in_place = texts == 1 and x.device.type == "cpu" and not torch.is_grad_enabled()
        hidden, kept = [x], defaultdict[str, list[Tensor]](list)
        for number, layer in enumerate(self.layers):
            pulled = None if probe is None else probe[number]
            # To copy the weights of 512 tokens takes the processor as long as to compute them.
            into = attention[0][number, None] if in_place else None
            run: LayerRun = layer(x, interventions, pulled, into)
            heads, x = run.attention, run.output
            hidden.append(x)
            if into is None:
                for slab, weights in zip(attention, heads.weights.detach(), strict=True):
                    slab[number] = weights
            if qkv:
                for name in ("q", "k", "v"):
                    kept[name].append(getattr(heads, name))
            if inside:
                kept["between"].append(heads.output)
                kept["by_attention"].append(heads.added)
                kept["by_feed_forward"].append(run.added)
        of_layers = {name: torch.stack(parts) for name, parts in kept.items()}
        return Activations(embeddings, attention, torch.stack(hidden), **of_layers)

    def last_hidden(
        self, ids: Tensor, segments: Tensor, interventions: BatchInterventions | None = None
    ) -> Tensor:
        """Read B texts of T tokens (B, T) and keep the last hidden states alone (B, T, W)."""
        interventions = interventions or BatchInterventions.none(*ids.shape)
        embeddings: EmbeddingParts = self.embeddings(ids, segments, interventions)
        return self.read_on(embeddings.normed, interventions)

    def read_on(
        self,
        x: Tensor,
        interventions: BatchInterventions,
        *,
        layer: int = 0,
        at: int | slice = slice(None),
    ) -> Tensor:
        """From the hidden states before a layer (B, T, W) to the last ones `at` some tokens."""
        *before, last = self.layers[layer:]
        for one in before:
            x = one(x, interventions).output
        hidden: Tensor = last(x, interventions, at=at).output
        return hidden

    def next_sentence(self, hidden: Tensor) -> Tensor | None:
        """Last hidden states (B, T, W) -> logits of "B follows A" and "it does not" (B, 2).

        None without that head.
        """
        if self.pooler is None or self.nsp is None:
            return None
        pooled = torch.tanh(self.pooler(hidden[:, 0]))  # [CLS] speaks for all: (B, W)
        logits: Tensor = self.nsp(pooled)
        return logits

    def output_weight(self, layer: int) -> Tensor:
        """W_O of a layer (W, W); its column h D + d takes number d of head h."""
        output = self.get_submodule(f"layers.{layer}.attention.output")
        return cast("Tensor", output.weight)

    def weights_shape(self, texts: int, tokens: int) -> tuple[int, int, int, int, int]:
        """The shape of all weights of B texts: (L, B, H, T, T)."""
        return self.spec.layers, texts, self.spec.heads, tokens, tokens
