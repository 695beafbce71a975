"""How probable are these words in a blank, each as the pieces that BERT reads it in?"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import ClassVar

from bertviz_app.core.jobs import Question
from bertviz_app.core.request import Request

LIMIT = 8
"""Words that are asked about at a time."""


def words_in(line: str) -> tuple[str, ...]:
    """The words of a line, parted by spaces or commas, each once; the first eight."""
    words = (word for word in re.split(r"[\s,]+", line) if word)
    return tuple(dict.fromkeys(words))[:LIMIT]


@dataclass(frozen=True, slots=True)
class Scored:
    """One word in the blank.

    Attributes:
        word: as it was asked.
        ids: the pieces BERT reads it in.
        unknown: no piece of the vocabulary fits it, or some of it: BERT reads [UNK].
        logs: for each run the natural logarithm of the probability of each piece, with the
            others hidden; none for a single piece, which is in the logits of the blank, and none
            where the text has no room for all of them.
    """

    word: str
    ids: tuple[int, ...]
    unknown: bool = False
    logs: tuple[tuple[float, ...], ...] = ()

    @property
    def waits(self) -> bool:
        """Whether it needs a run of its own that has not been yet."""
        return len(self.ids) > 1 and not self.unknown and not self.logs

    def log_probability(self, run: int) -> float:
        """The sum over the pieces, in nats. Source: Salazar et al. 2020."""
        return math.fsum(self.logs[run])


@dataclass(frozen=True, slots=True)
class WhatAboutAnswer:
    """The words that were asked about, in their order, as far as they are scored."""

    scores: tuple[Scored, ...] = ()


@dataclass(frozen=True, slots=True)
class WhatAbout(Question[WhatAboutAnswer]):
    """Words for the [MASK] at `position` of one text, in each of its runs."""

    requests: tuple[Request, ...]
    position: int
    words: tuple[str, ...]

    task: ClassVar[str] = "What about"
