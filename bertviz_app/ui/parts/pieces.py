"""The pieces of the token strip as plain values: what each box says."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.core.encoding import Encoding
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import HiddenWord
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
class StripPiece:
    """One box of the strip.

    Attributes:
        position: the token it stands for; None for the chip at a cut.
        text: the piece, made visible.
        note: small words after it. At a blank: the word a double click puts there (the one that
            was hidden, else the best candidate). At an unknown word: how it was typed.
        changed: the note says what the change inside BERT did to the best candidate.
        sentence: 0 for A, 1 for B.
        joined: it goes on with the word of the piece before it.
    """

    position: int | None
    text: str
    kind: Kind
    note: str = ""
    changed: bool = False
    sentence: int = 0
    joined: bool = False


def pieces(snapshot: Snapshot) -> tuple[StripPiece, ...]:
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
            found.append(StripPiece(None, text, Kind.CUT, sentence=sentence_of(encoding, position)))
        kind, note, changed = Kind.WORD, "", False
        if position in notes:
            kind, (note, changed) = Kind.MASK, notes[position]
        elif position in unknown:
            kind, note = Kind.UNKNOWN, visible(typed(trace, position), ORIGINAL)
        elif position in added:
            kind = Kind.ADDED
        joined = kind is Kind.WORD and token.startswith("##") and position > 0
        sentence = sentence_of(encoding, position)
        found.append(StripPiece(position, visible(token), kind, note, changed, sentence, joined))
    return tuple(found)


def typed(trace: Trace, position: int) -> str:
    """What was typed where the token at `position` stands."""
    start, end = trace.encoding.spans[position]
    sentence = trace.encoding.sentences[position]
    return (trace.request.pair if sentence == 1 else trace.request.text)[start:end]


def sentence_of(encoding: Encoding, position: int) -> int:
    """0 in sentence A and at its ends, 1 in B and at its end."""
    sentence = encoding.sentences[position]
    return max(encoding.added.index(position) - 1, 0) if sentence is None else sentence


def edit_at(snapshot: Snapshot, position: int) -> str:
    """What a double click does to a token, as a command; empty if it does nothing."""
    trace = snapshot.trace
    if trace is None or position in trace.encoding.added:
        return ""
    if position not in trace.encoding.masks:
        return "hide its word"
    hidden = snapshot.hidden_at(position)
    if hidden is not None:
        return f"give back {isolated(visible(hidden.word))}"
    best = best_candidates(trace).get(position)
    return f"put {isolated(visible(best))} here" if best else ""


def described(snapshot: Snapshot, position: int) -> str:
    """The readout of one token."""
    trace = snapshot.trace
    if trace is None:
        return ""
    encoding = trace.encoding
    token = isolated(visible(encoding.tokens[position]))
    letter = "B" if sentence_of(encoding, position) else "A"
    text = f"{token}: id {encoding.ids[position]}, position {position}, sentence {letter}"
    if position in encoding.unknown:
        word = isolated(visible(typed(trace, position)))
        return f"{text}. No piece of the vocabulary fits “{word}”, so BERT reads [UNK]."
    edit = edit_at(snapshot, position)
    return f"{text}; double click: {edit}" if edit else text


def _blank_notes(snapshot: Snapshot, trace: Trace) -> dict[int, tuple[str, bool]]:
    """What stands after each [MASK], and whether it speaks of a change."""
    shown, other = best_candidates(trace), best_candidates(snapshot.other)
    notes = {}
    said: set[HiddenWord | None] = set()
    for position in trace.encoding.masks:
        best, before = shown.get(position, ""), other.get(position, "")
        hidden = snapshot.hidden_at(position)
        if best and before and best != before:
            notes[position] = f"{visible(before)} → {visible(best)}", True
        elif hidden is None:
            notes[position] = visible(best), False
        else:
            notes[position] = ("" if hidden in said else visible(hidden.word)), False
        said.add(hidden)
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
