"""Every token is hidden in turn; the guesses are those of a text with [MASK] typed there."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from bertviz_app.bert.network import Bert
from bertviz_app.core.errors import BertVizError
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.every_position import EveryPosition, EveryPositionAnswer
from bertviz_app.core.request import Capture, Interventions, Request
from bertviz_app.core.spec import ModelSpec
from bertviz_app.inference.engine import Engine
from bertviz_app.inference.load import load_engine
from bertviz_app.inference.surprise import slice_texts
from tests.fixtures.tiny_models import VOCABULARY, TinyFolder, random_bert, write_vocabulary

WORDS = ["the", "woman", "washed", "[MASK]", "hands", "."]
PAIR = "she is in the cat"
CHANGES = Interventions(
    heads_off={(0, 1)},
    causal=True,
    parts=(1.0, 0.5, 2.0),
    attention={(1, 0, 3): np.full(14, 1 / 14)},
)


@pytest.fixture
def engine(tiny_folder: TinyFolder) -> Engine:
    return load_engine(tiny_folder())


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """The shapes (texts, tokens) that were read."""
    shapes: list[tuple[int, ...]] = []
    last_hidden = Bert.last_hidden

    def noted(network: Bert, ids: Tensor, *others: Any) -> Tensor:
        shapes.append(tuple(ids.shape))
        return last_hidden(network, ids, *others)

    monkeypatch.setattr(Bert, "last_hidden", noted)
    return shapes


def reports(engine: Engine, request: Request) -> list[JobReport]:
    return list(engine.job(EveryPosition(request)))


def answer(engine: Engine, request: Request) -> EveryPositionAnswer:
    return reports(engine, request)[-1].answer


def bits(logits: Any, word: int) -> float:  # noqa: ANN401
    exact = logits.astype(np.float64)
    return float(np.log(np.exp(exact).sum()) - exact[word]) / math.log(2)


@pytest.mark.parametrize("changes", [Interventions(), CHANGES], ids=["as is", "changed"])
def test_guesses_are_those_of_a_text_with_the_word_hidden(
    engine: Engine, changes: Interventions
) -> None:
    found = answer(engine, Request(" ".join(WORDS), PAIR, changes))
    hidden_places = [place for place in range(len(WORDS)) if WORDS[place] != "[MASK]"]
    for guess, place in zip(found.guesses, hidden_places, strict=False):
        hidden = [*WORDS[:place], "[MASK]", *WORDS[place + 1 :]]
        asked = Request(" ".join(hidden), PAIR, changes, Capture(logits_at=(place + 1,)))
        trace = engine(asked)
        assert trace.logits_at is not None
        assert guess.position == place + 1
        word = VOCABULARY.index(WORDS[place])
        assert guess.surprise == pytest.approx(bits(trace.logits_at[0], word), abs=1e-4)
        best = np.argsort(-trace.logits_at[0])[:5].tolist()
        assert [candidate.id for candidate in guess.hidden_best] == best


def test_what_bert_says_with_the_word_left_in_stands_beside_it(engine: Engine) -> None:
    asked = Request(" ".join(WORDS), capture=Capture(logits_at=(1, 5)))
    trace = engine(asked)
    guesses = {guess.position: guess for guess in answer(engine, asked).guesses}
    assert trace.logits_at is not None
    for position, logits in zip((1, 5), trace.logits_at, strict=True):
        word = trace.encoding.ids[position]
        assert guesses[position].left_in == pytest.approx(bits(logits, word), abs=1e-4)
        best = np.argsort(-logits)[:5].tolist()
        assert [candidate.id for candidate in guesses[position].seen_best] == best


def test_added_tokens_and_masks_are_not_guessed(engine: Engine) -> None:
    found = answer(engine, Request(" ".join(WORDS), "she [SEP] is"))
    positions = [guess.position for guess in found.guesses]
    assert found.tokens[7] == found.tokens[9] == found.tokens[11] == "[SEP]"
    assert positions == [1, 2, 3, 5, 6, 8, 9, 10]


def test_each_report_comes_after_one_forward_and_the_last_is_complete(
    engine: Engine, read: list[tuple[int, ...]]
) -> None:
    request = Request("the woman washed her hands " * 8)
    T = 42
    steps = []
    for report in engine.job(EveryPosition(request)):
        steps.append((report.done, len(report.answer.guesses), len(read)))
        assert report.total == 40
        assert report.finished == (report.done == 40)
    assert steps == [(0, 0, 1), (12, 12, 2), (24, 24, 3), (36, 36, 4), (40, 40, 5)]
    assert read == [(1, T), (12, T), (12, T), (12, T), (4, T)]


def test_a_text_without_words_is_finished_at_once(engine: Engine) -> None:
    for text in ("", "[MASK]"):
        (report,) = reports(engine, Request(text))
        assert report.finished
        assert report.answer.mean_surprise == 0


def test_a_slice_is_bounded_in_tokens_and_in_bytes() -> None:
    spec = ModelSpec(12, 12, 768, 3072, 30522, 512)
    assert [slice_texts(spec, tokens) for tokens in (3, 16, 100, 512)] == [170, 32, 5, 1]
    many_heads = ModelSpec(48, 64, 4096, 16384, 30522, 512)
    assert [slice_texts(many_heads, tokens) for tokens in (128, 512)] == [4, 1]
    many_words = ModelSpec(1, 1, 8, 8, 2_000_000, 512)
    assert slice_texts(many_words, 3) == 11


def test_nothing_of_torch_is_changed_between_slices(engine: Engine) -> None:
    job = engine.job(EveryPosition(Request(" ".join(WORDS))))
    next(job)
    assert torch.is_grad_enabled()
    assert not torch.is_inference_mode_enabled()
    job.close()


def test_changes_that_do_not_exist_are_named(engine: Engine) -> None:
    off = Interventions(heads_off={(7, 0)})
    with pytest.raises(ValueError, match=r"heads_off \(7, 0\)"):
        reports(engine, Request("the woman", interventions=off))


def test_a_model_that_cannot_fill_a_blank_says_why(tmp_path: Path, tiny_folder: TinyFolder) -> None:
    config: dict[str, object] = {
        "num_hidden_layers": 1,
        "num_attention_heads": 1,
        "hidden_size": 4,
        "intermediate_size": 4,
        "vocab_size": len(VOCABULARY),
    }
    random_bert(config).bert.save_pretrained(tmp_path)
    write_vocabulary(tmp_path, VOCABULARY)
    with pytest.raises(BertVizError, match="no word-prediction head"):
        reports(load_engine(tmp_path), Request("the woman"))
    vocabulary = ["[unused]" if piece == "[MASK]" else piece for piece in VOCABULARY]
    with pytest.raises(BertVizError, match="no mask token"):
        reports(load_engine(tiny_folder(vocabulary=vocabulary)), Request("the woman"))


def test_running_out_of_memory_is_said_in_words(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Bert, "last_hidden", lambda *_: torch.empty(2**55))
    with pytest.raises(BertVizError, match="not enough memory"):
        reports(engine, Request("the woman"))


def test_a_comparison_adds_the_surprise_under_other_changes(engine: Engine) -> None:
    text, off = " ".join(WORDS), Interventions(heads_off={(0, 0)})
    changed, as_is = (
        list(engine.job(EveryPosition(Request(text, "", changes))))[-1].answer.guesses
        for changes in (off, Interventions())
    )
    question = EveryPosition(Request(text, "", off), against=Interventions())
    both = list(engine.job(question))[-1].answer.guesses
    assert [replace(guess, without=None) for guess in both] == list(changed)
    assert [guess.without for guess in both] == [guess.surprise for guess in as_is]
    assert any(abs(guess.drawn) > 1e-3 for guess in both)
