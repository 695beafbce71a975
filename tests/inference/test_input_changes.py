"""What tokens are said to stand where: against transformers, and against texts typed that way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from bertviz_app.core.order import position_ids
from bertviz_app.core.questions.every_position import EveryPosition
from bertviz_app.core.request import Interventions, Request
from bertviz_app.core.trace import Trace
from bertviz_app.inference.engine import Engine
from bertviz_app.inference.load import load_engine
from tests.fixtures.tiny_models import TinyFolder

TEXT, PAIR = "the woman washed [MASK] hands", "she is in the cat"


@pytest.fixture
def folder(tiny_folder: TinyFolder) -> Path:
    return tiny_folder()


@pytest.fixture
def engine(folder: Path) -> Engine:
    return load_engine(folder)


def changed(engine: Engine, **changes: Any) -> Trace:
    return engine(Request(TEXT, PAIR, Interventions(**changes)))


@torch.inference_mode()
def assert_transformers_agrees(folder: Path, trace: Trace, **inputs: torch.Tensor) -> None:
    from transformers import BertForPreTraining

    oracle = BertForPreTraining.from_pretrained(folder, attn_implementation="eager").eval()
    segments = torch.tensor([trace.encoding.segments])
    expected = oracle(
        torch.tensor([trace.encoding.ids]),
        **{"token_type_ids": segments, **inputs},
        output_attentions=True,
        output_hidden_states=True,
    )
    for found, of_oracle in (
        (trace.attention, torch.cat(expected.attentions)),
        (trace.hidden, torch.cat(expected.hidden_states)),
        (trace.mask_logits, expected.prediction_logits[0, list(trace.encoding.masks)]),
        (trace.nsp, expected.seq_relationship_logits[0]),
    ):
        np.testing.assert_allclose(found, of_oracle.numpy(), rtol=0, atol=1e-5)


@pytest.mark.parametrize("given", ["reversed", "shuffled", [3] * 13])
def test_positions_are_those_of_transformers(folder: Path, engine: Engine, given: Any) -> None:  # noqa: ANN401
    trace = changed(engine, position_ids=given)
    positions = given if isinstance(given, list) else position_ids(given, trace.encoding)
    assert_transformers_agrees(folder, trace, position_ids=torch.tensor([positions]))


@pytest.mark.parametrize("given", ["all A", "swapped", [1, 0] * 6 + [1]])
def test_segments_are_those_of_transformers(folder: Path, engine: Engine, given: Any) -> None:  # noqa: ANN401
    trace = changed(engine, segment_ids=given)
    own = torch.tensor(trace.encoding.segments)
    rules = {"all A": torch.zeros_like(own), "swapped": 1 - own}
    segments = rules[given] if isinstance(given, str) else torch.tensor(given)
    assert_transformers_agrees(folder, trace, token_type_ids=segments[None])


@pytest.mark.parametrize(
    "change", [{"causal": True}, {"anticausal": True}, {"hidden_keys": {2, 5}}]
)
def test_who_may_look_where_is_a_mask_of_transformers(
    folder: Path, engine: Engine, change: dict[str, Any]
) -> None:
    trace = changed(engine, **change)
    seen = torch.ones(len(trace), len(trace))
    if "causal" in change:
        seen = seen.tril()
    if "anticausal" in change:
        seen = seen.triu()
    seen[:, list(change.get("hidden_keys", ()))] = 0
    hidden = ~(seen.bool() | torch.eye(len(trace)).bool())
    added = torch.zeros(1, 1, *hidden.shape).masked_fill(hidden, torch.finfo().min)
    assert_transformers_agrees(folder, trace, attention_mask=added)


@pytest.mark.parametrize("rule", ["reversed", "shuffled"])
def test_words_said_to_stand_in_another_order_are_read_as_if_typed_so(
    engine: Engine, rule: str
) -> None:
    words = TEXT.split()
    said = engine(Request(TEXT, interventions=Interventions(position_ids=rule)))
    order = position_ids(rule, said.encoding)
    assert order is not None
    typed = [""] * len(words)
    for word, position in zip(words, order[1:-1], strict=True):
        typed[position - 1] = word
    other = engine(Request(" ".join(typed)))
    np.testing.assert_allclose(said.hidden, other.hidden[:, list(order)], rtol=0, atol=1e-5)


def test_without_positions_permuted_words_have_permuted_vectors(engine: Engine) -> None:
    none = Interventions(parts=(1, 1, 0))
    typed, other = (
        engine(Request(text, interventions=none))
        for text in (TEXT, " ".join(reversed(TEXT.split())))
    )
    order = position_ids("reversed", typed.encoding)
    np.testing.assert_allclose(typed.hidden, other.hidden[:, list(order)], rtol=0, atol=1e-5)


def test_the_run_as_is_beside_a_changed_one_is_the_run_as_is(engine: Engine) -> None:
    change = Interventions(
        position_ids="shuffled", segment_ids="swapped", position_table="sinusoidal"
    )
    answer = engine.answer(Request(TEXT, PAIR, change))
    np.testing.assert_allclose(
        answer.as_is.hidden, engine(Request(TEXT, PAIR)).hidden, rtol=0, atol=1e-6
    )
    assert np.abs(answer.as_is.hidden - answer.shown.hidden).max() > 0.1


def test_rules_hold_in_jobs_too(engine: Engine) -> None:
    """Every token is hidden in a text whose words are said to stand in reverse."""
    rule = Interventions(position_ids="reversed")
    words = ["the", "woman", "washed", "her", "hands"]
    said, typed = (
        list(engine.job(EveryPosition(request)))[-1].answer.guesses
        for request in (
            Request(" ".join(words), interventions=rule),
            Request(" ".join(reversed(words))),
        )
    )
    surprises = [guess.surprise for guess in reversed(typed)]
    assert [guess.surprise for guess in said] == pytest.approx(surprises, abs=1e-4)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"position_ids": [0, 1]}, "position_ids: 2 ids"),
        ({"position_ids": [64] * 13}, "position_ids of token 0: 64"),
        ({"segment_ids": [2] * 13}, "segment_ids of token 0: 2"),
        ({"hidden_keys": {13}}, "hidden_keys 13"),
    ],
)
def test_what_a_text_does_not_have_is_named(
    engine: Engine, change: dict[str, Any], name: str
) -> None:
    with pytest.raises(ValueError, match=name):
        changed(engine, **change)
