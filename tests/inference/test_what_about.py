"""Words in a blank: cut as the tokenizer cuts them, scored as a text with as many masks typed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from bertviz_app.bert.network import Bert
from bertviz_app.core.questions.what_about import LIMIT, Scored, WhatAbout, words_in
from bertviz_app.core.request import Interventions, Request
from bertviz_app.inference.engine import Engine
from bertviz_app.inference.load import load_engine
from tests.fixtures.tiny_models import VOCABULARY, TinyFolder

TEXT = "the woman [MASK] her [MASK] ."
CHANGES = Interventions(heads_off={(0, 1)}, causal=True)
WORDS = ("washed", "unhappi", "hated", "unhappiness", "😀")


@pytest.fixture
def engine(tiny_folder: TinyFolder) -> Engine:
    return load_engine(tiny_folder())


def scored(
    engine: Engine,
    *words: str,
    text: str = TEXT,
    pair: str = "",
    position: int = 3,
    runs: tuple[Interventions, ...] = (Interventions(),),
) -> dict[str, Scored]:
    requests = tuple(Request(text, pair, run) for run in runs)
    reports = list(engine.job(WhatAbout(requests, position, words)))
    assert reports[-1].finished
    return {score.word: score for score in reports[-1].answer.scores}


def logs_of(engine: Engine, request: Request, masks: slice) -> Any:  # noqa: ANN401
    """Log probabilities (k, V) at some masks of a text, in float64."""
    trace = engine(request)
    assert trace.mask_logits is not None
    exact = trace.mask_logits[masks].astype(np.float64)
    return exact - np.log(np.exp(exact).sum(-1, keepdims=True))


@pytest.mark.parametrize("run", [Interventions(), CHANGES], ids=["as is", "changed"])
@pytest.mark.parametrize(
    ("word", "pieces"),
    [("unhappiness", ("un", "##ha", "##pp", "##iness")), ("hated", ("h", "##a", "##t", "##ed"))],
)
def test_pieces_are_scored_as_in_a_text_with_as_many_masks_typed(
    engine: Engine, word: str, pieces: tuple[str, ...], run: Interventions
) -> None:
    score = scored(engine, word, runs=(Interventions(), run))[word]
    assert [VOCABULARY[number] for number in score.ids] == list(pieces)
    typed = TEXT.replace("[MASK]", "[MASK]" * len(pieces), 1)
    logs = logs_of(engine, Request(typed, "", run), slice(0, len(pieces)))
    expected = [logs[row, number] for row, number in enumerate(score.ids)]
    assert score.logs[1] == pytest.approx(expected, abs=1e-5)
    assert score.log_probability(1) == pytest.approx(sum(expected), abs=1e-5)


def test_a_blank_of_the_second_sentence_keeps_the_first(engine: Engine) -> None:
    pair = "the [MASK] sat ."
    score = scored(engine, "hatted", text="she sat .", pair=pair, position=6)["hatted"]
    typed = pair.replace("[MASK]", "[MASK]" * len(score.ids))
    logs = logs_of(engine, Request("she sat .", typed), slice(None))
    assert score.logs[0] == pytest.approx([logs[at, n] for at, n in enumerate(score.ids)], abs=1e-5)


def test_one_piece_costs_no_run_and_each_number_of_pieces_costs_one(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes: list[tuple[int, ...]] = []
    last_hidden = Bert.last_hidden

    def noted(network: Bert, ids: Tensor, *others: Any) -> Tensor:
        shapes.append(tuple(ids.shape))
        return last_hidden(network, ids, *others)

    monkeypatch.setattr(Bert, "last_hidden", noted)
    found = scored(engine, "Washed", "her")
    assert [len(score.ids) for score in found.values()] == [1, 1]
    assert shapes == []
    scored(engine, *WORDS, "hands", "unhappiest", "cated", runs=(Interventions(), CHANGES))
    tokens = len(engine(Request(TEXT)).encoding)
    assert all(texts == 2 for texts, _ in shapes)
    assert len(shapes) == len({size for _, size in shapes}) > 1
    assert min(size for _, size in shapes) > tokens


def test_a_word_without_pieces_is_unknown(engine: Engine) -> None:
    found = scored(engine, "😀", "cat")
    assert found["😀"].unknown
    assert found["😀"].logs == ()
    assert not found["cat"].unknown


def test_where_the_text_has_no_room_for_the_pieces_there_is_no_score(engine: Engine) -> None:
    room = engine.facts.spec.positions - 2
    full = "[MASK] " + "cat " * (room - 1)
    score = scored(engine, "unhappiness", text=full, position=1)["unhappiness"]
    assert len(score.logs[0]) == 4  # the end of the text gives way
    at_the_end = "cat " * (room - 1) + "[MASK]"
    score = scored(engine, "unhappiness", text=at_the_end, position=room)["unhappiness"]
    assert score.logs == ()


def test_changes_that_name_tokens_are_left_out_of_a_longer_text(engine: Engine) -> None:
    tokens = len(engine(Request(TEXT)).encoding)
    row = Interventions(attention={(0, 0, 1): np.full(tokens, 1 / tokens)}, heads_off={(0, 1)})
    found = scored(engine, "unhappiness", runs=(row,))["unhappiness"]
    without = scored(engine, "unhappiness", runs=(Interventions(heads_off={(0, 1)}),))
    assert found.logs == without["unhappiness"].logs


def test_a_position_without_a_blank_is_named(engine: Engine) -> None:
    with pytest.raises(ValueError, match="position 2"):
        scored(engine, "cat", position=2)


def test_numbers_that_are_none_stay_so(engine: Engine) -> None:
    network = engine._model.network  # noqa: SLF001
    assert network.mlm is not None
    with torch.no_grad():
        network.mlm.norm.bias.fill_(torch.nan)
    assert np.isnan(scored(engine, "unhappiness")["unhappiness"].log_probability(0))


@given(st.text())
def test_words_are_what_stands_between_spaces_and_commas(line: str) -> None:
    words = words_in(line)
    assert len(words) == len(set(words)) <= LIMIT
    assert all(
        word and not any(letter.isspace() or letter == "," for letter in word) for word in words
    )
    assert words_in(" ".join(words)) == words_in(",".join(words)) == words


def test_the_first_eight_words_count() -> None:
    assert words_in("were, was  were,our") == ("were", "was", "our")
    assert words_in("a b c d e f g h i j") == tuple("abcdefgh")
