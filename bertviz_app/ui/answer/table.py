"""The numbers of Answer as a table: every blank, every word that has a row, in both runs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bertviz_app.analysis.difference import change
from bertviz_app.analysis.labels import numbered
from bertviz_app.analysis.predictions import Distribution
from bertviz_app.analysis.visible import cell_text
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.questions.what_about import Scored
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Show
from bertviz_app.core.trace import Trace
from bertviz_app.ui import numbers
from bertviz_app.ui.answer.asked import words_asked
from bertviz_app.ui.answer.content import AnswerContent, Softmaxes, content_at

Triple = tuple[float | None, float | None, int | None]
"""Probability, logit and rank, as far as they are known."""

NOTHING: Triple = (None, None, None)


def table(snapshot: Snapshot, found: AnswerContent, scores: Mapping[str, Scored]) -> str:
    """One line a word, tab-separated, all digits; empty if no word is shown.

    `found` is what is shown of one token, which may be one of several blanks. `scores` are those
    of the words of several pieces, which are known for that one alone.
    """
    answer, facts = snapshot.answer, snapshot.facts
    if answer is None or facts is None or not found.rows:
        return ""
    runs = [answer.as_is] if answer.changed is None else [answer.as_is, answer.changed]
    temperature, listed = snapshot.options.temperature, snapshot.options.listed
    names = numbered(answer.shown.encoding.tokens)
    lines = [["at", "position", "word", "row", *_columns(len(runs), temperature)]]
    for position in found.masks or (found.position,):
        assert position is not None
        softmaxes = Softmaxes()  # of this token alone: those of many would be large
        content = content_at(snapshot, position, softmaxes, listed) if found.masks else found
        place = _Place.of(runs, position, softmaxes, facts, temperature)
        known = scores if position == found.position else {}
        for row in place.rows(content, words_asked(snapshot), known):
            cells = [cell_text(names[position]), str(position), *row]
            lines.append(cells[: len(lines[0])])  # the what-if comes last, if there is one
    return "\n".join("\t".join(line) for line in lines)


def _columns(runs: int, temperature: float) -> list[str]:
    """The names of the numbers of a word; of one run they need not say which."""
    names, what_if = ["probability", "logit", "rank"], "probability"
    if runs > 1:
        names = [f"{name} {run.value}" for run in (Show.AS_IS, Show.CHANGED) for name in names]
        names.append("probability changed − as is")
        what_if = f"probability {Show.CHANGED.value}"
    return names if temperature == 1 else [*names, f"{what_if} at temperature {temperature:g}"]


@dataclass(frozen=True)
class _Place:
    """One token: its softmax in each run, and that of the last run at another temperature.

    `bound`: a change names tokens of this very text; words of several pieces are read without it.
    """

    runs: tuple[Distribution | None, ...]
    what_if: Distribution | None
    facts: ModelFacts
    bound: bool

    @classmethod
    def of(
        cls,
        runs: Sequence[Trace],
        position: int,
        softmaxes: Softmaxes,
        facts: ModelFacts,
        temperature: float,
    ) -> _Place:
        """The token at `position` of these runs of one text."""
        what_if = softmaxes.at(runs[-1], position, temperature) if temperature != 1 else None
        changes = runs[-1].request.interventions
        found = tuple(softmaxes.at(run, position) for run in runs)
        return cls(found, what_if, facts, changes != changes.of_any_text)

    def rows(
        self, content: AnswerContent, asked: tuple[str, ...], scores: Mapping[str, Scored]
    ) -> Iterator[list[str]]:
        """The words of `content`, what they leave out, and the words that were asked about."""
        ids = [row.candidate.id for row in content.rows]
        for number in ids:
            yield [cell_text(self.facts.vocabulary[number]), "listed", *self._piece(number)]
        if ids:
            yield ["", "not in this list", *self._rest(ids)]
        for word in asked:
            if word in self.facts.ids:
                yield [cell_text(word), "asked", *self._piece(self.facts.ids[word])]
            else:
                yield [cell_text(word), *self._several(scores.get(word))]

    def _piece(self, number: int) -> list[str]:
        found = [run.candidate("", number) if run is not None else None for run in self.runs]
        triples = [(one.probability, one.logit, one.rank) if one else NOTHING for one in found]
        what_if = self.what_if.probability(number) if self.what_if is not None else None
        return _cells(triples, what_if)

    def _rest(self, ids: list[int]) -> list[str]:
        found = [run.rest(ids) if run is not None else None for run in self.runs]
        what_if = self.what_if.rest(ids) if self.what_if is not None else None
        return _cells([(one, None, None) for one in found], what_if)

    def _several(self, score: Scored | None) -> list[str]:
        """What is known of a word of several pieces: the product of their probabilities."""
        if score is None or len(score.logs) != len(self.runs):
            return ["asked"]
        found = [math.exp(score.log_probability(run)) for run in range(len(score.logs))]
        row = f"asked, {len(score.ids)} pieces"
        if self.bound:
            row += ", without the changes that name tokens of this text"
        return [row, *_cells([(one, None, None) for one in found], None)]


def _cells(runs: Sequence[Triple], what_if: float | None) -> list[str]:
    """Probability, logit and rank in each run, what the change does, and the what-if."""
    cells = [number for triple in runs for number in triple]
    if len(runs) > 1:
        before, after = runs[0][0], runs[1][0]
        cells.append(None if before is None or after is None else change(after, before))
    return ["" if number is None else numbers.exact(number) for number in (*cells, what_if)]
