"""What BERT reads first: a vector for each piece, its segment and its position, added up.

Legend: T tokens, W width, P positions, B texts of equal length.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from bertviz_app.bert.interventions import BatchInterventions
from bertviz_app.core.positions import sinusoidal, sinusoidal_like
from bertviz_app.core.request import LEARNED, RAW
from bertviz_app.core.spec import ModelSpec


@dataclass(frozen=True, eq=False)
class EmbeddingParts:
    """What a token starts from: three parts, as scaled, their sum and its LayerNorm (B, T, W)."""

    token: Tensor
    segment: Tensor
    position: Tensor
    summed: Tensor
    normed: Tensor


class Embeddings(nn.Module):
    """LayerNorm(word + segment + position)."""

    def __init__(self, spec: ModelSpec) -> None:
        super().__init__()
        self.token = _table(spec.vocabulary, spec.width)
        self.segment = _table(spec.segments, spec.width)
        self.position = _table(spec.positions, spec.width)
        self.norm = nn.LayerNorm(spec.width, eps=spec.norm_eps)

    def forward(
        self, ids: Tensor, segments: Tensor, interventions: BatchInterventions
    ) -> EmbeddingParts:
        """Ids and segments (B, T) -> the parts, each scaled by its factor."""
        of_token, of_segment, of_position = interventions.factors.T[..., None, None]  # (B, 1, 1)
        token = self.token(ids) * of_token  # (B, T, W)
        segment = self.segment(interventions.segments(segments)) * of_segment
        position = interventions.positions(ids.shape[1], self._position_table) * of_position
        summed = token + segment + position
        return EmbeddingParts(token, segment, position, summed, self.norm(summed))

    def _position_table(self, name: str) -> Tensor:
        """The vectors of all positions (P, W), learned or not."""
        learned = self.position.weight
        if name == LEARNED:
            return learned
        raw = name == RAW
        table = learned.detach().cpu().numpy()
        fixed = sinusoidal(*learned.shape) if raw else sinusoidal_like(table)
        return torch.tensor(fixed, device=learned.device)


def _table(rows: int, width: int) -> nn.Embedding:
    # nn.Embedding fills itself with normal_, which on the meta device imports torch's compiler.
    values = torch.empty(rows, width).uniform_(-1, 1)
    made: nn.Embedding = nn.Embedding.from_pretrained(values, freeze=False)  # type: ignore[no-untyped-call]
    return made
