"""The one table of names: every name a BERT tensor was published under, and where it goes here.

`slots` lists the names that transformers writes today; `standard` turns the older ones into them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from bertviz_app.core.spec import ModelSpec

TOKEN_TABLE = "bert.embeddings.word_embeddings.weight"
DECODER = "cls.predictions.decoder.weight"

BIAS_OF_HEAD = "cls.predictions.bias"
BIAS_OF_DECODER = "cls.predictions.decoder.bias"
"""The word-prediction bias is published under either name or both; this one is then in force."""


class Part(Enum):
    """What a checkpoint consists of; only the encoder has to be there."""

    ENCODER = "encoder"
    WORD_PREDICTION = "word-prediction head"
    NEXT_SENTENCE = "next-sentence head"


# What other programs put in front when they wrap a model before saving it.
_WRAPPERS = re.compile(r"^(?:(?:module|model|_orig_mod)\.)+")
_WITHOUT_BERT = re.compile(r"^(?=(?:embeddings|encoder|pooler)\.)")
# The one table that is never tied to another, so that it is in every file.
_POSITIONS = "embeddings.position_embeddings.weight"
_OLD_NORM = {"gamma": "weight", "beta": "bias"}

# TensorFlow: Google's first checkpoints, and those of transformers, which says which head is whose.
_TF_START = re.compile(r"^(?:tf_bert\w*/)?(?:mlm___|nsp___)?")
_TF_LAYER = re.compile(r"layer_(?:\._)?(?=\d)")
_TF_LAST = {
    "kernel": "weight",
    "embeddings": "weight",
    "output_weights": "weight",
    "output_bias": "bias",
}

_BUFFERS = ("bert.embeddings.position_ids", "bert.embeddings.token_type_ids")
_OURS = ("bert.", "cls.predictions.", "cls.seq_relationship.")


# How names begin in other models that people take for a BERT.
_FAMILIES = (
    ("roberta.", "a RoBERTa"),
    ("distilbert.", "a DistilBERT"),
    ("albert.", "an ALBERT"),
    ("electra.", "an ELECTRA"),
    ("deberta.", "a DeBERTa"),
    ("mobilebert.", "a MobileBERT"),
    ("transformer.h.", "a GPT-2"),
    ("transformer.layer.", "a DistilBERT"),
    ("bert.encoder.albert_layer_groups.", "an ALBERT"),
    ("base_model.", "an adapter (PEFT)"),
)


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a published tensor goes: into the rows of `parameter` from `row` on.

    Attributes:
        parameter: the name in our network.
        shape: the shape the published tensor must have.
        row: where its first row goes.
        rows: how many rows the parameter has; more than the tensor's where three are fused.
        part: what it belongs to.
    """

    parameter: str
    shape: tuple[int, ...]
    row: int
    rows: int
    part: Part


def wrappers(published: Iterable[str]) -> tuple[str, ...]:
    """What stands before the names of each BERT in a file, such as "encoder."; "" if nothing."""
    ends = [f".{name}" for name in map(_unwrapped, published)]
    stems = {end.removesuffix(_POSITIONS)[1:] for end in ends if end.endswith(f".{_POSITIONS}")}
    return tuple(sorted({_before_the_family(stem) for stem in stems}))


def _before_the_family(stem: str) -> str:
    """What stands before "bert.", or the like of another model, which is to be told by it."""
    starts = ("bert.", *(start for start, _ in _FAMILIES))
    if family([stem]):
        return ""
    ends = (start for start in starts if f".{stem}".endswith(f".{start}"))
    return stem.removesuffix(next(ends, ""))


def standard(name: str, wrapper: str = "") -> str:
    """The name transformers gives today to a tensor that was published as `name`.

    `wrapper` is what a program of one's own put before all of BERT's names; what does not have it
    is beside BERT.
    """
    name = _unwrapped(name)
    if name.startswith(wrapper):
        name = _WITHOUT_BERT.sub("bert.", name.removeprefix(wrapper))
    stem, _, last = name.rpartition(".")
    return f"{stem}.{_OLD_NORM.get(last, last)}" if stem.endswith("LayerNorm") else name


def _unwrapped(name: str) -> str:
    return _WRAPPERS.sub("", _of_tensorflow(name))


def _of_tensorflow(name: str) -> str:
    """A name with slashes, as TensorFlow writes it, with dots; any other as it is."""
    if "/" not in name:
        return name
    path = _TF_LAYER.sub("layer.", _TF_START.sub("", name.removesuffix(":0"))).replace("/", ".")
    stem, _, last = path.rpartition(".")
    if last.endswith("_embeddings"):  # Google's own tables are variables, not layers
        return f"{path}.weight"
    return f"{stem}.{_TF_LAST.get(last, last)}"


