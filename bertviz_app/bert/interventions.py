"""Interventions as tensors: what is changed inside BERT, applied where the network reaches it."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from bertviz_app.core.request import UNCHANGED, Interventions

_Index = tuple[Tensor, ...]


class BatchInterventions:
    """The interventions of B texts of T tokens each; the default of a text changes nothing.

    Attributes:
        factors: of the token, segment and position embedding (B, 3).
    """

    def __init__(self, texts: Sequence[Interventions], tokens: int) -> None:
        self.factors = torch.tensor([text.parts for text in texts])
        self._unseen = _unseen(texts, tokens)
        rows: dict[int, list[tuple[int, int, int, tuple[float, ...]]]] = {}
        heads: dict[int, list[tuple[int, int]]] = {}
        for place, text in enumerate(texts):
            for (layer, head, query), weights in text.attention:
                rows.setdefault(layer, []).append((place, head, query, weights))
            for layer, head in text.heads_off:
                heads.setdefault(layer, []).append((place, head))
        self._rows = {layer: _rows(edits) for layer, edits in rows.items()}
        self._heads = {layer: tuple(torch.tensor(off).T) for layer, off in heads.items()}

    @classmethod
    def none(cls, texts: int, tokens: int) -> BatchInterventions:
        """Nothing is changed in any of B texts."""
        return cls([UNCHANGED] * texts, tokens)

    def hide(self, scores: Tensor) -> Tensor:
        """Scores (B, H, T, T) with -inf wherever the query may not see the key."""
        return scores if self._unseen is None else scores.masked_fill(self._unseen, -torch.inf)

    def edit(self, layer: int, weights: Tensor) -> Tensor:
        """Weights (B, H, T, T) of a layer with the rows that were given by hand."""
        if layer not in self._rows:
            return weights
        place, rows = self._rows[layer]
        return _put(weights, place, rows)

    def silence(self, layer: int, context: Tensor) -> Tensor:
        """Context (B, H, T, D) of a layer with zeros for the heads that are off."""
        if layer not in self._heads:
            return context
        return _put(context, self._heads[layer], torch.zeros(()))


def _unseen(texts: Sequence[Interventions], tokens: int) -> Tensor | None:
    """True where a query may not see a key (B, 1, T, T), or None if all see all."""
    if not any(text.causal for text in texts):
        return None
    causal = torch.tensor([text.causal for text in texts]).view(-1, 1, 1, 1)
    return causal & torch.ones(tokens, tokens, dtype=torch.bool).triu(1)


def _rows(edits: list[tuple[int, int, int, tuple[float, ...]]]) -> tuple[_Index, Tensor]:
    """Where the edited rows of a layer stand, as an index of (B, H, T), and the rows (n, T)."""
    place = torch.tensor([edit[:3] for edit in edits]).T
    return tuple(place), torch.tensor([edit[3] for edit in edits])


def _put(tensor: Tensor, place: _Index, values: Tensor) -> Tensor:
    # With gradients, what was computed is still needed for the way back.
    put = tensor.index_put if torch.is_grad_enabled() else tensor.index_put_
    return put(place, values)
