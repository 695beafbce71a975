"""A valid folder of a tiny BERT, made without torch: what every hostile one starts from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from bertviz_app.bert import names
from bertviz_app.core.spec import ModelSpec
from tests.fixtures.tiny_models import SPECIAL, VOCABULARY

SPEC = ModelSpec(
    layers=2, heads=2, width=8, feed_forward=12, vocabulary=len(VOCABULARY), positions=16
)

CONFIG: dict[str, Any] = {
    "architectures": ["BertForPreTraining"],
    "attention_probs_dropout_prob": 0.1,
    "hidden_act": "gelu",
    "hidden_dropout_prob": 0.1,
    "hidden_size": SPEC.width,
    "initializer_range": 0.02,
    "intermediate_size": SPEC.feed_forward,
    "layer_norm_eps": 1e-12,
    "max_position_embeddings": SPEC.positions,
    "model_type": "bert",
    "num_attention_heads": SPEC.heads,
    "num_hidden_layers": SPEC.layers,
    "pad_token_id": 0,
    "type_vocab_size": 2,
    "vocab_size": SPEC.vocabulary,
}

SETTINGS: dict[str, Any] = {
    "do_lower_case": True,
    "strip_accents": None,
    "tokenize_chinese_chars": True,
    "tokenizer_class": "BertTokenizer",
    "cls_token": "[CLS]",
    "mask_token": {"content": "[MASK]", "lstrip": False, "normalized": False},
    "added_tokens_decoder": {
        str(number): {"content": token, "normalized": False, "single_word": False, "special": True}
        for number, token in enumerate(SPECIAL)
    },
    "additional_special_tokens": [],
}

TOKENIZER: dict[str, Any] = {
    "version": "1.0",
    "truncation": None,
    "padding": None,
    "added_tokens": [
        {"id": number, "content": token, "special": True, "normalized": False}
        for number, token in enumerate(SPECIAL)
    ],
    "normalizer": {
        "type": "BertNormalizer",
        "clean_text": True,
        "handle_chinese_chars": True,
        "strip_accents": None,
        "lowercase": True,
    },
    "pre_tokenizer": {"type": "BertPreTokenizer"},
    "post_processor": None,
    "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
    "model": {
        "type": "WordPiece",
        "unk_token": "[UNK]",
        "continuing_subword_prefix": "##",
        "max_input_chars_per_word": 100,
        "vocab": {piece: number for number, piece in enumerate(VOCABULARY)},
    },
}

LINES = "".join(f"{piece}\n" for piece in VOCABULARY).encode()


def tensors() -> dict[str, np.ndarray[Any, np.dtype[np.float32]]]:
    """The weights as transformers names them."""
    chance = np.random.default_rng(0)
    return {
        name: chance.normal(size=slot.shape).astype(np.float32)
        for name, slot in names.slots(SPEC).items()
        if name != names.BIAS_OF_DECODER
    }


def header_of(arrays: Mapping[str, np.ndarray[Any, Any]]) -> dict[str, Any]:
    """What stands in front of these tensors in a safetensors file."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, array in arrays.items():
        start, end = end, end + array.nbytes
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [start, end]}
    return header


def safetensors(header: bytes, data: bytes, length: int | None = None) -> bytes:
    """A safetensors file; `length` is what it says of its header, the truth if absent."""
    size = len(header) if length is None else length
    return (size % 2**64).to_bytes(8, "little") + header + data


def write_valid(folder: Path, *leaving: str) -> None:
    """Write the valid folder, except for the files of the names in `leaving`."""
    arrays = tensors()
    data = b"".join(array.tobytes() for array in arrays.values())
    files = {
        "config.json": json.dumps(CONFIG).encode(),
        "vocab.txt": LINES,
        "tokenizer_config.json": json.dumps(SETTINGS).encode(),
        "model.safetensors": safetensors(json.dumps(header_of(arrays)).encode(), data),
    }
    for name, raw in files.items():
        if name not in leaving:
            (folder / name).write_bytes(raw)
