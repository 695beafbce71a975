"""How do the two heads on top of BERT come from a last hidden state to their logits?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bertviz_app.core.jobs import Question, Vector
from bertviz_app.core.trace import Array


@dataclass(frozen=True, eq=False)
class WordSteps:
    """From a last hidden state to the logit of one word; arrays of W numbers.

    Attributes:
        dense: the state times the weights of the dense layer, plus its bias.
        activated: that through the activation.
        normed: that through LayerNorm.
    """

    dense: Array
    activated: Array
    normed: Array


@dataclass(frozen=True, eq=False)
class ToWordAnswer:
    """The steps of each state, and what they end in: normed · `row` (W,) + `bias` is the logit."""

    steps: tuple[WordSteps, ...]
    row: Array
    bias: float


@dataclass(frozen=True, slots=True)
class ToWord(Question[ToWordAnswer]):
    """The word-prediction head, step by step from last hidden states, for the word with this id."""

    states: tuple[Vector, ...]
    word: int

    task: ClassVar[str] = "To the word"


@dataclass(frozen=True, eq=False)
class PoolerAnswer:
    """What the next-sentence head reads, and what it does with it.

    Attributes:
        pooled: of each state tanh(dense(state)), W numbers.
        weights: (2, W); index 0 is "B follows A".
        biases: (2,); weights · pooled + biases are the logits.
    """

    pooled: tuple[Array, ...]
    weights: Array
    biases: Array


@dataclass(frozen=True, slots=True)
class Pooler(Question[PoolerAnswer]):
    """The next-sentence head, step by step, from the last hidden state of [CLS]."""

    states: tuple[Vector, ...]

    task: ClassVar[str] = "Next sentence"
