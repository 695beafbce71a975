"""BERT, top to bottom in the order the numbers flow.

Devlin et al. 2019; the layers are those of Vaswani et al. 2017, each LayerNorm after its sum.
Legend: L layers, H heads, T tokens, W width, D = W / H, V vocabulary, B texts of equal length.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, cast

import torch
from torch import Tensor, nn

from bertviz_app.bert.compiled import compiled
from bertviz_app.bert.embeddings import EmbeddingParts, Embeddings
from bertviz_app.bert.interventions import BatchInterventions
from bertviz_app.bert.layer import (
    AttentionWeights,
    FeedForwardWeights,
    LayerRun,
    LayerWeights,
    NormWeights,
    attend,
    feed_forward,
    read_layers,
)
from bertviz_app.bert.linear import Linear
from bertviz_app.core.spec import ModelSpec

if TYPE_CHECKING:
    from bertviz_app.bert.recordings import Recordings


class SelfAttention(nn.Module):
    """The parameters of the attention of one layer; `attend` computes with them."""

    def __init__(self, spec: ModelSpec) -> None:
        super().__init__()
        self.heads = spec.heads
        self.query_key_value = Linear(spec.width, 3 * spec.width)
        self.output = Linear(spec.width, spec.width)
        self.norm = nn.LayerNorm(spec.width, eps=spec.norm_eps)

    @property
    def weights(self) -> AttentionWeights:
        """The same as tensors."""
        linears = self.query_key_value.weights, self.output.weights
        return AttentionWeights(self.heads, *linears, _norm_weights(self.norm))


class FeedForward(nn.Module):
    """The parameters of the feed-forward of one layer; `feed_forward` computes with them."""

    def __init__(self, spec: ModelSpec) -> None:
        super().__init__()
        self.expand = Linear(spec.width, spec.feed_forward, spec.activation)
        self.contract = Linear(spec.feed_forward, spec.width)
        self.norm = nn.LayerNorm(spec.width, eps=spec.norm_eps)

    @property
    def weights(self) -> FeedForwardWeights:
        """The same as tensors."""
        linears = self.expand.weights, self.contract.weights
        return FeedForwardWeights(*linears, _norm_weights(self.norm))


class Layer(nn.Module):
    """Attention, then the feed-forward."""

    def __init__(self, spec: ModelSpec) -> None:
        super().__init__()
        self.attention = SelfAttention(spec)
        self.feed_forward = FeedForward(spec)

    @property
    def weights(self) -> LayerWeights:
        """All parameters as tensors."""
        return LayerWeights(self.attention.weights, self.feed_forward.weights)


def _norm_weights(norm: nn.LayerNorm) -> NormWeights:
    return NormWeights(norm.weight, norm.bias, norm.eps)


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
        self.layers = nn.ModuleList(Layer(spec) for _ in range(spec.layers))
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
        # To copy the weights of 512 tokens takes the processor as long as to compute them.
        into = attention[0][:, None] if in_place else None
        for number, run in enumerate(self._runs(x, interventions, probe, into)):
            hidden.append(run.output)
            heads = run.attention
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
        for run in self._runs(x, interventions, layers=slice(layer, -1)):
            x = run.output
        last = cast("Layer", self.layers[-1]).weights
        changes = interventions.of_layer(self.spec.layers - 1)
        attention = attend(x, last.attention, changes, None, None)
        return feed_forward(attention.output[:, at], last.feed_forward)[1]

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

    def _runs(
        self,
        x: Tensor,
        interventions: BatchInterventions,
        probe: Tensor | None = None,
        into: Tensor | None = None,
        layers: slice = slice(None),
    ) -> Iterator[LayerRun]:
        """What some of the layers did, one upon the other.

        All are one operation if the weights go `into` a place of their own; else each is one, so
        that its weights can be forgotten before the next one has some.
        """
        numbers = range(self.spec.layers)[layers]
        read = compiled(read_layers) if self._compiles() else read_layers
        for some in (numbers,) if into is not None else ([number] for number in numbers):
            weights = [cast("Layer", self.layers[number]).weights for number in some]
            changes = [interventions.of_layer(number) for number in some]
            pulled = None if probe is None else probe[some[0] : some[-1] + 1]
            for run in map(LayerRun.of, read(x, weights, changes, pulled, into)):
                x = run.output
                yield run
                del run

    def _compiles(self) -> bool:
        """Whether functions are compiled: on the processor, where no gradients are wanted."""
        on_the_processor = self.embeddings.token.weight.device.type == "cpu"
        return on_the_processor and not torch.is_grad_enabled()
