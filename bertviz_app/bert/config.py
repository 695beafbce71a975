"""config.json: checked value by value, before anything is allocated, into a `ModelSpec`.

What this network would compute differently is refused by name: no numbers are better than wrong
ones.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bertviz_app.bert.files import brief, label, read_object
from bertviz_app.core.errors import ModelError
from bertviz_app.core.spec import ModelSpec

CONFIG = "config.json"
LONGEST_CONFIG = 1_000_000
"""Bytes; a real one has one or two thousand."""

# Field of the spec, name in the file, smallest and largest value. The fewest positions are [CLS]
# and two [SEP]: what stands around two sentences even if nothing of them is read.
_SIZES = (
    ("layers", "num_hidden_layers", 1, 256),
    ("heads", "num_attention_heads", 1, 1024),
    ("width", "hidden_size", 1, 16_384),
    ("feed_forward", "intermediate_size", 1, 131_072),
    ("vocabulary", "vocab_size", 1, 4_000_000),
    ("positions", "max_position_embeddings", 3, 131_072),
    ("segments", "type_vocab_size", 1, 1024),
)
_DEFAULTS = {"type_vocab_size": 2}
_ABSENT = object()

# The names of transformers.activations. The tanh forms differ by rounding only.
_ACTIVATIONS = {
    "gelu": "gelu",
    "gelu_python": "gelu",
    "gelu_new": "gelu_tanh",
    "gelu_fast": "gelu_tanh",
    "gelu_accurate": "gelu_tanh",
    "gelu_python_tanh": "gelu_tanh",
    "gelu_pytorch_tanh": "gelu_tanh",
    "relu": "relu",
}

_FAMILIES = {
    "albert": "an ALBERT",
    "bart": "a BART",
    "bert-generation": "a BERT generation",
    "big_bird": "a BigBird",
    "camembert": "a CamemBERT",
    "convbert": "a ConvBERT",
    "deberta": "a DeBERTa",
    "deberta-v2": "a DeBERTa",
    "distilbert": "a DistilBERT",
    "electra": "an ELECTRA",
    "ernie": "an ERNIE",
    "gpt2": "a GPT-2",
    "llama": "a Llama",
    "longformer": "a Longformer",
    "mobilebert": "a MobileBERT",
    "modernbert": "a ModernBERT",
    "mpnet": "an MPNet",
    "nomic_bert": "a Nomic BERT",
    "roberta": "a RoBERTa",
    "roformer": "a RoFormer",
    "t5": "a T5",
    "xlm-roberta": "an XLM-RoBERTa",
    "xlnet": "an XLNet",
}


def read_config(folder: Path) -> ModelSpec:
    """The sizes and options that `folder`'s config.json asks for.

    Raises:
        ModelError: the file is damaged, holds a value out of range, or describes a network that
            is not plain BERT.
    """
    return parse_config(read_entries(folder), label(folder / CONFIG))


def read_entries(folder: Path) -> dict[str, Any]:
    """The entries of `folder`'s config.json, unchecked.

    Raises:
        ModelError: the file cannot be read, is too long, or holds no JSON object.
    """
    return read_object(folder / CONFIG, LONGEST_CONFIG)


def parse_config(values: dict[str, Any], name: str) -> ModelSpec:
    """The spec in the entries of a config.json; `name` is what errors call the file.

    Raises:
        ModelError: as `read_config`.
    """
    _check_family(values, name)
    _check_options(values, name)
    sizes = {
        field: _whole(values.get(key, _DEFAULTS.get(key, _ABSENT)), key, low, high, name)
        for field, key, low, high in _SIZES
    }
    spec = ModelSpec(**sizes, activation=_activation(values, name), norm_eps=_eps(values, name))
    if spec.width % spec.heads:
        raise ModelError(
            f"{name}: hidden_size must be a multiple of num_attention_heads; "
            f"found {spec.width} and {spec.heads}."
        )
    return spec


def _check_family(values: dict[str, Any], name: str) -> None:
    family = values.get("model_type")
    if family == "bert":
        return
    if isinstance(family, str):
        known = _FAMILIES.get(family, f"a {brief(family)}")
        raise ModelError(f"{name}: this is {known} model; this program opens BERT.")
    if family is not None:
        raise ModelError(f'{name}: model_type must be "bert"; found {brief(family)}.')
    # Configurations older than model_type name the class at most.
    classes = values.get("architectures")
    first = classes[0] if isinstance(classes, list) and classes else "Bert"
    if not (isinstance(first, str) and first.startswith("Bert")):
        raise ModelError(
            f"{name}: this is a model of the class {brief(first)}; this program opens BERT."
        )


def _check_options(values: dict[str, Any], name: str) -> None:
    for key, plain, meaning in (
        ("position_embedding_type", "absolute", "BERT's positions are absolute"),
        ("is_decoder", False, "BERT is an encoder"),
        ("add_cross_attention", False, "BERT has no cross attention"),
        ("quantization_config", None, "quantised weights cannot be opened"),
    ):
        value = values.get(key)
        if value is not None and value is not plain and value != plain:
            raise ModelError(f"{name}: {key} is {brief(value)}; {meaning}.")


def _whole(value: object, key: str, low: int, high: int, name: str) -> int:
    if value is _ABSENT:
        raise ModelError(f"{name}: {key} is missing; every BERT has it.")
    if type(value) is not int or not low <= value <= high:
        raise ModelError(
            f"{name}: {key} must be a whole number from {low} to {high}; found {brief(value)}."
        )
    return value


def _activation(values: dict[str, Any], name: str) -> str:
    value = values.get("hidden_act", "gelu")
    if not (isinstance(value, str) and value in _ACTIVATIONS):
        raise ModelError(
            f"{name}: hidden_act {brief(value)} is not known; "
            f"this program has {', '.join(_ACTIVATIONS)}."
        )
    return _ACTIVATIONS[value]


def _eps(values: dict[str, Any], name: str) -> float:
    value = values.get("layer_norm_eps", 1e-12)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ModelError(
            f"{name}: layer_norm_eps must be a number from 0 to 1; found {brief(value)}."
        )
    return float(value)
