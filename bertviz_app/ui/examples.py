"""The example sentences: what each opens and what to notice. A test checks what each claims."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bertviz_app.core.changes import removed_note
from bertviz_app.core.request import UNCHANGED, Interventions
from bertviz_app.core.state import Note, NoteKind, Selection, State, ViewOptions


@dataclass(frozen=True, slots=True)
class Example:
    """One example; layer and head count from 0 here, as everywhere outside the window.

    Attributes:
        title: what the menu calls it.
        text: the sentence; `pair` the second one, if it has one.
        view: name of the view it opens.
        notice: captions for the note bar, shown one after the other.
        head: (layer, head) it points at.
        fold: [CLS] and [SEP] are folded.
        asked: words of *What about …*.
        changes: what is changed inside BERT.
        lasts: the last caption is true of the text when it is edited, too: it says to what end.
    """

    title: str
    text: str
    view: str
    notice: tuple[str, ...]
    head: tuple[int, int] = (0, 0)
    pair: str | None = None
    fold: bool = False
    asked: tuple[str, ...] = ()
    changes: Interventions = UNCHANGED
    lasts: bool = False

    @property
    def state(self) -> State:
        """Texts, changes and selection as the example wants them."""
        layer, head = self.head
        selection = Selection(layer=layer, head=head)
        return State(
            text=self.text,
            pair=self.pair,
            selection=selection,
            interventions=self.changes,
            asked=self.asked,
        )

    @property
    def note(self) -> Note:
        """The captions."""
        return Note(self.notice[0], NoteKind.EXAMPLE, more=self.notice[1:], lasts=self.lasts)

    def note_after(self, changes: Interventions) -> Note:
        """The captions; the first also says which changes had to go, and how to get them back."""
        if not changes:
            return self.note
        gone = removed_note(changes)
        return replace(self.note, text=f"{self.notice[0]} ({gone.text})", action=gone.action)

    def drawn(self, options: ViewOptions) -> ViewOptions:
        """These options with whole weights: what a caption speaks of is what is drawn."""
        usual = ViewOptions()
        return replace(
            options,
            fold=self.fold,
            fold_lent=self.fold and (options.fold_lent or not options.fold),
            fold_punctuation=usual.fold_punctuation,
            words=usual.words,
            keep=usual.keep,
            above=usual.above,
            kind=usual.kind,
            show=usual.show,
        )


FIRST = Example(
    title="Whose hands?",
    text="The woman washed [MASK] hands.",
    view="arcs",
    notice=(
        "One word is hidden. BERT reads both sides and answers: her. "
        "Change woman to man and watch.",
        "The strongest line is one head at work: it looks from the blank to woman. "
        "Click other small maps.",
        "Double click any word to hide it.",
    ),
    head=(5, 8),
    fold=True,
    lasts=True,
)

EXAMPLES = (
    FIRST,
    Example(
        title="Layer by layer",
        text="The woman washed [MASK] hands.",
        view="path",
        notice=("After layer 5 BERT still says “his”; layer 6 turns it to “her”.",),
    ),
    Example(
        title="One head decides",
        text="He is [MASK] honest man.",
        view="effects",
        notice=(
            "Click the framed key, head 5.10, and silence it: “an” falls from 0.99 to 0.05 "
            "and “a” leads.",
            "From the blank this head looks to the word after it, “honest”. Change that to “good”: "
            "BERT says “a”, with the head and without.",
        ),
        head=(4, 9),
        fold=True,
        lasts=True,
    ),
    Example(
        title="One or many",
        text="The children [MASK] playing in the garden.",
        view="attention",
        notice=("Take “ren” off “children”: “were” 0.86 becomes “was” 0.87.",),
        fold=True,
        asked=("were", "was"),
        lasts=True,
    ),
    Example(
        title="Left only",
        text="[MASK] are you going?",
        view="effects",
        notice=(
            "Look left only: “where” (0.87) gives way to an opening quotation mark; "
            "nothing is left to read.",
        ),
    ),
    Example(
        title="Unsure",
        text="The farmers cultivate the [MASK] to grow crops.",
        view="attention",
        notice=(
            "Unsure: “crops” leads with 0.17. The ten best, most of them of the farm, hold 0.41 "
            "together; the other 30,512 pieces share 0.59.",
        ),
        fold=True,
    ),
    Example(
        title="Words in pieces",
        text="Unhappiness, snowboarding and a naïve café 😀",
        view="wordpiece",
        notice=(
            "“unhappiness” is un ##ha ##pp ##iness, the dots of “naïve” go, the smiley is [UNK].",
        ),
    ),
    Example(
        title="Two sentences",
        text="My dog is cute.",
        pair="He likes playing.",
        view="nsp",
        notice=(
            "B follows: over 0.99. Make B “The stock market fell sharply.” and it is 0.002. "
            "B begins after the first [SEP].",
        ),
        lasts=True,
    ),
    Example(
        title="Without order",
        text="I like cats",
        view="embeddings",
        notice=(
            "Positions are at 0 %. Reverse the words: “cats like I” has the same vectors to 1e−06. "
            "Give positions back: not so.",
        ),
        changes=Interventions(parts=(1, 1, 0)),
        lasts=True,
    ),
    Example(
        title="Three positions",
        text="She loves cats",
        view="positions",
        notice=(
            "“She”, “loves” and “cats” stand at positions 1, 2 and 3; [CLS] is 0. BERT learned a "
            "vector for each; in 2017 they were fixed sinusoids. In both, neighbours are most "
            "alike.",
        ),
    ),
    Example(
        title="Where B begins",
        text="My dog is cute.",
        pair="He likes playing.",
        view="segments",
        notice=(
            "B begins after the first [SEP], which still carries A. Press “All in one segment”, "
            "then look at Next sentence in place 5.",
        ),
    ),
    Example(
        title="Neighbours",
        text="The cat sat on the mat and the dog sat on the rug.",
        view="measures",
        notice=(
            "Head 1.3 puts 1.00 on the token before. Click next: head 2.9 puts 0.84 on the one "
            "after.",
        ),
        head=(0, 2),
    ),
    Example(
        title="A surprise",
        text="She drank a cup of bricks.",
        view="every_position",
        notice=("“bricks” surprises by 22 bits; “tea” would by 2.",),
    ),
)
