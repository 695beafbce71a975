"""How long the vectors are that each layer adds."""

from __future__ import annotations

import torch
from torch import Tensor

from bertviz_app.bert.network import Activations
from bertviz_app.core.sizes import Sizes
from bertviz_app.core.trace import Array
from bertviz_app.inference.arrays import array


def read_sizes(run: Activations, text: int) -> Sizes | None:
    """The sizes in text number `text` of a run that kept what is inside its layers."""
    if run.between is None or run.by_attention is None or run.by_feed_forward is None:
        return None
    states, between = run.hidden[:, text], run.between[:, text]  # (L + 1, T, W), (L, T, W)
    attention, feed_forward = run.by_attention[:, text], run.by_feed_forward[:, text]

    def lengths(vectors: Tensor) -> Array:
        return array(torch.linalg.vector_norm(vectors, dim=-1))

    return Sizes(
        state=lengths(states),
        attention=lengths(attention),
        attended=lengths(states[:-1] + attention),
        between=lengths(between),
        feed_forward=lengths(feed_forward),
        fed=lengths(between + feed_forward),
        cosine=array(torch.cosine_similarity(states[1:], states[:-1], dim=-1)),
    )
