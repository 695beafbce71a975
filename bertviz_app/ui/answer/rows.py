"""The rows of Answer as plain values: a word, what is left out, and the names of the columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bertviz_app.analysis.difference import change
from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.core.trace import Candidate
from bertviz_app.ui import numbers


class Numbers(Protocol):
    """The numbers of a row; a column it has none for is None."""

    @property
    def probability(self) -> float | None:
        """Over all V words."""

    @property
    def logit(self) -> float | None:
        """Before the softmax."""

    @property
    def difference(self) -> float | None:
        """Probability changed minus as is, while another run is compared."""

    @property
    def what_if(self) -> float | None:
        """The probability at another temperature."""


def spoken_word(
    word: str, found: Candidate, before: Candidate | None, of: int, *, differs: bool
) -> str:
    """How probable a word is among `of` words: in the run that is shown, or what became of it."""
    name, total = isolated(visible(word)), numbers.count(of)
    if before is not None and differs:
        chances, ranks = (
            f"{then} → {now}"
            for then, now in (
                (numbers.weight(before.probability), numbers.weight(found.probability)),
                (numbers.ordinal(before.rank), numbers.ordinal(found.rank)),
            )
        )
        return (
            f"{name}: probability {chances}, "
            f"{numbers.signed(change(found.probability, before.probability))}; "
            f"logit {numbers.signed(change(found.logit, before.logit))}; {ranks} of {total}"
        )
    text = (
        f"{name}: probability {numbers.weight(found.probability)}, "
        f"logit {numbers.signed(found.logit)}, {numbers.ordinal(found.rank)} of {total}"
    )
    return text if before is None else f"{text} (as is {numbers.weight(before.probability)})"


@dataclass(frozen=True, slots=True)
class WordRow:
    """One word of the list.

    Attributes:
        candidate: the word in the run that is shown.
        before: the same word in the run as is, while another one is shown.
        of: V, the number of words it is ranked among.
        followed: it is the word in question.
        hidden: it is the word that stood here before it was hidden.
        first: no word of the list is more probable or, where `differs`, has moved more.
        apart: words that are not in the list are more probable.
        what_if: its probability at the temperature of the what-if column, if there is one.
        differs: the row is of the difference: it stands where else the probability does.
    """

    candidate: Candidate
    before: Candidate | None
    of: int
    what_if: float | None = None
    followed: bool = False
    hidden: bool = False
    first: bool = False
    apart: bool = False
    differs: bool = False

    choosable = True

    @property
    def probability(self) -> float:
        """That of the run that is shown."""
        return self.candidate.probability

    @property
    def logit(self) -> float:
        """That of the run that is shown."""
        return self.candidate.logit

    @property
    def difference(self) -> float | None:
        """Probability changed minus as is."""
        if self.before is None:
            return None
        return change(self.candidate.probability, self.before.probability)

    @property
    def spoken(self) -> str:
        """The readout of this word."""
        found = self.candidate
        text = spoken_word(found.token, found, self.before, self.of, differs=self.differs)
        if self.what_if is not None:
            text += f"; what if: {numbers.weight(self.what_if)}"
        return text + ("; the word you hid" if self.hidden else "")


@dataclass(frozen=True, slots=True)
class RestRow:
    """What all words outside the list hold together."""

    probability: float
    before: float | None
    what_if: float | None = None

    choosable = False
    logit = None

    @property
    def difference(self) -> float | None:
        """Changed minus as is."""
        return None if self.before is None else change(self.probability, self.before)

    @property
    def spoken(self) -> str:
        """The row in words."""
        text = f"not in this list {numbers.weight(self.probability)}"
        return text if self.before is None else f"{text} (as is {numbers.weight(self.before)})"


@dataclass(frozen=True, slots=True)
class ColumnNames:
    """The names of the columns."""

    compared: bool
    temperature: float = 1.0
    differs: bool = False

    choosable = False

    @property
    def names(self) -> tuple[str, str, str, str]:
        """Over the probability, the what-if, the logit and what stands last."""
        what_if = f"at {self.temperature:g}"
        if self.differs:
            return "difference", what_if, "", "changed"
        return "probability", what_if, "logit", "difference"

    @property
    def spoken(self) -> str:
        """The row in words."""
        there = (True, self.temperature != 1, not self.differs, self.compared)
        return ", ".join(
            ["word", *(name for name, is_there in zip(self.names, there, strict=True) if is_there)]
        )
