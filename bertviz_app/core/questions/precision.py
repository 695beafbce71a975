"""How far are the numbers of this device and precision from those of float32 on the processor?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bertviz_app.core.jobs import Question
from bertviz_app.core.request import Head, Request


@dataclass(frozen=True, slots=True)
class BlankCompared:
    """What becomes of the best words at one blank.

    Attributes:
        position: the blank.
        same: how many of the best words of one list are in the other.
        listed: how many words each list has.
        words: the best word here, and the best one in float32.
        probability: the largest difference of a probability of the words in both lists.
    """

    position: int
    same: int
    listed: int
    words: tuple[str, str]
    probability: float


@dataclass(frozen=True, slots=True)
class PrecisionAnswer:
    """One text read in both ways.

    Attributes:
        largest: the largest difference of an attention weight; `head` is the head it is in.
        mean: the mean of those differences.
        hidden: the largest difference of a number of a hidden state.
        blanks: what becomes of the best words, blank by blank.
        seconds: of one forward here, and of one in float32.
        reading: seconds it took to read the weights again, which are not kept.
    """

    largest: float
    head: Head
    mean: float
    hidden: float
    blanks: tuple[BlankCompared, ...]
    seconds: tuple[float, float]
    reading: float


@dataclass(frozen=True, slots=True)
class PrecisionCheck(Question[PrecisionAnswer | None]):
    """What does reading this text in float32 on the processor change? None until it is read."""

    request: Request

    task: ClassVar[str] = "Comparison with float32"
