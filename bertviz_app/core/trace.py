"""A trace: everything one run of BERT did to one text, as read-only float32 arrays."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from bertviz_app.core.encoding import Encoding
from bertviz_app.core.lens import LensReading
from bertviz_app.core.request import Request
from bertviz_app.core.sizes import Sizes
from bertviz_app.core.spec import ModelSpec
from bertviz_app.core.timings import Timings

Array = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Embeddings:
    """The embedding of each token, part by part, as scaled by the interventions; each (T, W).

    `summed` is token + segment + position; `normed` is its LayerNorm, which enters layer 0.
    """

    token: Array
    segment: Array
    position: Array
    summed: Array
    normed: Array


@dataclass(frozen=True, slots=True)
class Candidate:
    """One word for a blank. `probability` is over all V words; `rank` counts from 1."""

    token: str
    id: int
    probability: float
    logit: float
    rank: int


@dataclass(frozen=True, slots=True)
class MaskPrediction:
    """The best candidates at one mask, most probable first."""

    position: int
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, eq=False)
class Trace:
    """One run of the network over one text.

    Attributes:
        request: what was asked.
        spec: the shape of the model that answered.
        encoding: the tokens, T of them.
        embeddings: the three parts, their sum and its LayerNorm, each (T, W).
        attention: attention weights (L, H, T, T); row = query, column = key; rows sum to 1.
        hidden: hidden states (L + 1, T, W); the first is `embeddings.normed`.
        mask_logits: logits at the masks (M, V), or None if the model has no word-prediction head.
        nsp: next-sentence logits (2,), index 0 = "B follows A", or None without that head.
        predictions: the ten best candidates at each mask; empty without the head.
        seconds: how long the run took.
        logits_at: logits at the positions asked for (len, V), or None.
        q: queries (L, H, T, D), or None if not asked for; `k` keys and `v` values likewise.
        gradients: d logit / d attention weight (L, H, T, T), or None if not asked for.
        measures: the measures of every head (n, L, H), in the order of
            `analysis.measures.MEASURES`, or None if not asked for; NaN where the text has
            nothing to measure.
        uniform: every head looks everywhere alike, as random weights do.
        broken: the first of `hidden` that holds what is not a number, or None.
        lens: what the word-prediction head makes of the states inside, or None if not asked for
            or without that head.
        sizes: how long the vectors are that each layer adds, or None if not asked for.
        gradient_reach: the largest size of weight x gradient in each layer (L,), or None.
        value_norms: the length of (x W_V + b_V) W_O of each head and key (L, H, T), or None if
            not asked for. Source: Kobayashi et al. 2020, Attention Is Not Only a Weight.
        rollout: the attention of the first l + 1 layers multiplied (L, T, T), the last one
            leftmost: of each layer the mean over its heads, half of it and half the identity, each
            row over its sum; None if not asked for. Source: Abnar & Zuidema 2020, Quantifying
            Attention Flow in Transformers.
    """

    request: Request
    spec: ModelSpec
    encoding: Encoding
    embeddings: Embeddings
    attention: Array
    hidden: Array
    mask_logits: Array | None = None
    nsp: Array | None = None
    predictions: tuple[MaskPrediction, ...] = ()
    seconds: float = 0.0
    logits_at: Array | None = None
    q: Array | None = None
    k: Array | None = None
    v: Array | None = None
    gradients: Array | None = None
    measures: Array | None = None
    uniform: bool = False
    broken: int | None = None
    lens: LensReading | None = None
    sizes: Sizes | None = None
    gradient_reach: Array | None = None
    value_norms: Array | None = None
    rollout: Array | None = None

    def __post_init__(self) -> None:
        for name, array in _arrays(self):
            if array.dtype != np.float32:
                raise ValueError(f"{name}: float32 expected, found {array.dtype}")
            array.setflags(write=False)
        tokens, spec = len(self.encoding), self.spec
        _check("attention", self.attention, (spec.layers, spec.heads, tokens, tokens))
        _check("hidden", self.hidden, (spec.layers + 1, tokens, spec.width))
        for part in fields(Embeddings):
            _check(part.name, getattr(self.embeddings, part.name), (tokens, spec.width))

    def __len__(self) -> int:
        return len(self.encoding)

    def __repr__(self) -> str:
        """One line; the arrays would fill pages of a notebook."""
        return f"<Trace: {len(self)} tokens, {self.spec.words}>"


@dataclass(frozen=True, eq=False)
class Answer:
    """The newest run as is and, with changes in force, the changed one beside it.

    `timings` say where the time went that it took.
    """

    as_is: Trace
    changed: Trace | None = None
    timings: Timings = field(default_factory=Timings)

    @property
    def shown(self) -> Trace:
        """The run the pictures show unless asked otherwise: the changed one if there is one."""
        return self.changed if self.changed is not None else self.as_is


def _arrays(trace: Trace) -> list[tuple[str, NDArray[np.generic]]]:
    found = [(item.name, getattr(trace, item.name)) for item in fields(trace)]
    found += [(part.name, getattr(trace.embeddings, part.name)) for part in fields(Embeddings)]
    return [(name, value) for name, value in found if isinstance(value, np.ndarray)]


def _check(name: str, array: Array, shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise ValueError(f"{name}: shape {shape} expected, found {array.shape}")
