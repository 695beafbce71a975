"""How much could flow from each token of a layer down to each token that was read?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from bertviz_app.core.jobs import Question
from bertviz_app.core.request import Request
from bertviz_app.core.trace import Array


@dataclass(frozen=True, eq=False)
class Flows:
    """The flows found so far (T, T), row = token of the layer, column = token that was read.

    Those not yet found are 0. A flow is between 0 and 1.
    """

    flow: Array = field(repr=False)


@dataclass(frozen=True, slots=True)
class AttentionFlow(Question[Flows]):
    """Attention flow from a layer, counted from 0, as the changes of the request have it.

    Source: Abnar & Zuidema 2020, Quantifying Attention Flow in Transformers.
    """

    request: Request
    layer: int

    task: ClassVar[str] = "Flow"
