"""One loaded model: what every answer is computed with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bertviz_app.bert.network import Bert
from bertviz_app.core.facts import ModelFacts
from bertviz_app.inference.tokenizer import Tokenizer


@dataclass(frozen=True, eq=False)
class Model:
    """A network, its tokenizer and what is known of both; used by one thread at a time.

    Attributes:
        reread: reads the same weights again, as a plain network on the processor.
    """

    network: Bert = field(repr=False)
    tokenizer: Tokenizer = field(repr=False)
    facts: ModelFacts
    reread: Callable[[], Bert] = field(repr=False)
