"""The pieces of the token strip as plain values: what each box says."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.core.state import HiddenWord, Snapshot
from bertviz_app.core.trace import Trace
from bertviz_app.ui import numbers

ORIGINAL = 10
"""Letters of an unknown word that are shown beside [UNK]."""


class Kind(Enum):
    """What sort of piece it is."""

    WORD = "word"
    ADDED = "added"
    MASK = "mask"
    UNKNOWN = "unknown"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Piece:
    """One box of the strip.

    Attributes:
        position: the token it stands for; None for the chip at a cut.
        text: the piece, made visible.
        note: small words after it. At a blank: the word a double click puts there (the one that
            was hidden, else the best candidate). At an unknown word: how it was typed.
        changed: the note says what the change inside BERT did to the best candidate.
        segment: 0 for sentence A, 1 for B.
        joined: it goes on with the word of the piece before it.
    """

    position: int | None
    text: str
    kind: Kind
    note: str = ""
    changed: bool = False
    segment: int = 0
    joined: bool = False


def pieces(snapshot: Snapshot) -> tuple[Piece, ...]:
    """The boxes of the newest answer, in the order BERT reads them."""
    trace = snapshot.trace
    if trace is None:
        return ()
    encoding = trace.encoding
    notes = _blank_notes(snapshot, trace)
    ends = [position for position in encoding.added if position > 0]
    cuts = dict(zip(ends, (encoding.first.unread, encoding.second.unread), strict=False))
    unknown, added = set(encoding.unknown), set(encoding.added)
    found = []
    for position, token in enumerate(encoding.tokens):
        if cuts.get(position):
            text = f"{numbers.count(cuts[position])} pieces not read"
            found.append(Piece(None, text, Kind.CUT, segment=encoding.segments[position]))
        kind, note, changed = Kind.WORD, "", False
        if position in notes:
            kind, (note, changed) = Kind.MASK, notes[position]
        elif position in unknown:
            kind, note = Kind.UNKNOWN, visible(typed(trace, position), ORIGINAL)
        elif position in added:
            kind = Kind.ADDED
        joined = kind is Kind.WORD and token.startswith("##") and position > 0
        segment = encoding.segments[position]
        found.append(Piece(position, visible(token), kind, note, changed, segment, joined))
    return tuple(found)


def typed(trace: Trace, position: int) -> str:
    """What was typed where the token at `position` stands."""
    start, end = trace.encoding.spans[position]
    sentence = trace.encoding.sentences[position]
    return (trace.request.pair if sentence == 1 else trace.request.text)[start:end]


def described(trace: Trace, position: int) -> str:
    """The readout of one token."""
    encoding = trace.encoding
    token = isolated(visible(encoding.tokens[position]))
    letter = "B" if encoding.segments[position] else "A"
    text = f"{token}: id {encoding.ids[position]}, position {position}, sentence {letter}"
    if position in encoding.unknown:
        word = isolated(visible(typed(trace, position)))
        return f"{text}. No piece of the vocabulary fits “{word}”, so BERT reads [UNK]."
    if position in encoding.added:
        return text
    what = "gives the word back" if position in encoding.masks else "hides it"
    return f"{text}; double click {what}"


def hidden_word(snapshot: Snapshot, trace: Trace, position: int) -> HiddenWord | None:
    """The word that was hidden at the mask at `position`, if one was."""
    encoding = trace.encoding
    sentence, (start, end) = encoding.sentences[position], encoding.spans[position]
    for hidden in snapshot.state.hidden:
        if hidden.sentence == sentence and hidden.span[0] <= start and end <= hidden.span[1]:
            return hidden
    return None


def _blank_notes(snapshot: Snapshot, trace: Trace) -> dict[int, tuple[str, bool]]:
    """What stands after each [MASK], and whether it speaks of a change."""
    shown, other = best_candidates(trace), best_candidates(snapshot.other)
    notes = {}
    for position in trace.encoding.masks:
        best, before = shown.get(position, ""), other.get(position, "")
        hidden = hidden_word(snapshot, trace, position)
        if best and before and best != before:
            notes[position] = f"{visible(before)} → {visible(best)}", True
        elif hidden is None:
            notes[position] = visible(best), False
        else:
            first = hidden.span[0] == trace.encoding.spans[position][0]
            notes[position] = (visible(hidden.word) if first else ""), False
    return notes


def best_candidates(trace: Trace | None) -> dict[int, str]:
    """The best candidate at each blank of a run, where there is one."""
    if trace is None:
        return {}
    return {
        found.position: found.candidates[0].token
        for found in trace.predictions
        if found.candidates and not math.isnan(found.candidates[0].probability)
    }
