"""What Answer shows, as plain values: the rows, the words around them, or why there are none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from bertviz_app.analysis.predictions import Distribution
from bertviz_app.analysis.visible import isolated, quoted, visible
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import HiddenWord, Show
from bertviz_app.core.trace import Array, Trace
from bertviz_app.ui.answer.rows import RestRow, WordRow
from bertviz_app.ui.parts.words import NO_MLM_HEAD, cannot_fill, no_blank
from bertviz_app.ui.view import OLD_TEXT, waiting_for

NO_TEXT = "No text yet."
NO_NUMBERS = "Every probability here is not a number: the logits hold values that are not numbers."
LEFT_IN = 5


@dataclass(frozen=True, slots=True)
class AnswerContent:
    """Everything Answer shows of one snapshot.

    Attributes:
        about: what the list is about, beside the title; `briefly` where there is little room.
        message: a sentence instead of the list, or above it.
        over: what the list is of where nothing is hidden, between the message and the list.
        position: the token the list is about.
        masks: the blanks to choose from.
        rows: the words, most probable first.
        rest: the last row, or None with no rows.
        hidden: what stood at the blank before it was hidden.
        fills: a word can be put into the blank.
        offers_bundled: another model would help.
        temperature: that of the what-if column; 1 without one.
    """

    about: str = ""
    briefly: str = ""
    message: str = ""
    over: str = ""
    position: int | None = None
    masks: tuple[int, ...] = ()
    rows: tuple[WordRow, ...] = ()
    rest: RestRow | None = None
    hidden: HiddenWord | None = None
    fills: bool = False
    offers_bundled: bool = False
    temperature: float = 1.0


class Softmaxes:
    """The softmax at each position that was asked about; it is kept as long as its trace lives."""

    def __init__(self) -> None:
        self._known: WeakKeyDictionary[Trace, dict[tuple[int, float], Distribution]] = (
            WeakKeyDictionary()
        )

    def at(self, trace: Trace, position: int, temperature: float = 1.0) -> Distribution | None:
        """The distribution at `position`, or None if the trace has no logits there."""
        known = self._known.setdefault(trace, {})
        if (position, temperature) not in known:
            logits = _logits(trace, position)
            if logits is None:
                return None
            known[position, temperature] = Distribution(logits, temperature)
        return known[position, temperature]


def content(snapshot: Snapshot, softmaxes: Softmaxes, count: int) -> AnswerContent:
    """What Answer shows of `snapshot`, with at most `count` words and those that are marked."""
    trace, facts = snapshot.trace, snapshot.facts
    waiting = waiting_for(snapshot)
    if facts is not None and (reason := cannot_fill(facts)):
        return AnswerContent(message=reason, offers_bundled=True)
    if trace is None or facts is None:
        return AnswerContent(message=waiting or NO_TEXT)
    if waiting:
        return AnswerContent(message=NO_TEXT)
    if snapshot.blank is None:
        return _left_in(snapshot, trace, facts, softmaxes)
    return content_at(snapshot, snapshot.blank, softmaxes, count)


def content_at(snapshot: Snapshot, blank: int, softmaxes: Softmaxes, count: int) -> AnswerContent:
    """What Answer shows of the blank at this token, which need not be the one in question."""
    trace, facts, other = snapshot.trace, snapshot.facts, snapshot.other
    assert trace is not None
    assert facts is not None
    masks = trace.encoding.masks
    which = f" {masks.index(blank) + 1} of {len(masks)}" if len(masks) > 1 else ""
    hidden = snapshot.hidden_at(blank)
    name = f"{visible(facts.mask_token)}{which}"
    found = AnswerContent(
        about=_about(snapshot, f"what is at {name}?"),
        briefly=_about(snapshot, name),
        temperature=snapshot.options.temperature,
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
    what_if = _what_if(snapshot, trace, blank, softmaxes)
    differs = before is not None and snapshot.options.show is Show.DIFFERENCE
    listing = _Listing(shown, before, what_if, facts, snapshot.word, piece, differs)
    rows = listing.rows(count)
    return replace(found, rows=rows, rest=listing.rest(rows))


def _left_in(
    snapshot: Snapshot, trace: Trace, facts: ModelFacts, softmaxes: Softmaxes
) -> AnswerContent:
    token = snapshot.token
    why = no_blank(trace, facts)
    found = AnswerContent(
        message=why,
        about=_about(snapshot, ""),
        briefly=_about(snapshot, ""),
        temperature=snapshot.options.temperature,
    )
    shown = softmaxes.at(trace, token) if token is not None else None
    if token is None or shown is None or not shown.is_number:
        return found
    what_if = _what_if(snapshot, trace, token, softmaxes)
    listing = _Listing(shown, None, what_if, facts, snapshot.state.selection.word)
    rows = listing.rows(LEFT_IN)[:LEFT_IN]
    piece = isolated(visible(trace.encoding.tokens[token]))
    over = f"At {piece}, with the word left in:"
    return replace(found, over=over, position=token, rows=rows, rest=listing.rest(rows))


def _what_if(
    snapshot: Snapshot, trace: Trace, position: int, softmaxes: Softmaxes
) -> Distribution | None:
    """The distribution at the temperature that was asked for; 1 is BERT's own."""
    temperature = snapshot.options.temperature
    return softmaxes.at(trace, position, temperature) if temperature != 1 else None


@dataclass(frozen=True)
class _Listing:
    """Both runs at one position, the what-if beside them, and the words that are marked there."""

    shown: Distribution
    before: Distribution | None
    what_if: Distribution | None
    facts: ModelFacts
    followed: str | None = None
    hidden: str | None = None
    differs: bool = False

    def rows(self, count: int) -> tuple[WordRow, ...]:
        """The `count` best words, then those that are marked but stand lower.

        Of a difference: the best of either run, what moved most first.
        """
        best = self.shown.best(count)
        if self.before is not None and self.differs:
            best = sorted({*best, *self.before.best(count)}, key=self._moved)[:count]
        ids = self.facts.ids
        marked = {ids[word] for word in (self.followed, self.hidden) if word in ids}
        order = self._moved if self.differs else self.shown.rank
        apart = sorted(marked - set(best), key=order)
        return tuple(
            self._row(word, first=word == best[0], apart=word in apart) for word in (*best, *apart)
        )

    def rest(self, rows: Iterable[WordRow]) -> RestRow:
        """What the words that are not in `rows` hold."""
        words = [row.candidate.id for row in rows]
        before = self.before.rest(words) if self.before is not None else None
        what_if = self.what_if.rest(words) if self.what_if is not None else None
        return RestRow(self.shown.rest(words), before, what_if)

    def _moved(self, word: int) -> tuple[float, int]:
        """What a word is sorted by where differences are shown: the largest first."""
        before = self.before.probability(word) if self.before is not None else 0.0
        return -abs(self.shown.probability(word) - before), word

    def _row(self, word: int, *, first: bool, apart: bool) -> WordRow:
        token = self.facts.vocabulary[word]
        return WordRow(
            candidate=self.shown.candidate(token, word),
            before=self.before.candidate(token, word) if self.before is not None else None,
            of=len(self.shown),
            what_if=self.what_if.probability(word) if self.what_if is not None else None,
            followed=token == self.followed,
            hidden=token == self.hidden,
            first=first,
            apart=apart,
            differs=self.differs,
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
    if snapshot.old_text is not None:
        words.append(f"of: {quoted(snapshot.old_text, OLD_TEXT)}")
    return "  ".join(word for word in words if word)
