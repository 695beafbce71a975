"""What the person has typed, chosen and changed, and the snapshot every view draws from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property

from bertviz_app.core.encoding import Encoding, Span
from bertviz_app.core.errors import Fault
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.request import Capture, Interventions, Request
from bertviz_app.core.text import BERT_MASK, Edit
from bertviz_app.core.trace import Answer, Trace


class Role(Enum):
    """The tokens that stand in every text, whatever is typed."""

    CLS = "cls"
    END_OF_A = "end of A"
    END_OF_B = "end of B"


@dataclass(frozen=True, slots=True)
class Pin:
    """A token that was kept by a click: a stretch of one sentence, or a role.

    `word` is the whole word around `span`; an edit inside it lets the pin go. `nth` tells pieces
    apart that share one span.
    """

    sentence: int = 0
    span: Span = (0, 0)
    word: Span = (0, 0)
    role: Role | None = None
    nth: int = 0

    def carried(self, sentence: int, edit: Edit) -> Pin | None:
        """This pin after an edit of `sentence`, or None if the edit undid its word."""
        if self.role is not None or sentence != self.sentence:
            return self
        word = edit.carry(self.word)
        if word is None:
            return None
        shift = word[0] - self.word[0]
        return replace(self, span=(self.span[0] + shift, self.span[1] + shift), word=word)

    def find(self, encoding: Encoding) -> int | None:
        """The token this pin stands on in `encoding`, or None if it was not read.

        Where the word is cut into other pieces than it was, the piece that begins the pin.
        """
        if self.role is None:
            found = encoding.find(self.sentence, self.span, self.nth)
            return found if found is not None else encoding.at(self.sentence, self.span[0])
        place = list(Role).index(self.role)
        return encoding.added[place] if place < len(encoding.added) else None


@dataclass(frozen=True, slots=True)
class Selection:
    """The one selection that drives every view; layer and head count from 0."""

    layer: int = 0
    head: int = 0
    also: tuple[tuple[int, int], ...] = ()
    token: Pin | None = None
    second: Pin | None = None
    blank: Pin | None = None
    word: str | None = None


@dataclass(frozen=True, slots=True)
class HiddenWord:
    """A word that was hidden: the stretch of [MASK]s that stands for it, and the word.

    `piece` is the piece BERT read in its place, or None if it was several.
    """

    sentence: int
    span: Span
    word: str
    piece: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Everything undo brings back: the texts, what is hidden, what is changed, what is chosen.

    `pair` is None while there is no second sentence.
    """

    text: str = ""
    pair: str | None = None
    hidden: tuple[HiddenWord, ...] = ()
    interventions: Interventions = field(default_factory=Interventions)
    selection: Selection = Selection()

    def sentence(self, number: int) -> str:
        """The text of sentence 0 or 1."""
        return self.text if number == 0 else (self.pair or "")

    @property
    def texts(self) -> tuple[str, str]:
        """Both sentences; the second is empty if there is none."""
        return self.text, self.pair or ""

    def same_texts(self, request: Request) -> bool:
        """Whether `request` was about the texts of this state."""
        return self.texts == (request.text, request.pair)

    def request(self, facts: ModelFacts | None, capture: Capture) -> Request:
        """What to ask of the model, as far as it has the heads that are changed."""
        changes = self.interventions
        if facts is not None:
            changes = changes.within(facts.spec)
        return Request(*self.texts, changes, capture)

    def hidden_around(self, sentence: int, span: Span) -> HiddenWord | None:
        """The hidden word whose masks hold `span`, if there is one."""
        for word in self.hidden:
            if word.sentence == sentence and word.span[0] <= span[0] and span[1] <= word.span[1]:
                return word
        return None

    def continues(self, before: State) -> bool:
        """Whether the text is still the one of `before`, edited: it shares half of its words."""
        if self.texts == before.texts:
            return True
        now, then = ({*text.split()} - {BERT_MASK} for text in (self.text, before.text))
        return 0 < min(len(now), len(then)) <= 2 * len(now & then)


class Scale(Enum):
    """How a weight becomes ink; the name is what the menu shows."""

    ROOT = "√ on 0–1"
    LINEAR = "linear on 0–1"
    ROW = "per row"
    MAP = "per map"
    LOG = "logarithmic"


class Show(Enum):
    """Which of the two runs the pictures show while something is changed inside BERT."""

    CHANGED = "changed"
    AS_IS = "as is"
    DIFFERENCE = "difference"


@dataclass(frozen=True, slots=True)
class ViewOptions:
    """How things are drawn; not part of undo.

    `fold` draws the keys [CLS] and [SEP] as one edge column and leaves their query rows out.
    `first_number` is 1, or 0 when layers and heads are counted from 0 on screen.
    """

    fold: bool = False
    scale: Scale = Scale.ROOT
    show: Show = Show.CHANGED
    first_number: int = 1


@dataclass(frozen=True, slots=True)
class Pick:
    """What a click or a hover names; None means "not about this".

    Positions are those of the trace the view drew. `also` is Ctrl: keep this too.
    """

    layer: int | None = None
    head: int | None = None
    token: int | None = None
    second: int | None = None
    word: str | None = None
    also: bool = False


class NoteKind(Enum):
    """What a note is about."""

    FAULT = "fault"
    RECOVERY = "recovery"
    EXAMPLE = "example"


@dataclass(frozen=True, slots=True)
class Note:
    """Words from the program for the note bar.

    `action` names what its button does (an action of the program), `detail` what *Copy details*
    copies; `more` are the captions that follow with *Next*.
    """

    text: str
    kind: NoteKind
    action: str = ""
    detail: str = ""
    more: tuple[str, ...] = ()


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
        report: the newest report of the job about this text, or None.
        loading: the name of the model being read, or None.
        fault: the run of the newest text failed; the picture is of the answer's text.
        note: words for the note bar, or None.
        catching_up: the newest text has waited 150 ms for its answer; `behind`, a whole second.
        job_running: the job of `report` (or one just asked for) is under way.
        can_undo: there is a step to take back; `can_redo`, one to do again.
    """

    state: State = State()
    options: ViewOptions = ViewOptions()
    facts: ModelFacts | None = None
    answer: Answer | None = None
    preview: Pick | None = None
    report: JobReport | None = None
    loading: str | None = None
    fault: Fault | None = None
    note: Note | None = None
    catching_up: bool = False
    behind: bool = False
    job_running: bool = False
    can_undo: bool = False
    can_redo: bool = False

    @property
    def trace(self) -> Trace | None:
        """The run to draw: the changed one, or the one as is if that is shown."""
        if self.answer is None:
            return None
        return self.answer.as_is if self.options.show is Show.AS_IS else self.answer.shown

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
