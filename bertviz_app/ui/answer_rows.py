"""The rows of Answer as plain values: a word, what is left out, and the names of the columns."""

from __future__ import annotations

from dataclasses import dataclass

from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.core.trace import Candidate
from bertviz_app.ui import numbers


@dataclass(frozen=True, slots=True)
class WordRow:
    """One word of the list.

    Attributes:
        candidate: the word in the run that is shown.
        before: the same word in the run as is, while another one is shown.
        of: V, the number of words it is ranked among.
        followed: it is the word in question.
        hidden: it is the word that stood here before it was hidden.
        first: no word of the list is more probable.
        apart: words that are not in the list are more probable.
        what_if: its probability at the temperature of the what-if column, if there is one.
    """

    candidate: Candidate
    before: Candidate | None
    of: int
    what_if: float | None = None
    followed: bool = False
    hidden: bool = False
    first: bool = False
    apart: bool = False

    choosable = True

    @property
    def difference(self) -> float | None:
        """Probability changed minus as is."""
        return None if self.before is None else self.candidate.probability - self.before.probability

    @property
    def spoken(self) -> str:
        """The readout of this word."""
        word, found = isolated(visible(self.candidate.token)), self.candidate
        text = (
            f"{word}: probability {numbers.weight(found.probability)}, "
            f"logit {numbers.signed(found.logit)}, "
            f"{numbers.ordinal(found.rank)} of {numbers.count(self.of)}"
        )
        if self.before is not None:
            text += f" (as is {numbers.weight(self.before.probability)})"
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

    @property
    def difference(self) -> float | None:
        """Changed minus as is."""
        return None if self.before is None else self.probability - self.before

    @property
    def spoken(self) -> str:
        """The row in words."""
        text = f"not in this list {numbers.weight(self.probability)}"
        return text if self.before is None else f"{text} (as is {numbers.weight(self.before)})"


@dataclass(frozen=True, slots=True)
class HeadRow:
    """The names of the columns."""

    compared: bool
    temperature: float = 1.0

    choosable = False

    @property
    def spoken(self) -> str:
        """The row in words."""
        what_if = f", at {self.temperature:g}" if self.temperature != 1 else ""
        return f"word, probability{what_if}, logit" + (", difference" if self.compared else "")
