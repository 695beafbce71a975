"""The rows of *What about …*: each word with its rank, or with what it is instead of one piece."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bertviz_app.analysis.difference import change
from bertviz_app.analysis.predictions import Distribution
from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.questions.what_about import Scored, WhatAbout
from bertviz_app.core.request import Capture
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Show
from bertviz_app.core.trace import Trace
from bertviz_app.ui import numbers
from bertviz_app.ui.answer.content import Softmaxes
from bertviz_app.ui.answer.rows import spoken_word


@dataclass(frozen=True, slots=True)
class AskedRow:
    """One word that was asked about.

    Attributes:
        word: as it was asked.
        said: its rank, or why it has none: "4 pieces", "[UNK]".
        spoken: the row in words.
        probability: over all V words; of several pieces, their product.
        logit: that of a single piece.
        difference: probability changed minus as is, while another run is compared.
        what_if: the probability at the temperature of the what-if column.
        piece: the piece of the vocabulary it is, or None if it is not one.
        followed: it is the word in question.
    """

    word: str
    said: str
    spoken: str
    probability: float | None = None
    logit: float | None = None
    difference: float | None = None
    what_if: float | None = None
    piece: str | None = None
    followed: bool = False

    choosable = True

    @property
    def to_follow(self) -> str | None:
        """What is followed with this row: a piece, or a word of several once it is scored."""
        several = self.piece is None and self.probability is not None
        return self.word if several else self.piece

    @property
    def briefly(self) -> str:
        """What is said where there is little room."""
        return self.said.replace(" pieces", " pcs")


@dataclass(frozen=True)
class _Place:
    """Where the words are asked for: one token of the run that is shown.

    `hidden`: it is a blank. `bound`: changes name tokens of this very text, and cannot hold in one
    of more tokens. `runs`: which run of the answer is shown, and which is compared. `differs`: what
    is shown is their difference.
    """

    shown: Distribution
    before: Distribution | None
    what_if: Distribution | None
    facts: ModelFacts
    hidden: bool
    bound: bool
    runs: tuple[int, int | None]
    differs: bool


def words_asked(snapshot: Snapshot) -> tuple[str, ...]:
    """The words that have a row: those asked about, and one that is followed and no piece."""
    word, facts = snapshot.state.selection.word, snapshot.facts
    asked = snapshot.state.asked
    if word is None or word in asked or facts is None or word in facts.ids:
        return asked
    return (*asked, word)


def question_about(snapshot: Snapshot) -> WhatAbout | None:
    """What is to be asked of the worker: words that are no pieces, in the blank; or nothing."""
    answer, facts, blank = snapshot.answer, snapshot.facts, snapshot.blank
    if answer is None or facts is None or blank is None or not facts.has_mlm:
        return None
    words = tuple(word for word in words_asked(snapshot) if word not in facts.ids)
    runs = (answer.as_is,) if answer.changed is None else (answer.as_is, answer.changed)
    requests = tuple(replace(run.request, capture=Capture()) for run in runs)
    return WhatAbout(requests, blank, words) if words else None


def asked_rows(
    snapshot: Snapshot, position: int | None, softmaxes: Softmaxes, scores: Mapping[str, Scored]
) -> tuple[AskedRow, ...]:
    """A row for each of `words_asked`, at the token the list is about."""
    place = _place(snapshot, position, softmaxes)
    rows = (_row(place, word, scores.get(word)) for word in words_asked(snapshot))
    return tuple(
        replace(row, followed=snapshot.word in (row.word, row.piece) and snapshot.word is not None)
        for row in rows
    )


def _place(snapshot: Snapshot, position: int | None, softmaxes: Softmaxes) -> _Place | None:
    trace, other, facts = snapshot.trace, snapshot.other, snapshot.facts
    if trace is None or facts is None or position is None:
        return None
    shown = softmaxes.at(trace, position)
    if shown is None or not shown.is_number:
        return None
    compared = other is not None and other is not trace
    before = softmaxes.at(other, position) if other is not None and compared else None
    temperature = snapshot.options.temperature
    what_if = softmaxes.at(trace, position, temperature) if temperature != 1 else None
    runs = (_run(snapshot, trace), 0 if before is not None else None)
    hidden = position == snapshot.blank
    changes = trace.request.interventions
    bound = changes.of_any_text != changes
    differs = snapshot.options.show is Show.DIFFERENCE
    return _Place(shown, before, what_if, facts, hidden, bound, runs, differs)


def _run(snapshot: Snapshot, trace: Trace) -> int:
    return 0 if snapshot.answer is None or trace is snapshot.answer.as_is else 1


def _row(place: _Place | None, word: str, score: Scored | None) -> AskedRow:
    said = isolated(visible(word))
    if place is None:
        return AskedRow(word, "–", f"{said}: there is no blank to put it into")
    number = place.facts.ids.get(word)
    if number is None and score is not None and len(score.ids) == 1 and not score.unknown:
        number = score.ids[0]
    if number is not None:
        return _of_piece(place, word, number)
    if not place.hidden:
        return AskedRow(word, "–", f"{said}: not one piece; hide a word to ask about it there")
    if score is None:
        return AskedRow(word, "…", f"{said}: not computed yet")
    if score.unknown or not score.ids:
        return AskedRow(
            word, "[UNK]", f"No piece of the vocabulary fits “{said}”, so BERT reads [UNK]."
        )
    if not score.logs:
        return AskedRow(word, _pieces(score), f"{said}: the text has no room for {_pieces(score)}")
    return _of_pieces(place, score)


def _of_piece(place: _Place, word: str, number: int) -> AskedRow:
    """A word that is one piece: everything is in the logits of the blank."""
    piece = place.facts.vocabulary[number]
    found = place.shown.candidate(piece, number)
    before = place.before.candidate(piece, number) if place.before is not None else None
    spoken = spoken_word(word, found, before, len(place.shown), differs=place.differs)
    return AskedRow(
        word,
        numbers.ordinal(found.rank),
        spoken,
        found.probability,
        found.logit,
        difference=None if before is None else change(found.probability, before.probability),
        what_if=place.what_if.probability(number) if place.what_if is not None else None,
        piece=piece,
    )


def _of_pieces(place: _Place, score: Scored) -> AskedRow:
    """A word of several pieces: the product of their probabilities, and no rank."""
    now, then = place.runs
    log = score.log_probability(now)
    written = " ".join(visible(place.facts.vocabulary[number]) for number in score.ids)
    spoken = (
        f"{isolated(visible(score.word))}: {_pieces(score)} ({isolated(written)}), "
        f"log probability {numbers.length(log)}, {numbers.length(log / len(score.ids))} a piece, "
        f"each with the others hidden; no rank"
    )
    before = math.exp(score.log_probability(then)) if then is not None else None
    if then is not None:
        spoken += f" (as is {numbers.length(score.log_probability(then))})"
    if place.bound:
        spoken += "; without the changes that name tokens of this text"
    probability = math.exp(log)
    difference = None if before is None else change(probability, before)
    return AskedRow(score.word, _pieces(score), spoken, probability, difference=difference)


def _pieces(score: Scored) -> str:
    return f"{len(score.ids)} pieces"
