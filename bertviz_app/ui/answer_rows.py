"""What Answer shows, as plain values: the rows, the words around them, or why there are none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from bertviz_app.analysis.predictions import Distribution
from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import HiddenWord
from bertviz_app.core.trace import Array, Candidate, Trace
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.words import NO_MLM_HEAD, cannot_fill
from bertviz_app.ui.view import shortened, waiting_for

NO_TEXT = "No text yet."
NOTHING_HIDDEN = "Nothing is hidden. Double click a word under the text and BERT will guess it."
NO_NUMBERS = "Every probability here is not a number: the logits hold values that are not numbers."
LISTED = 10
LEFT_IN = 5


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
    """

    candidate: Candidate
    before: Candidate | None
    of: int
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
        return text + ("; the word you hid" if self.hidden else "")


@dataclass(frozen=True, slots=True)
class RestRow:
    """What all words outside the list hold together."""

    probability: float
    before: float | None

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

    choosable = False

    @property
    def spoken(self) -> str:
        """The row in words."""
        return "word, probability, logit" + (", difference" if self.compared else "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything Answer shows of one snapshot.

    Attributes:
        about: what the list is about, beside the title.
        message: a sentence instead of the list, or above it.
        position: the token the list is about.
        masks: the blanks to choose from.
        rows: the words, most probable first.
        rest: the last row, or None with no rows.
        hidden: what stood at the blank before it was hidden.
        fills: a word can be put into the blank.
        offers_bundled: another model would help.
    """

    about: str = ""
    message: str = ""
    position: int | None = None
    masks: tuple[int, ...] = ()
    rows: tuple[WordRow, ...] = ()
    rest: RestRow | None = None
    hidden: HiddenWord | None = None
    fills: bool = False
    offers_bundled: bool = False


class Softmaxes:
    """The softmax at each position that was asked about; it is kept as long as its trace lives."""

    def __init__(self) -> None:
        self._known: WeakKeyDictionary[Trace, dict[int, Distribution]] = WeakKeyDictionary()

    def at(self, trace: Trace, position: int) -> Distribution | None:
        """The distribution at `position`, or None if the trace has no logits there."""
        known = self._known.setdefault(trace, {})
        if position not in known:
            logits = _logits(trace, position)
            if logits is None:
                return None
            known[position] = Distribution(logits)
        return known[position]


def sheet(snapshot: Snapshot, softmaxes: Softmaxes, count: int = LISTED) -> Sheet:
    """What Answer shows of `snapshot`, with at most `count` words and those that are marked."""
    trace, facts = snapshot.trace, snapshot.facts
    waiting = waiting_for(snapshot)
    if facts is not None and (reason := cannot_fill(facts)):
        return Sheet(message=reason, offers_bundled=True)
    if trace is None or facts is None:
        return Sheet(message=waiting or NO_TEXT)
    if waiting:
        return Sheet(message=NO_TEXT)
    if snapshot.blank is None:
        return _left_in(snapshot, trace, facts, softmaxes)
    return _at_blank(snapshot, trace, facts, softmaxes, count)


def _at_blank(
    snapshot: Snapshot, trace: Trace, facts: ModelFacts, softmaxes: Softmaxes, count: int
) -> Sheet:
    blank, masks, other = snapshot.blank, trace.encoding.masks, snapshot.other
    assert blank is not None
    which = f" {masks.index(blank) + 1} of {len(masks)}" if len(masks) > 1 else ""
    hidden = snapshot.hidden_at(blank)
    found = Sheet(
        about=_about(snapshot, f"what is at {visible(facts.mask_token)}{which}?"),
        position=blank,
        masks=masks,
        hidden=hidden,
        fills=True,
    )
    shown = softmaxes.at(trace, blank)
    if shown is None:
        return replace(found, message=NO_MLM_HEAD, offers_bundled=True)
    if not shown.is_number:
        return replace(found, message=NO_NUMBERS)
    compared = other is not None and other is not trace and blank in other.encoding.masks
    before = softmaxes.at(other, blank) if other is not None and compared else None
    piece = hidden.piece if hidden is not None else None
    listing = _Listing(shown, before, facts, snapshot.word, piece)
    rows = listing.rows(count)
    return replace(found, rows=rows, rest=listing.rest(rows))


def _left_in(snapshot: Snapshot, trace: Trace, facts: ModelFacts, softmaxes: Softmaxes) -> Sheet:
    token = snapshot.token
    found = Sheet(message=NOTHING_HIDDEN, about=_about(snapshot, ""))
    shown = softmaxes.at(trace, token) if token is not None else None
    if token is None or shown is None or not shown.is_number:
        return found
    listing = _Listing(shown, None, facts, snapshot.state.selection.word)
    rows = listing.rows(LEFT_IN)[:LEFT_IN]
    piece = isolated(visible(trace.encoding.tokens[token]))
    message = f"{NOTHING_HIDDEN}\n\nAt {piece}, with the word left in:"
    return replace(found, message=message, position=token, rows=rows, rest=listing.rest(rows))


@dataclass(frozen=True)
class _Listing:
    """Both runs at one position, and the words that are marked there."""

    shown: Distribution
    before: Distribution | None
    facts: ModelFacts
    followed: str | None = None
    hidden: str | None = None

    def rows(self, count: int) -> tuple[WordRow, ...]:
        """The `count` best words, then those that are marked but stand lower."""
        best = self.shown.best(count)
        ids = self.facts.ids
        marked = {ids[word] for word in (self.followed, self.hidden) if word in ids}
        apart = sorted(marked - set(best), key=self.shown.rank)
        return tuple(
            self._row(word, first=word == best[0], apart=word in apart) for word in (*best, *apart)
        )

    def rest(self, rows: Iterable[WordRow]) -> RestRow:
        """What the words that are not in `rows` hold."""
        words = [row.candidate.id for row in rows]
        before = self.before.rest(words) if self.before is not None else None
        return RestRow(self.shown.rest(words), before)

    def _row(self, word: int, *, first: bool, apart: bool) -> WordRow:
        token = self.facts.vocabulary[word]
        return WordRow(
            candidate=self.shown.candidate(token, word),
            before=self.before.candidate(token, word) if self.before is not None else None,
            of=len(self.shown),
            followed=token == self.followed,
            hidden=token == self.hidden,
            first=first,
            apart=apart,
        )


def _logits(trace: Trace, position: int) -> Array | None:
    for positions, logits in (
        (trace.encoding.masks, trace.mask_logits),
        (trace.request.capture.logits_at, trace.logits_at),
    ):
        if position in positions and logits is not None:
            found: Array = logits[positions.index(position)]
            return found
    return None


def _about(snapshot: Snapshot, question: str) -> str:
    words = [question]
    if snapshot.other is not None:
        words.insert(0, snapshot.options.show.value)
    if snapshot.behind and snapshot.answer is not None:
        words.append(f"of: “{shortened(snapshot.answer.shown.request.text)}”")
    return "  ".join(word for word in words if word)
