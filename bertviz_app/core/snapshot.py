"""The snapshot: all that the window shows, of one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from bertviz_app.core.errors import Fault
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.jobs import JobReport, Kind, Question
from bertviz_app.core.request import Request
from bertviz_app.core.state import HiddenWord, Note, Pick, Pin, Show, State, ViewOptions
from bertviz_app.core.text import Edit
from bertviz_app.core.trace import Answer, Trace

A = TypeVar("A")


@dataclass(frozen=True, eq=False)
class Snapshot:
    """All a view needs, of one moment.

    Attributes:
        state: texts, changes and selection as they are now.
        options: how to draw.
        facts: the model, or None while none is loaded.
        answer: the newest answer, or None before the first; its text may be older than the
            state's (`behind`).
        preview: what the mouse hovers, stored by nobody.
        reports: the newest report of each kind of job; see `report_of`.
        running: the kinds of job that are under way, or were just asked for.
        loading: the name of the model that is being read, waits to be, or has been read and has
            not answered yet; None if there is no such model.
        fault: the run of the newest text failed; the picture is of the answer's text.
        note: words for the note bar, or None.
        catching_up: the newest text has waited 150 ms for its answer; `behind`, a whole second.
        changed_files: the files of the model that were changed on disk since it was read.
        can_undo: there is a step to take back; `can_redo`, one to do again.
    """

    state: State = field(default_factory=State)
    options: ViewOptions = field(default_factory=ViewOptions)
    facts: ModelFacts | None = None
    answer: Answer | None = None
    preview: Pick | None = None
    reports: Mapping[Kind, JobReport[Any]] = field(default_factory=dict)
    running: frozenset[Kind] = frozenset()
    loading: str | None = None
    fault: Fault | None = None
    note: Note | None = None
    catching_up: bool = False
    behind: bool = False
    changed_files: tuple[Path, ...] = ()
    can_undo: bool = False
    can_redo: bool = False

    def report_of(self, question: Question[A]) -> JobReport[A] | None:
        """The newest report on exactly this question, or None."""
        report = self.reports.get(type(question))
        return report if report is not None and report.question == question else None

    def is_running(self, kind: Kind) -> bool:
        """Whether a job of this kind is under way."""
        return kind in self.running

    @property
    def trace(self) -> Trace | None:
        """The run to draw: the changed one, or the one as is if that is shown."""
        if self.answer is None:
            return None
        return self.answer.as_is if self.options.show is Show.AS_IS else self.answer.shown

    @property
    def old_text(self) -> str | None:
        """The text that is drawn, if another one has waited a whole second for its answer."""
        if self.answer is None or not self.behind:
            return None
        request = self.answer.shown.request
        return None if self.state.same_texts(request) else request.text

    @property
    def up_to_date(self) -> bool:
        """Whether the newest answer is about the text and the changes as they are now."""
        if self.answer is None or not self.state.same_texts(self.answer.shown.request):
            return False
        answered = self.answer.shown.request
        wanted = self.state.request(self.facts, answered.capture)
        return answered.interventions == wanted.interventions

    @property
    def other(self) -> Trace | None:
        """The run to compare with: as is while the changed one is drawn; None without changes."""
        if self.answer is None or self.answer.changed is None:
            return None
        return self.answer.as_is

    @property
    def head(self) -> tuple[int, int]:
        """The head to show in detail: the hovered one, else the chosen one, as far as it exists."""
        selection, preview = self.state.selection, self.preview
        layer, head = selection.layer, selection.head
        if preview is not None and preview.layer is not None and preview.head is not None:
            layer, head = preview.layer, preview.head
        if self.facts is None:
            return layer, head
        spec = self.facts.spec
        return min(layer, spec.layers - 1), min(head, spec.heads - 1)

    @cached_property
    def token(self) -> int | None:
        """The token that looks: the pinned one, else the blank."""
        found = self._position(self.state.selection.token)
        return self.blank if found is None and self.state.selection.token is None else found

    @cached_property
    def second(self) -> int | None:
        """The token that is looked at, or None."""
        return self._position(self.state.selection.second)

    @cached_property
    def blank(self) -> int | None:
        """The position of the blank in question: the chosen mask, else the first."""
        if self.trace is None or not self.trace.encoding.masks:
            return None
        chosen = self._position(self.state.selection.blank)
        masks = self.trace.encoding.masks
        return chosen if chosen in masks else masks[0]

    @cached_property
    def word(self) -> str | None:
        """The word to follow: the chosen one, else the word hidden at the blank, else the best."""
        if self.state.selection.word is not None:
            return self.state.selection.word
        hidden = self.hidden_at(self.blank) if self.blank is not None else None
        if hidden is not None and hidden.piece is not None:
            return hidden.piece
        if self.answer is None or self.blank is None:
            return None
        for prediction in self.answer.as_is.predictions:
            if prediction.position == self.blank:
                return prediction.candidates[0].token
        return None

    def looks_like(self, other: Snapshot, *, typed: bool = True) -> bool:
        """Whether a picture of `other` is one of this snapshot too.

        Notes, undo and the wait for an answer are in no picture. With `typed`, the texts count as
        they are typed; else a pin counts by the token it stands on, and letters that BERT has not
        read yet do not count.
        """
        if typed and (self.state, self.state.cursor) != (other.state, other.state.cursor):
            return False
        return (
            self.answer is other.answer
            and self.facts is other.facts
            and self.reports.keys() == other.reports.keys()
            and all(report is other.reports[kind] for kind, report in self.reports.items())
            and self._seen == other._seen
        )

    def hidden_at(self, position: int) -> HiddenWord | None:
        """What the [MASK] at a token of the drawn trace hides, if it hides a word."""
        if self.trace is None:
            return None
        encoding = self.trace.encoding
        sentence, span = encoding.sentences[position], encoding.spans[position]
        if sentence is None:
            return None
        back = self._edits[sentence]
        now = Edit.between(back.new, back.old).carry(span)
        return self.state.hidden_around(sentence, now) if now is not None else None

    @cached_property
    def _seen(self) -> tuple[object, ...]:
        """What pictures are drawn from beside the answer, the model and the reports."""
        state, selection = self.state, self.state.selection
        return (
            *(self.options, self.preview, self.running, self.loading, self.fault, self.old_text),
            *(state.interventions, state.asked, state.hidden),
            *(selection.layer, selection.head, selection.also, selection.word),
            *(selection.token is None, self.token, self.second, self.blank, self.word),
        )

    @cached_property
    def _edits(self) -> tuple[Edit, Edit]:
        """What leads from the texts as they are now back to those of the drawn trace."""
        request = self.trace.request if self.trace is not None else Request(*self.state.texts)
        first, second = self.state.texts
        return Edit.between(first, request.text), Edit.between(second, request.pair)

    def _position(self, pin: Pin | None) -> int | None:
        """Where a pin stands in the drawn trace, whose text may be older."""
        if pin is None or self.trace is None:
            return None
        back: Pin | None = pin
        if not self.state.same_texts(self.trace.request):
            back = pin.carried(pin.sentence, self._edits[pin.sentence])
        return back.find(self.trace.encoding) if back is not None else None
