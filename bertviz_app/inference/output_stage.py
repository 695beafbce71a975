"""What follows the heads of a layer, as arrays."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter
from typing import cast

from bertviz_app.bert.network import Layer
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.output_stage import OutputStage, OutputStageOf
from bertviz_app.inference.arrays import kept
from bertviz_app.inference.model import Model


def output_stage(model: Model, question: OutputStageOf) -> Iterator[JobReport[OutputStage]]:
    """The numbers of one layer, in one report.

    Raises:
        ValueError: the model has no such layer.
    """
    start, layers = perf_counter(), model.facts.spec.layers
    if not 0 <= question.layer < layers:
        raise ValueError(f"layer {question.layer}: the model has {layers}, counted from 0")
    attention = cast("Layer", model.network.layers[question.layer]).attention
    stage = OutputStage(
        matrix=kept(attention.output.weight),
        bias=kept(attention.output.bias),
        norm_weight=kept(attention.norm.weight),
        norm_bias=kept(attention.norm.bias),
    )
    yield JobReport(question, 1, 1, stage, perf_counter() - start)
