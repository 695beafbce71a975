"""Each head silenced alone, the layers below reused: the same as silencing it and reading anew."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from torch import Tensor

from bertviz_app.bert.interventions import BatchInterventions
from bertviz_app.bert.network import Bert
from bertviz_app.core.errors import BertVizError
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.head_sweep import HeadSweep, HeadSweepAnswer
from bertviz_app.core.request import Interventions, Request
from bertviz_app.inference.engine import Engine
from bertviz_app.inference.load import load_engine
from tests.fixtures.tiny_models import VOCABULARY, TinyFolder, random_bert, write_vocabulary

TEXT, PAIR, BLANK = "the woman [MASK] her hands", "she is in", 3
WORD = VOCABULARY.index("washed")
CHANGES = Interventions(
    heads_off={(1, 2)},
    causal=True,
    parts=(1.0, 0.5, 2.0),
    attention={(0, 1, 3): np.full(11, 1 / 11)},
)


@pytest.fixture
def engine(tiny_folder: TinyFolder) -> Engine:
    return load_engine(tiny_folder(layers=3, heads=4))


def bits(engine: Engine, changes: Interventions) -> float:
    """log2 p of the word in question, in float64."""
    trace = engine(Request(TEXT, PAIR, changes))
    assert trace.mask_logits is not None
    logits = trace.mask_logits[0].astype(np.float64)
    return float(logits[WORD] - np.log(np.exp(logits).sum())) / math.log(2)


def reports(engine: Engine, **changed: Any) -> list[JobReport[HeadSweepAnswer]]:
    asked = {"request": Request(TEXT, PAIR), "position": BLANK, "word": WORD} | changed
    return list(engine.job(HeadSweep(**asked)))


@pytest.mark.parametrize("changes", [Interventions(), CHANGES], ids=["as is", "changed"])
def test_it_agrees_with_silencing_one_head_after_the_other(
    engine: Engine, changes: Interventions
) -> None:
    last = reports(engine, request=Request(TEXT, PAIR, changes))[-1]
    assert last.finished
    before = bits(engine, changes)
    assert last.answer.before == pytest.approx(before, abs=1e-5)
    spoke = {(layer, head) for layer in range(3) for head in range(4)} - set(changes.heads_off)
    assert set(last.answer.changes) == spoke
    assert last.total == len(spoke)
    assert any(abs(change) > 1e-3 for change in last.answer.changes.values())
    for (layer, head), change in last.answer.changes.items():
        off = Interventions(
            {*changes.heads_off, (layer, head)}, changes.causal, changes.parts, changes.attention
        )
        assert change == pytest.approx(bits(engine, off) - before, abs=1e-5)


def test_what_differs_by_rounding_is_no_change(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_on = Bert.read_on

    def noisy(network: Bert, x: Tensor, changes: BatchInterventions, **where: int) -> Tensor:
        nothing = BatchInterventions([Interventions()] * len(x), x.shape[1])
        return read_on(network, x, nothing, **where) * (1 + 1e-6)

    monkeypatch.setattr(Bert, "read_on", noisy)
    assert set(reports(engine)[-1].answer.changes.values()) == {0.0}


def test_layers_below_are_not_read_again_and_a_slice_is_bounded(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[int, int]] = []
    read_on = Bert.read_on

    def noted(network: Bert, x: Tensor, changes: BatchInterventions, **where: int) -> Tensor:
        read.append((where["layer"], len(x)))
        return read_on(network, x, changes, **where)

    monkeypatch.setattr(Bert, "read_on", noted)
    monkeypatch.setattr("bertviz_app.inference.head_sweep.slice_texts", lambda *_: 3)
    steps = [
        (report.done, len(read))
        for report in engine.job(HeadSweep(Request(TEXT, PAIR), BLANK, WORD))
    ]
    assert read == [(2, 3), (2, 1), (1, 3), (1, 1), (0, 3), (0, 1)]
    assert steps == [(0, 0), (3, 1), (4, 2), (7, 3), (8, 4), (11, 5), (12, 6)]


def test_a_report_does_not_change_when_the_next_one_comes(engine: Engine) -> None:
    found = reports(engine)
    assert [len(report.answer.changes) for report in found] == [report.done for report in found]


def test_what_does_not_exist_is_named(engine: Engine) -> None:
    with pytest.raises(ValueError, match="position 40"):
        reports(engine, position=40)
    with pytest.raises(ValueError, match=f"word {len(VOCABULARY)}"):
        reports(engine, word=len(VOCABULARY))
    with pytest.raises(ValueError, match=r"heads_off \(7, 0\)"):
        reports(engine, request=Request(TEXT, PAIR, Interventions(heads_off={(7, 0)})))


def test_a_model_that_cannot_fill_a_blank_says_why(tmp_path: Path) -> None:
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
        reports(load_engine(tmp_path))
