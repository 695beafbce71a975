"""What a trace can hold of the inside of the layers, of random but reproducible numbers."""

from __future__ import annotations

import numpy as np

from bertviz_app.core.encoding import Encoding
from bertviz_app.core.lens import Depth, LensReading
from bertviz_app.core.sizes import Sizes
from bertviz_app.core.spec import ModelSpec


def lens(encoded: Encoding, spec: ModelSpec, *, seed: int = 0) -> LensReading:
    """What a head could make of the first 64 tokens and the masks; every word is followed."""
    chance = np.random.default_rng(seed)
    at = sorted({*range(min(len(encoded), 64)), *encoded.masks})
    depths = [Depth(0)]
    for layer in range(1, spec.layers + 1):
        depths += [Depth(layer, between=True), Depth(layer)]
    logits = 3 * chance.standard_normal((len(at), len(depths), spec.vocabulary), np.float32)
    powers = np.exp(logits)
    chances = powers / powers.sum(axis=-1, keepdims=True)
    order = np.argsort(-logits, axis=-1, kind="stable").astype(np.int32)
    ids = order[..., :5].copy()
    words = np.arange(spec.vocabulary, dtype=np.int32)
    return LensReading(
        tuple(at),
        tuple(depths),
        ids=ids,
        probabilities=np.take_along_axis(chances, ids, axis=-1),
        followed=np.tile(words, (len(at), 1)),
        logits=logits,
        chances=chances,
        ranks=(1 + np.argsort(order, axis=-1)).astype(np.int32),
    )


def sizes(encoded: Encoding, spec: ModelSpec, *, seed: int = 0) -> Sizes:
    """Lengths such as layers could add."""
    chance, layers, tokens = np.random.default_rng(seed), spec.layers, len(encoded)
    states = 5 * chance.random((layers + 1, tokens), np.float32)
    lengths = (5 * chance.random((layers, tokens), np.float32) for _ in range(5))
    return Sizes(states, *lengths, cosine=2 * chance.random((layers, tokens), np.float32) - 1)
