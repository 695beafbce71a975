"""Interventions as tensors: what is changed inside BERT, applied where the network reaches it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from bertviz_app.bert.layer import LayerChanges
from bertviz_app.core.request import LEARNED, UNCHANGED, Interventions


class BatchInterventions:
    """The interventions of B texts of T tokens each; the default of a text changes nothing.

    Those of a text come from `Interventions.for_text`: rules have become ids.

    Attributes:
        factors: of the token, segment and position embedding (B, 3).
    """

    def __init__(self, texts: Sequence[Interventions], tokens: int) -> None:
        self.factors = torch.tensor([text.parts for text in texts])
        self._unseen = _unseen(texts, tokens)
        self._segments = [_given("segment_ids", text.segment_ids) for text in texts]
        self._positions = [_given("position_ids", text.position_ids) for text in texts]
        self._tables = [text.position_table for text in texts]
        rows: dict[int, list[tuple[int, int, int, tuple[float, ...]]]] = {}
        heads: dict[int, list[tuple[int, int]]] = {}
        for place, text in enumerate(texts):
            for (layer, head, query), weights in text.attention:
                rows.setdefault(layer, []).append((place, head, query, weights))
            for layer, head in text.heads_off:
                heads.setdefault(layer, []).append((place, head))
        self._edited = {layer: _edited(edits) for layer, edits in rows.items()}
        self._silenced = {layer: torch.tensor(off).T for layer, off in heads.items()}

    @classmethod
    def none(cls, texts: int, tokens: int, padding: Tensor | None = None) -> BatchInterventions:
        """Nothing is changed in any of B texts; tokens that are padding (T,) are not seen."""
        found = cls([UNCHANGED] * texts, tokens)
        found._unseen = padding
        return found

    def segments(self, segments: Tensor) -> Tensor:
        """Segments (B, T) as the texts give them."""
        if all(ids is None for ids in self._segments):
            return segments
        rows = zip(segments, self._segments, strict=True)
        return torch.stack([own if given is None else given for own, given in rows])

    def positions(self, tokens: int, table: Callable[[str], Tensor]) -> Tensor:
        """The vectors of T tokens' positions: (B, T, W), or (T, W) if no text changes them.

        `table` gives the vectors (P, W) of a position table by its name.
        """
        if all(name == LEARNED for name in self._tables) and not any(
            ids is not None for ids in self._positions
        ):
            return table(LEARNED)[:tokens]
        tables = {name: table(name) for name in set(self._tables)}
        rows = zip(self._tables, self._positions, strict=True)
        return torch.stack(
            [tables[name][slice(tokens) if ids is None else ids] for name, ids in rows]
        )

    def of_layer(self, layer: int) -> LayerChanges:
        """What is changed inside a layer."""
        edited, rows = self._edited.get(layer, (None, None))
        return LayerChanges(self._unseen, edited, rows, self._silenced.get(layer))


def _given(name: str, ids: tuple[int, ...] | str | None) -> Tensor | None:
    """Ids given one by one (T,), or None."""
    if isinstance(ids, str):
        raise ValueError(f"{name} {ids!r}: a rule becomes ids by Interventions.for_text")
    return None if ids is None else torch.tensor(ids)


def _unseen(texts: Sequence[Interventions], tokens: int) -> Tensor | None:
    """True where a query may not see a key (B, 1, T, T), or None if all see all."""
    if not any(text.causal or text.anticausal or text.hidden_keys for text in texts):
        return None
    unseen = torch.zeros(len(texts), 1, tokens, tokens, dtype=torch.bool)
    after = torch.ones(tokens, tokens, dtype=torch.bool).triu(1)
    for text, of_text in zip(texts, unseen[:, 0], strict=True):
        if text.causal:
            of_text |= after
        if text.anticausal:
            of_text |= after.T
        of_text[:, list(text.hidden_keys)] = True
        of_text.fill_diagonal_(False)
    return unseen


def _edited(edits: list[tuple[int, int, int, tuple[float, ...]]]) -> tuple[Tensor, Tensor]:
    """Where the n edited rows of a layer stand (3, n), and the rows (n, T)."""
    return torch.tensor([edit[:3] for edit in edits]).T, torch.tensor([edit[3] for edit in edits])
