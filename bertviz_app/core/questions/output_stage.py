"""What follows the heads of a layer: the matrix that mixes them and the LayerNorm over the sum."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from bertviz_app.core.jobs import Question
from bertviz_app.core.trace import Array


@dataclass(frozen=True, eq=False)
class OutputStage:
    """The learned numbers between the heads of one layer and its feed-forward.

    Attributes:
        matrix: W_O (W, W); row = output, and each head has D columns of its own.
        bias: its bias (W,).
        norm_weight: the factors of the LayerNorm (W,); `norm_bias` is what it adds.
    """

    matrix: Array = field(repr=False)
    bias: Array = field(repr=False)
    norm_weight: Array = field(repr=False)
    norm_bias: Array = field(repr=False)


@dataclass(frozen=True, slots=True)
class OutputStageOf(Question[OutputStage]):
    """Which numbers follow the heads of a layer, counted from 0?"""

    layer: int

    task: ClassVar[str] = "Output matrix"
    about_text: ClassVar[bool] = False
