"""What follows the heads of a layer, as arrays."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter
from typing import cast

from torch import Tensor

from bertviz_app.bert.network import Layer
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.output_stage import OutputStage, OutputStageOf
from bertviz_app.core.trace import Array
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
        matrix=_array(attention.output.weight),
        bias=_array(attention.output.bias),
        norm_weight=_array(attention.norm.weight),
        norm_bias=_array(attention.norm.bias),
    )
    yield JobReport(question, 1, 1, stage, perf_counter() - start)


def _array(tensor: Tensor) -> Array:
    """A read-only copy."""
    array: Array = tensor.detach().numpy().copy()
    array.setflags(write=False)
    return array
