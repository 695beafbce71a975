"""What may be wrong with a model although it opened: found from what was read, said in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import prod
from pathlib import Path

from bertviz_app.analysis.visible import visible
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.origin import TensorRead
from bertviz_app.core.trace import Trace

UNIFORM = "All heads look everywhere alike. Usually the weights were not loaded."
_DECODER = "mlm.decoder.weight"
_PADDING = 128
"""Rows that tables are usually filled up to a multiple of: so many without a piece mean nothing."""

_NAMED = 3
_LAYER = re.compile(r"layers\.(\d+)\.(\w+)")
_PARTS = (
    ("embeddings.token", "token embeddings"),
    ("embeddings.segment", "segment embeddings"),
    ("embeddings.position", "position embeddings"),
    ("embeddings.norm", "LayerNorm of the embeddings"),
    ("layers.attention", "attention"),
    ("layers.feed_forward", "feed-forward"),
    ("pooler", "pooler"),
    ("nsp", "next-sentence head"),
    ("mlm", "word-prediction head"),
)

_STEPS = ("query_key_value", "expand", "contract", "output", "dense", "norm", "decoder")
"""Inside a part, in the order in which the numbers flow."""


def doubts(facts: ModelFacts, run: Trace | None, changed: Sequence[Path] = ()) -> tuple[str, ...]:
    """What may be wrong with a model, a sentence each; the worst first.

    Args:
        facts: the model.
        run: a run of the model as it is, or None before the first.
        changed: the files that were changed on disk since the model was read.
    """
    return tuple(_doubts(facts, run, changed))


def _doubts(facts: ModelFacts, run: Trace | None, changed: Sequence[Path]) -> Iterator[str]:
    tensors = facts.origin.tensors
    if broken := [tensor for tensor in tensors if tensor.broken]:
        count = sum(tensor.broken for tensor in broken)
        what = "1 weight is not a number" if count == 1 else f"{count:,} weights are not numbers"
        yield f"{what}, in {_names(broken)}; nothing that is computed with it means anything."
    if empty := [one for one in tensors if one.constant and len(one.shape) > 1]:
        zero = all(tensor.norm == 0 for tensor in empty)
        what = "Only zeros stand" if zero else "One and the same number stands everywhere"
        yield f"{what} in {_names(empty)}; it was never learned, or not saved."
    if run is not None and run.uniform:
        yield UNIFORM
    if _decoder_is_borrowed(facts):
        yield (
            "config.json says that the decoder of the word-prediction head is its own, and the "
            "file holds none; the token embeddings stand in for it."
        )
    yield from _vocabulary(facts)
    if changed:
        names = ", ".join(visible(path.name) for path in changed)
        were = "was" if len(changed) == 1 else "were"
        yield f"{names} {were} changed or removed on disk since the model was read."


def _names(tensors: Sequence[TensorRead]) -> str:
    names = ", ".join(tensor.name for tensor in tensors[:_NAMED])
    return names if len(tensors) <= _NAMED else f"{names} and {len(tensors) - _NAMED} more"


def _decoder_is_borrowed(facts: ModelFacts) -> bool:
    own = any(tensor.parameter == _DECODER for tensor in facts.origin.tensors)
    return facts.has_mlm and not own and ("tie_word_embeddings", "false") in facts.origin.config


def _vocabulary(facts: ModelFacts) -> Iterator[str]:
    rows = len(facts.vocabulary)
    if rows - facts.pieces_end >= _PADDING:
        yield (
            f"The vocabulary ends after {facts.pieces_end:,} of the model's {rows:,} rows; it may "
            "be that of another model."
        )
    if not facts.mask_token:
        yield "The vocabulary has no [MASK], so nothing can be hidden."


def parts(facts: ModelFacts) -> tuple[tuple[str, int], ...]:
    """How many numbers each part of the model learned, tied ones once; empty if nobody noted."""
    counts: dict[str, int] = dict.fromkeys((name for _, name in _PARTS), 0)
    for tensor in facts.origin.tensors:
        if not (tensor.parameter == _DECODER and facts.tied):
            counts[_part(tensor.parameter)] += prod(tensor.shape)
    return tuple((name, count) for name, count in counts.items() if count)


def _part(parameter: str) -> str:
    plain = _LAYER.sub(r"layers.\2", parameter)
    return next(name for start, name in _PARTS if plain.startswith(start))


def in_order(tensors: Sequence[TensorRead]) -> tuple[TensorRead, ...]:
    """The tensors in the order in which the numbers flow through them."""
    return tuple(sorted(tensors, key=_place))


def _place(tensor: TensorRead) -> tuple[int, int, int, int, bool, int]:
    """What sorts a tensor: its stage, its layer, its part, its step, its weight before its bias."""
    names = [name for _, name in _PARTS]
    layer, part = _LAYER.match(tensor.parameter), names.index(_part(tensor.parameter))
    # All of a layer before the next one.
    stage, number = (names.index("attention"), int(layer[1])) if layer else (part, -1)
    step = next((at for at, name in enumerate(_STEPS) if f".{name}." in tensor.parameter), -1)
    return stage, number, part, step, tensor.parameter.endswith("bias"), tensor.row or 0
