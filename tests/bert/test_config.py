"""A config.json becomes a spec or one sentence, and nothing is allocated on its word."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertviz_app.bert.config import LONGEST_CONFIG, parse_config, read_config
from bertviz_app.bert.files import parse_object
from bertviz_app.core.errors import ModelError
from bertviz_app.core.spec import ModelSpec

GOOD: dict[str, Any] = {
    "model_type": "bert",
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "hidden_size": 8,
    "intermediate_size": 20,
    "vocab_size": 30,
    "max_position_embeddings": 16,
    "type_vocab_size": 2,
    "hidden_act": "gelu",
    "layer_norm_eps": 1e-12,
}
SIZES = [key for key, value in GOOD.items() if type(value) is int]


def without(key: str) -> dict[str, Any]:
    """A good configuration that lacks one entry."""
    return {name: value for name, value in GOOD.items() if name != key}


def test_sizes_and_options_become_a_spec() -> None:
    spec = parse_config(GOOD, "config.json")
    assert spec == ModelSpec(3, 4, 8, 20, 30, 16, 2, "gelu", 1e-12)


def test_what_old_configurations_leave_out_has_berts_value() -> None:
    values = {key: value for key, value in GOOD.items() if key in SIZES}
    assert parse_config(values, "config.json") == parse_config(GOOD, "config.json")
    assert parse_config(without("type_vocab_size"), "config.json").segments == 2


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("gelu", "gelu"),
        ("gelu_python", "gelu"),
        ("gelu_new", "gelu_tanh"),
        ("gelu_fast", "gelu_tanh"),
        ("gelu_accurate", "gelu_tanh"),
        ("gelu_python_tanh", "gelu_tanh"),
        ("gelu_pytorch_tanh", "gelu_tanh"),
        ("relu", "relu"),
    ],
)
def test_every_activation_computes_what_transformers_computes(theirs: str, ours: str) -> None:
    import torch
    from transformers.activations import get_activation

    from bertviz_app.bert.linear import activate

    assert parse_config({**GOOD, "hidden_act": theirs}, "config.json").activation == ours
    x = torch.linspace(-6, 6, 1001)
    torch.testing.assert_close(activate(x, ours), get_activation(theirs)(x), atol=1e-6, rtol=0)


@pytest.mark.parametrize("key", SIZES)
@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('"768"', '"768"'),
        ("768.0", "768.0"),
        ("true", "true"),
        ("null", "null"),
        ("NaN", "NaN"),
        ("1e400", "Infinity"),
        ("-5", "-5"),
        ("0", "0"),
        ("1000000000000", "1000000000000"),
        ("[8]", "a list […]"),
        ("9" * 3000, "9" * 39 + "…"),
    ],
)
def test_a_size_that_is_none_is_refused_with_what_is_accepted(
    key: str, written: str, said: str
) -> None:
    raw = json.dumps({**GOOD, key: None}).replace(f'"{key}": null', f'"{key}": {written}')
    with pytest.raises(ModelError) as error:
        parse_config(parse_object(raw.encode(), "m/config.json"), "m/config.json")
    assert error.value.sentence.startswith(f"m/config.json: {key} must be a whole number from ")
    assert error.value.sentence.endswith(f"; found {said}.")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (without("hidden_size"), "hidden_size is missing; every BERT has it."),
        (without("num_attention_heads"), "num_attention_heads is missing; every BERT has it."),
        (
            {**GOOD, "hidden_size": 10},
            "hidden_size must be a multiple of num_attention_heads; found 10 and 4.",
        ),
        (
            {**GOOD, "layer_norm_eps": "1e-12"},
            'layer_norm_eps must be a number from 0 to 1; found "',
        ),
        ({**GOOD, "layer_norm_eps": float("nan")}, "layer_norm_eps must be a number"),
        ({**GOOD, "layer_norm_eps": True}, "layer_norm_eps must be a number"),
        ({**GOOD, "layer_norm_eps": 10**400}, "layer_norm_eps must be a number"),
        ({**GOOD, "model_type": "roberta"}, "this is a RoBERTa model; this program opens BERT."),
        ({**GOOD, "model_type": "albert"}, "this is an ALBERT model; this program opens BERT."),
        ({**GOOD, "model_type": "wild\x1b"}, 'this is a "wild\\u001b" model; this program opens'),
        ({**GOOD, "model_type": ["bert"]}, 'model_type must be "bert"; found a list […].'),
        (
            {**without("model_type"), "architectures": ["GPT2LMHeadModel"]},
            'this is a model of the class "GPT2LMHeadModel"; this program opens BERT.',
        ),
        ({**GOOD, "hidden_act": "silu"}, 'hidden_act "silu" is not known; this program has gelu, '),
        ({**GOOD, "hidden_act": ["gelu"]}, "hidden_act a list […] is not known"),
        (
            {**GOOD, "position_embedding_type": "relative_key"},
            'position_embedding_type is "relative_key"; BERT\'s positions are absolute.',
        ),
        ({**GOOD, "is_decoder": True}, "is_decoder is true; BERT is an encoder."),
        ({**GOOD, "is_decoder": "no"}, 'is_decoder is "no"; BERT is an encoder.'),
        ({**GOOD, "add_cross_attention": True}, "add_cross_attention is true"),
        ({**GOOD, "quantization_config": {"bits": 4}}, "quantised weights cannot be opened"),
    ],
)
def test_what_would_give_other_numbers_is_refused_by_name(
    values: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ModelError) as error:
        parse_config(values, "m/config.json")
    assert sentence in error.value.sentence
    assert error.value.sentence.startswith("m/config.json: ")


def test_plain_values_of_refused_options_are_fine() -> None:
    plain = {"position_embedding_type": "absolute", "is_decoder": False, "auto_map": {"a": "b.C"}}
    assert parse_config({**GOOD, **plain}, "config.json") == parse_config(GOOD, "config.json")
    nothing = dict.fromkeys(("position_embedding_type", "is_decoder", "quantization_config"))
    assert parse_config({**GOOD, **nothing}, "config.json") == parse_config(GOOD, "config.json")


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", "not valid JSON at line 1, column 1"),
        (b'{\n "hidden_size": 8,\n', "not valid JSON at line 3, column 1"),
        (b'{"hidden_size": 8,\n "a" 1}', "not valid JSON at line 2, column 6"),
        (b"<html>", "not valid JSON at line 1, column 1: expecting value."),
        (b'{"a": "b\nc"}', "not valid JSON at line 1, column 9: invalid control character."),
        (b'{"a": "b', "not valid JSON at line 1, column 7: unterminated string."),
        (json.dumps(GOOD).encode("utf-16"), "not UTF-8 text (byte 0)"),
        (b'{"a": "\xff"}', "not UTF-8 text (byte 7)"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"hidden_size": ' + b"1" * 5000 + b"}", "a number far too long"),
        (b'{"hidden_size": 8, "hidden_size": 8}', '"hidden_size" stands there twice'),
        (b"[]", "an object {…} was expected"),
        (b"null", "an object {…} was expected"),
        (b" " * (LONGEST_CONFIG + 1), "longer than 1 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_damaged_file_is_one_sentence_that_names_it(
    raw: bytes, problem: str, tmp_path: Path
) -> None:
    (tmp_path / "config.json").write_bytes(raw)
    with pytest.raises(ModelError) as error:
        read_config(tmp_path)
    assert problem in error.value.sentence
    assert error.value.sentence.startswith(f"{tmp_path.name}/config.json: ")
    assert error.value.sentence.endswith(".")


def test_a_byte_order_mark_is_no_damage(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes(json.dumps(GOOD).encode("utf-8-sig"))
    assert read_config(tmp_path).layers == 3


@pytest.mark.parametrize("kind", ["folder", "pipe", "loop", "nothing", "link to nothing", "device"])
def test_only_a_regular_file_is_opened(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "loop":
            path.symlink_to(path)
        case "link to nothing":
            path.symlink_to(tmp_path / "gone")
        case "device":
            path.symlink_to("/dev/zero")
    reason = r"config\.json: (this is not|could not|there is no|a link to)"
    with pytest.raises(ModelError, match=reason):
        read_config(tmp_path)


def test_a_link_to_a_file_is_opened_as_in_the_caches_of_downloads(tmp_path: Path) -> None:
    (tmp_path / "blob").write_text(json.dumps(GOOD))
    (tmp_path / "config.json").symlink_to(tmp_path / "blob")
    assert read_config(tmp_path).heads == 4


def test_a_name_that_no_terminal_shows_is_written_with_escapes(tmp_path: Path) -> None:
    folder = tmp_path / "a\x1b[31m\nb\udcff"
    folder.mkdir()
    with pytest.raises(ModelError) as error:
        read_config(folder)
    assert error.value.sentence.startswith("a\\x1b[31m\\nb\\udcff/config.json: ")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("bert"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
KEYS = st.sampled_from(
    [*GOOD, "architectures", "is_decoder", "position_embedding_type", "quantization_config"]
)


def refusal(action: Callable[[], object]) -> str:
    """The sentence with which `action` refuses what it was given; empty if it took it."""
    try:
        action()
    except ModelError as error:
        return error.sentence
    return ""


@given(changes=st.dictionaries(KEYS, VALUES, max_size=4), gone=st.sets(KEYS, max_size=2))
def test_any_entries_are_a_spec_or_a_sentence(changes: dict[str, Any], gone: set[str]) -> None:
    values = {key: value for key, value in {**GOOD, **changes}.items() if key not in gone}
    sentence = refusal(lambda: parse_config(values, "config.json"))
    if sentence:
        assert sentence.startswith("config.json: ")
        assert sentence.isprintable()
    else:
        assert all(type(values.get(key, 2)) is int for key in SIZES)
        assert values["hidden_size"] % values["num_attention_heads"] == 0


@given(st.binary(max_size=80) | (st.text(max_size=80) | VALUES.map(json.dumps)).map(str.encode))
def test_any_bytes_are_an_object_or_a_sentence(raw: bytes) -> None:
    sentence = refusal(lambda: parse_object(raw, "config.json"))
    assert sentence.startswith("config.json: ") or isinstance(json.loads(raw), dict)
