"""Which heads matter for a word? Each head silenced alone, one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from bertviz_app.core.jobs import Question
from bertviz_app.core.request import Head, Request


@dataclass(frozen=True, slots=True)
class HeadSweepAnswer:
    """The heads silenced so far, and what each did to the word.

    Attributes:
        before: log2 p of the word, in bits, with the changes of the request and no more.
        changes: log2 p with this head silenced too, minus `before`; negative where the head
            helps the word. A head that is off already has no number.
    """

    before: float
    changes: Mapping[Head, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HeadSweep(Question[HeadSweepAnswer]):
    """What does silencing each head alone do to a word at a token?

    The changes of the request hold in every run. `position` is a token, `word` a vocabulary id.
    """

    request: Request
    position: int
    word: int

    task: ClassVar[str] = "Which heads matter"
