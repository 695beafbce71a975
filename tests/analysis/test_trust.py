"""What may be wrong with a model that opened is found, and nothing is said of a sound one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bertviz_app.analysis.trust import UNIFORM, doubts, in_order, parts
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.origin import Origin, TensorRead
from bertviz_app.core.trace import Trace
from tests import synthetic


def tensor(parameter: str, **changes: Any) -> TensorRead:
    plain = TensorRead(f"bert.{parameter}", "F32", (4, 3), parameter, None, 1.5, 0, False)
    return replace(plain, **changes)


def model(*tensors: TensorRead, **changes: Any) -> ModelFacts:
    """A model of these tensors, with changes."""
    return replace(synthetic.model_facts(), **{"origin": Origin(tensors=tensors), **changes})


def run(**changes: Any) -> Trace:
    """A run of it, with changes."""
    encoding = synthetic.encoding(synthetic.sentence(8))
    return replace(synthetic.trace(encoding, synthetic.model_facts()), **changes)


def test_of_a_sound_model_nothing_is_said() -> None:
    sound = model(tensor("embeddings.token.weight"), tensor("layers.0.attention.norm.bias"))
    assert doubts(sound, run(uniform=False)) == ()
    assert doubts(sound, None) == ()


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            model(*(tensor(f"layers.{n}.attention.output.weight", broken=5) for n in range(4))),
            "20 weights are not numbers, in bert.layers.0.attention.output.weight, "
            "bert.layers.1.attention.output.weight, bert.layers.2.attention.output.weight and 1 "
            "more; nothing that is computed with it means anything.",
        ),
        (
            model(tensor("embeddings.token.weight", constant=True, norm=0.0)),
            "Only zeros stand in bert.embeddings.token.weight; it was never learned, or not saved.",
        ),
        (
            model(tensor("embeddings.token.weight", constant=True)),
            "One and the same number stands everywhere in bert.embeddings.token.weight;",
        ),
        (
            model(origin=Origin(config=(("tie_word_embeddings", "false"),))),
            "config.json says that the decoder of the word-prediction head is its own",
        ),
        (
            model(vocabulary=(*synthetic.vocabulary(64), *[""] * 128)),
            "The vocabulary ends after 64 of the model's 192 rows",
        ),
        (model(mask_token=""), "The vocabulary has no [MASK]"),
    ],
)
def test_what_is_wrong_is_said(facts: ModelFacts, said: str) -> None:
    (doubt,) = doubts(facts, None)
    assert doubt.startswith(said)


def test_a_run_whose_heads_are_all_alike_is_said() -> None:
    assert doubts(model(), run(uniform=True)) == (UNIFORM,)


def test_files_that_were_changed_are_named() -> None:
    (doubt,) = doubts(model(), None, (Path("m/config.json"),))
    assert doubt == "config.json was changed or removed on disk since the model was read."
    (doubt,) = doubts(model(), None, (Path("m/config.json"), Path("m/a\x00.bin")))
    assert doubt.startswith("config.json, a␀.bin were changed or removed on disk")


@pytest.mark.parametrize(
    "harmless",
    [
        tensor("layers.0.attention.norm.bias", shape=(4,), constant=True, norm=0.0),
        tensor("layers.0.attention.norm.weight", shape=(4,), constant=True),
    ],
)
def test_a_bias_that_stayed_zero_is_no_fault(harmless: TensorRead) -> None:
    assert doubts(model(harmless), None) == ()


def test_rows_that_only_fill_the_table_up_are_no_fault() -> None:
    assert doubts(model(vocabulary=(*synthetic.vocabulary(64), *[""] * 127)), None) == ()


def test_parts_add_up_to_the_parameters() -> None:
    tensors = (
        tensor("embeddings.token.weight"),
        tensor("layers.0.attention.query_key_value.weight"),
        tensor("layers.11.feed_forward.expand.bias"),
        tensor("layers.11.attention.norm.bias"),
        tensor("mlm.decoder.weight"),
        tensor("nsp.weight", shape=(2, 3)),
    )
    counts = dict(parts(model(*tensors, tied=True)))
    assert counts == {
        "token embeddings": 12,
        "attention": 24,
        "feed-forward": 12,
        "next-sentence head": 6,
    }
    assert dict(parts(model(*tensors)))["word-prediction head"] == 12
    assert parts(model()) == ()


def test_tensors_stand_in_the_order_of_the_numbers() -> None:
    names = [
        "mlm.dense.weight",
        "layers.10.attention.output.weight",
        "layers.2.feed_forward.norm.bias",
        "layers.2.feed_forward.norm.weight",
        "layers.2.feed_forward.expand.weight",
        "layers.2.attention.output.weight",
        "pooler.weight",
        "embeddings.token.weight",
    ]
    found = [one.parameter for one in in_order([tensor(name) for name in names])]
    assert found == [
        "embeddings.token.weight",
        "layers.2.attention.output.weight",
        "layers.2.feed_forward.expand.weight",
        "layers.2.feed_forward.norm.weight",
        "layers.2.feed_forward.norm.bias",
        "layers.10.attention.output.weight",
        "pooler.weight",
        "mlm.dense.weight",
    ]
