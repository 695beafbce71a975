"""Which words raise the logit of a word at a blank, and by how much? Three ways to ask.

All three speak of the sum of the embeddings before its LayerNorm, and of the logit before the
softmax. A contribution is positive where it raises the logit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar

from bertviz_app.core.jobs import Question
from bertviz_app.core.request import Interventions, Request


class Baseline(Enum):
    """What stands in place of every typed piece where the path of integrated gradients begins."""

    MASK = "[MASK]"
    PAD = "[PAD]"
    ZERO = "zero"


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one token (or, where whole words are masked, one word of several) gives the logit."""

    tokens: tuple[int, ...]
    value: float


@dataclass(frozen=True, slots=True)
class AttributionAnswer:
    """The contributions, in the order of the text; with `against`, every number is a difference.

    Attributes:
        contributions: those known so far; while an integral is under way, the sum over the steps
            done.
        logit: of the word, as the text stands.
        whole: what the contributions are held against: the logit less that of the baseline for
            integrated gradients, which add up to it; the logit itself for the other two, which
            need not.
    """

    contributions: tuple[Contribution, ...]
    logit: float
    whole: float

    @property
    def together(self) -> float:
        """The sum of the contributions."""
        return sum(contribution.value for contribution in self.contributions)

    @property
    def gap(self) -> float:
        """What the contributions leave unexplained of `whole`."""
        return self.whole - self.together


@dataclass(frozen=True, slots=True)
class Attribution(Question[AttributionAnswer]):
    """The base of the three; the changes of the request hold in every run.

    Attributes:
        request: the text and the changes.
        position: the token whose logit is explained.
        word: its vocabulary id.
        against: other changes; what each token gives under them is taken off.
    """

    request: Request
    position: int
    word: int
    against: Interventions | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class GradientTimesInput(Attribution):
    """The gradient of the logit times the token's own embedding, added up over its W numbers.

    The gradient is that for the sum. Times the sum itself it is 0 for every token, because the
    LayerNorm that follows takes no notice of the length of a vector.

    Source: Shrikumar et al. 2016, Not Just a Black Box.
    """

    task: ClassVar[str] = "Gradient × input"


@dataclass(frozen=True, slots=True)
class IntegratedGradients(Attribution):
    """The gradient averaged on the straight path from a baseline, times the way.

    The points are those of Gauss and Legendre; special tokens that were added stay as they are in
    the baseline, and so do segments and positions.

    Source: Sundararajan et al. 2017, Axiomatic Attribution for Deep Networks.
    """

    baseline: Baseline = Baseline.MASK
    steps: int = 32

    task: ClassVar[str] = "Integrated gradients"


@dataclass(frozen=True, slots=True)
class Occlusion(Attribution):
    """Each word masked in turn, all its pieces at once: the logit without it is lower by this."""

    task: ClassVar[str] = "Occlusion"
