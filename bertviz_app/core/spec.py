"""The shape of a BERT: everything about a model that is a number or a name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """The sizes and options of one BERT.

    `activation` is one of "gelu" (erf), "gelu_tanh", "relu". `norm_eps` is LayerNorm's epsilon.
    """

    layers: int
    heads: int
    width: int
    feed_forward: int
    vocabulary: int
    positions: int
    segments: int = 2
    activation: str = "gelu"
    norm_eps: float = 1e-12

    @property
    def words(self) -> str:
        """The sizes as one reads them: 6 layers × 12 heads × 384."""
        return f"{self.layers} layers × {self.heads} heads × {self.width}"

    def multiplications(self, tokens: int) -> int:
        """What all layers multiply to read T tokens: linear layers, scores and contexts."""
        per_token = 4 * self.width**2 + 2 * self.width * self.feed_forward
        return self.layers * tokens * (per_token + 2 * tokens * self.width)