def is_transposed(name: str) -> bool:
    """Whether a tensor of this name lies (inputs, outputs), as in TensorFlow's dense layers."""
    return "/" in name and name.removesuffix(":0").endswith("/kernel")


def is_foreign(name: str) -> bool:
    """Whether a standard name belongs to something beside BERT and its two heads.

    Heads of other tasks and position numbers are foreign. An unknown name inside BERT is not:
    whatever it does, leaving it out would give other numbers.
    """
    return name in _BUFFERS or not name.startswith(_OURS)


def family(names: Iterable[str]) -> str:
    """Which other model the standard names are of; empty if they may be BERT's."""
    for name in names:
        for start, known in _FAMILIES:
            if name.startswith(start):
                return known
    return ""


def slots(spec: ModelSpec) -> dict[str, Slot]:
    """Every tensor a BERT of this shape may have, by standard name."""
    width = spec.width
    rows = {
        Part.ENCODER: [*_embeddings(spec), *_layers(spec)],
        Part.NEXT_SENTENCE: [
            *_dense("bert.pooler.dense", "pooler", width, width),
            *_dense("cls.seq_relationship", "nsp", 2, width),
        ],
        Part.WORD_PREDICTION: [
            *_dense("cls.predictions.transform.dense", "mlm.dense", width, width),
            *_norm("cls.predictions.transform.LayerNorm", "mlm.norm", width),
            (DECODER, "mlm.decoder.weight", (spec.vocabulary, width)),
            (BIAS_OF_HEAD, "mlm.decoder.bias", (spec.vocabulary,)),
            (BIAS_OF_DECODER, "mlm.decoder.bias", (spec.vocabulary,)),
        ],
    }
    table = {
        published: Slot(parameter, shape, 0, shape[0], part)
        for part, entries in rows.items()
        for published, parameter, shape in entries
    }
    return table | _fused(spec)


_Entry = tuple[str, str, tuple[int, ...]]
"""Published name, our name, shape."""


def _embeddings(spec: ModelSpec) -> Iterator[_Entry]:
    for published, ours, rows in (
        ("word_embeddings", "token", spec.vocabulary),
        ("position_embeddings", "position", spec.positions),
        ("token_type_embeddings", "segment", spec.segments),
    ):
        shape = (rows, spec.width)
        yield f"bert.embeddings.{published}.weight", f"embeddings.{ours}.weight", shape
    yield from _norm("bert.embeddings.LayerNorm", "embeddings.norm", spec.width)


def _layers(spec: ModelSpec) -> Iterator[_Entry]:
    width, inner = spec.width, spec.feed_forward
    for layer in range(spec.layers):
        theirs, ours = f"bert.encoder.layer.{layer}", f"layers.{layer}"
        attention, feed_forward = f"{ours}.attention", f"{ours}.feed_forward"
        yield from _dense(f"{theirs}.attention.output.dense", f"{attention}.output", width, width)
        yield from _norm(f"{theirs}.attention.output.LayerNorm", f"{attention}.norm", width)
        yield from _dense(f"{theirs}.intermediate.dense", f"{feed_forward}.expand", inner, width)
        yield from _dense(f"{theirs}.output.dense", f"{feed_forward}.contract", width, inner)
        yield from _norm(f"{theirs}.output.LayerNorm", f"{feed_forward}.norm", width)


def _fused(spec: ModelSpec) -> dict[str, Slot]:
    """Queries, keys and values, published apart: one matrix here, in that order of rows."""
    width, table = spec.width, {}
    for layer in range(spec.layers):
        ours = f"layers.{layer}.attention.query_key_value"
        for place, name in enumerate(("query", "key", "value")):
            theirs = f"bert.encoder.layer.{layer}.attention.self.{name}"
            for published, parameter, shape in _dense(theirs, ours, width, width):
                row = place * width
                table[published] = Slot(parameter, shape, row, 3 * width, Part.ENCODER)
    return table


def _dense(published: str, ours: str, outputs: int, inputs: int) -> Iterator[_Entry]:
    yield f"{published}.weight", f"{ours}.weight", (outputs, inputs)
    yield f"{published}.bias", f"{ours}.bias", (outputs,)


def _norm(published: str, ours: str, width: int) -> Iterator[_Entry]:
    yield f"{published}.weight", f"{ours}.weight", (width,)
    yield f"{published}.bias", f"{ours}.bias", (width,)
