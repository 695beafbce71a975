"""The arithmetic of one row against the model's own weights and against transformers' layer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from bertviz_app.analysis.arithmetic import LOUD, LayerOutput, WeightRow
from bertviz_app.core.questions.output_stage import OutputStage, OutputStageOf
from bertviz_app.core.request import Capture, Interventions, Request
from bertviz_app.core.trace import Trace
from bertviz_app.inference.engine import Engine
from bertviz_app.inference.load import load_engine
from tests.fixtures.tiny_models import TinyFolder

TEXT, PAIR = "the woman washed [MASK] hands", "she is in the cat"
T = 13
ROW = np.arange(1.0, T + 1) / np.arange(1.0, T + 1).sum()
CHANGES = [
    Interventions(),
    Interventions(causal=True),
    Interventions(anticausal=True, hidden_keys=[4]),
    Interventions(hidden_keys=[3, 4]),
    Interventions(heads_off=[(1, 0)], attention={(1, 1, 4): ROW}),
    Interventions(heads_off=[(1, 1)], attention={(1, 1, 4): ROW}, causal=True),
]


@pytest.fixture(scope="module")
def folder(tiny_folder: TinyFolder) -> Path:
    return tiny_folder(heads=4, seed=3)


@pytest.fixture(scope="module")
def engine(folder: Path) -> Engine:
    return load_engine(folder)


def traced(engine: Engine, changes: Interventions) -> Trace:
    return engine(Request(TEXT, PAIR, changes, Capture(qkv=True)))


def stage_of(engine: Engine, layer: int) -> OutputStage:
    (report,) = engine.job(OutputStageOf(layer))
    assert report.finished
    return report.answer


@pytest.mark.parametrize("changes", CHANGES)
def test_the_weights_of_every_row_are_the_models(engine: Engine, changes: Interventions) -> None:
    trace = traced(engine, changes)
    for head in np.ndindex(2, 4):
        for query in range(T):
            row = WeightRow.of(trace, (head[0], head[1]), query)
            assert row.furthest < LOUD / 4
            assert row.weights.sum() == pytest.approx(1)


@pytest.mark.parametrize("changes", CHANGES)
def test_head_and_layer_come_to_what_the_next_layer_reads(
    folder: Path, engine: Engine, changes: Interventions
) -> None:
    trace, stage = traced(engine, changes), stage_of(engine, 1)
    rest = _rest_of_the_layer(folder, 1)
    for query in range(T):
        for head in range(4):
            output = LayerOutput.of(trace, (1, head), query, stage)
            reached = rest(output.normed)
            np.testing.assert_allclose(reached, trace.hidden[2][query], rtol=0, atol=2e-6)


def test_the_part_of_one_head_is_what_its_silence_takes_away(engine: Engine) -> None:
    head, query, stage = (0, 2), 4, stage_of(engine, 0)
    whole = LayerOutput.of(traced(engine, Interventions()), head, query, stage)
    silent = LayerOutput.of(traced(engine, Interventions(heads_off=[head])), head, query, stage)
    assert not silent.own.any()
    assert whole.own.any()
    np.testing.assert_allclose(whole.summed - silent.summed, whole.own, atol=1e-12)


def test_the_stage_is_a_copy_nobody_can_write(engine: Engine) -> None:
    stage = stage_of(engine, 0)
    assert stage.matrix.shape == (16, 16)
    for array in (stage.matrix, stage.bias, stage.norm_weight, stage.norm_bias):
        assert array.dtype == np.float32
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


@pytest.mark.parametrize("layer", [-1, 2])
def test_a_layer_that_is_not_there_is_named(engine: Engine, layer: int) -> None:
    with pytest.raises(ValueError, match=f"layer {layer}: the model has 2"):
        stage_of(engine, layer)


def test_without_queries_and_keys_there_is_no_arithmetic(engine: Engine) -> None:
    with pytest.raises(ValueError, match="no queries"):
        WeightRow.of(engine(Request(TEXT)), (0, 0), 0)


def _rest_of_the_layer(folder: Path, number: int) -> Any:  # noqa: ANN401
    """What transformers does with a layer's attention output, in float64."""
    from transformers import BertForPreTraining

    oracle = BertForPreTraining.from_pretrained(folder).double().eval()
    layer = oracle.bert.encoder.layer[number]

    def computed(normed: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        with torch.inference_mode():
            x = torch.from_numpy(normed)[None]
            found: np.ndarray[Any, Any] = layer.output(layer.intermediate(x), x)[0].numpy()
            return found

    return computed
