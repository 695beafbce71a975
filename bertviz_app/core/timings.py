"""Timings: where the time of one answer went, from the request to its arrival."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds, part by part; 0 where nothing was measured.

    Attributes:
        sent: the moment the request was sent, on the clock `time.perf_counter`.
        queue: until the worker took it.
        tokenise: cutting the text into pieces.
        embeddings: the embeddings of the pieces.
        layers: all layers.
        heads: the word-prediction and the next-sentence head.
        copy: all else of the run: tensors become arrays, and what is counted from them.
        back: from the worker to the window.
    """

    sent: float = 0.0
    queue: float = 0.0
    tokenise: float = 0.0
    embeddings: float = 0.0
    layers: float = 0.0
    heads: float = 0.0
    copy: float = 0.0
    back: float = 0.0
