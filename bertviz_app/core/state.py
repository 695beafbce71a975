"""What the person has typed, chosen and changed, and how they want it drawn."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum

from bertviz_app.core.encoding import Encoding, Span
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.request import Capture, Interventions, Request
from bertviz_app.core.reversal import Reversal
from bertviz_app.core.text import BERT_MASK, Edit


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

    def carried(self, sentence: int, edit: Edit | Reversal) -> Pin | None:
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

    `pair` is None while there is no second sentence. `asked` are the words of *What about …*.
    `cursor` is where the text cursor was put last, as (sentence, character), until the text is
    changed in another way than by typing; states that differ in it alone are equal.
    """

    text: str = ""
    pair: str | None = None
    hidden: tuple[HiddenWord, ...] = ()
    interventions: Interventions = field(default_factory=Interventions)
    selection: Selection = Selection()
    asked: tuple[str, ...] = ()
    cursor: tuple[int, int] | None = field(default=None, compare=False)

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


class WeightKind(Enum):
    """Which numbers the pictures of attention show; the name is what the menu shows."""

    WEIGHT = "weight"
    NORM = "norm-weighted"
    GRADIENT = "gradient × weight"
    MEAN = "mean of heads"
    ROLLOUT = "rollout"
    FLOW = "flow"


@dataclass(frozen=True, slots=True)
class Sorting:
    """Heads by the measure of this name, most first: those of each layer, or all of them."""

    measure: str
    within_layers: bool


@dataclass(frozen=True, slots=True)
class ViewOptions:
    """How things are drawn; not part of undo.

    What is folded or not kept is summed, row by row, in one edge column.

    Attributes:
        fold: the keys [CLS] and [SEP] go to the edge, and their query rows are left out.
        fold_lent: an example has folded them for its own text; with another text they unfold. What
            a person folds stays.
        scale: how a weight becomes ink.
        show: which run is drawn while something is changed.
        first_number: 1, or 0 when layers and heads are counted from 0 on screen.
        fold_punctuation: the same for punctuation.
        words: the pieces of a word are one row (their mean) and one column (their sum).
        keep: the share of each row, 0 to 1, that its largest weights must reach to be drawn.
        above: the least weight that is drawn.
        kind: which numbers are drawn.
        listed: how many words Answer lists.
        temperature: other than 1, it puts a what-if column beside them.
        sorting: the order of the small maps; None is as in the model.
    """

    fold: bool = False
    scale: Scale = Scale.ROOT
    show: Show = Show.CHANGED
    first_number: int = 1
    listed: int = 10
    temperature: float = 1.0
    sorting: Sorting | None = None
    fold_punctuation: bool = False
    words: bool = False
    keep: float = 1.0
    above: float = 0.0
    kind: WeightKind = WeightKind.WEIGHT
    fold_lent: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "fold_lent", self.fold_lent and self.fold)

    def after(self, before: State, state: State) -> ViewOptions:
        """How things are drawn once `state` has followed `before`.

        When nothing is changed any more, the next change is shown first as it changes BERT.
        """
        fold = self.fold and (not self.fold_lent or state.continues(before))
        show = self.show if state.interventions else Show.CHANGED
        return replace(self, fold=fold, show=show)


@dataclass(frozen=True, slots=True)
class Pick:
    """What a click or a hover names; None means "not about this".

    Positions are those of the trace the view drew. `also` is Ctrl: keep this too. `whole` is
    Shift: keep the head with all the others of its layer beside it.
    """

    layer: int | None = None
    head: int | None = None
    token: int | None = None
    second: int | None = None
    word: str | None = None
    also: bool = False
    whole: bool = False


UNDO = "edit.undo"
"""The action of a note that takes back the last step."""


class NoteKind(Enum):
    """What a note is about."""

    FAULT = "fault"
    RECOVERY = "recovery"
    EXAMPLE = "example"


@dataclass(frozen=True, slots=True)
class Note:
    """Words from the program for the note bar.

    `action` names what its button does (an action of the program), `other` what a second one does,
    `detail` what *Copy details* copies; `more` are the captions that follow with *Next*.
    `of_model`: what is said is true of the open model only, and goes with it. `lasts`: the last
    caption is true of the text when it is edited, too. `passes`: it is news of a moment, and
    what it `covers`, which stood before it, comes back after some seconds.
    """

    text: str
    kind: NoteKind
    action: str = ""
    detail: str = ""
    more: tuple[str, ...] = ()
    other: str = ""
    of_model: bool = False
    lasts: bool = False
    passes: bool = False
    covers: Note | None = None
