"""Edits of the texts: typing, hiding a word, filling a blank, swapping the sentences.

Pure functions from a state to the next one. Pins and hidden words are character spans and are
carried along by each edit; what an edit undoes is let go and said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.core.changes import of_one_text
from bertviz_app.core.encoding import Encoding, Span
from bertviz_app.core.reversal import Reversal
from bertviz_app.core.state import HiddenWord, Pin, Role, Selection, State
from bertviz_app.core.text import Edit, word_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a gesture leads to: the next state, and what to say about it.

    `step` names the step of undo it may be merged with. `note` says what was let go.
    """

    state: State
    note: str = ""
    step: str | None = None


def edited(state: State, sentence: int, edit: Edit | Reversal) -> Outcome:
    """The state after `edit` of sentence 0 or 1."""
    selection, lost = _carried(state.selection, sentence, edit)
    hidden = tuple(kept for word in state.hidden if (kept := _carry(word, sentence, edit)))
    text = edit.new
    after = replace(state, hidden=hidden, selection=selection, cursor=None)
    after = replace(after, text=text) if sentence == 0 else replace(after, pair=text)
    after = replace(after, interventions=state.interventions.of_any_text)
    notes = [f"The pin on {isolated(visible(word))} is gone." for word in lost]
    return Outcome(after, " ".join(filter(None, [*notes, left_behind(state)])))


def left_behind(state: State) -> str:
    """What is said of changes that belong to the texts of `state` and go with them, if any do."""
    gone = of_one_text(state.interventions)
    return f"{gone[0].upper()}{gone[1:]} belonged to the old text." if gone else ""


def at_change(before: State, state: State) -> State:
    """`state`, with the text cursor behind what is other than in `before`, if a text is."""
    for sentence in (0, 1):
        edit = Edit.between(before.sentence(sentence), state.sentence(sentence))
        if edit.new != edit.old:
            return replace(state, cursor=(sentence, edit.start + len(edit.inserted)))
    return state


def hidden(
    state: State, sentence: int, span: Span, mask: str, masks_for: Sequence[str] = ("",)
) -> Outcome:
    """Hide the word at `span`: it becomes a mask for each of `masks_for`, and is remembered.

    A single one names the piece BERT read, if it is known. Pins on the word stay with its mask,
    which becomes the blank in question.
    """
    text = state.sentence(sentence)
    word, masks = text[span[0] : span[1]], mask * len(masks_for)
    after = edited(state, sentence, Edit.between(text, text[: span[0]] + masks + text[span[1] :]))
    shift = span[0], span[0] + len(masks)
    first = Pin(sentence, (span[0], span[0] + len(mask)), shift)
    before = state.selection
    selection = replace(
        after.state.selection,
        token=first if _inside(before.token, sentence, span) else after.state.selection.token,
        second=first if _inside(before.second, sentence, span) else after.state.selection.second,
        blank=first,
        word=None,
    )
    piece = masks_for[0] or None if len(masks_for) == 1 else None
    remembered = (*after.state.hidden, HiddenWord(sentence, shift, word, piece))
    after_all = replace(after.state, hidden=remembered, selection=selection)
    return Outcome(after_all, left_behind(state))


def filled(state: State, sentence: int, span: Span, word: str) -> Outcome:
    """Put `word` in the place of the mask (or run of masks) at `span`; pins on it stay."""
    text = state.sentence(sentence)
    edit = Edit.between(text, text[: span[0]] + word + text[span[1] :])
    after = edited(state, sentence, edit).state
    where = (span[0], span[0] + len(word))
    pin = Pin(sentence, where, where)
    before, selection = state.selection, after.selection
    selection = replace(
        selection,
        token=pin if _inside(before.token, sentence, span) else selection.token,
        second=pin if _inside(before.second, sentence, span) else selection.second,
        blank=None if _inside(before.blank, sentence, span) else selection.blank,
    )
    forgotten = tuple(item for item in after.hidden if not _overlaps(item, sentence, span))
    after_all = replace(after, hidden=forgotten, selection=selection)
    return Outcome(after_all, left_behind(state))


def reversed_words(state: State, mask: str) -> Outcome:
    """The words of each sentence in reverse order; pins and hidden words go along."""
    outcome, notes = Outcome(state), []
    for sentence, text in enumerate(state.texts):
        if text:
            outcome = edited(outcome.state, sentence, Reversal(text, mask))
            notes.append(outcome.note)
    return replace(outcome, note=" ".join(filter(None, notes)))


def swapped(state: State) -> Outcome:
    """Exchange the two sentences; pins and hidden words go along."""

    def moved(pin: Pin | None) -> Pin | None:
        return (
            pin if pin is None or pin.role is not None else replace(pin, sentence=1 - pin.sentence)
        )

    chosen = state.selection
    after = replace(
        state,
        text=state.pair or "",
        pair=state.text,
        hidden=tuple(replace(word, sentence=1 - word.sentence) for word in state.hidden),
        selection=replace(
            chosen,
            token=moved(chosen.token),
            second=moved(chosen.second),
            blank=moved(chosen.blank),
        ),
        interventions=state.interventions.of_any_text,
        cursor=None,
    )
    return Outcome(after, left_behind(state))


def with_pair(state: State, before: State) -> Outcome:
    """The state with a second sentence: that of `before`, with what is hidden in it, if any."""
    two = replace(state, pair="")
    if not before.pair:
        return Outcome(two)
    outcome = edited(two, 1, Edit.between("", before.pair))
    hidden = tuple(word for word in before.hidden if word.sentence == 1)
    after = replace(outcome.state, hidden=(*outcome.state.hidden, *hidden))
    return replace(outcome, state=after)


def without_pair(state: State) -> Outcome:
    """Take the second sentence away, with everything that stood in it."""

    def kept(pin: Pin | None) -> Pin | None:
        gone = pin is not None and (
            pin.role is Role.END_OF_B or (pin.role is None and pin.sentence)
        )
        return None if gone else pin

    chosen = state.selection
    after = replace(
        state,
        pair=None,
        hidden=tuple(word for word in state.hidden if word.sentence == 0),
        selection=replace(
            chosen, token=kept(chosen.token), second=kept(chosen.second), blank=kept(chosen.blank)
        ),
        interventions=state.interventions.of_any_text if state.pair else state.interventions,
    )
    return Outcome(after, left_behind(state) if state.pair else "")


def pin_at(encoding: Encoding, texts: tuple[str, str], position: int) -> Pin:
    """The pin for a token of a trace: a span of its sentence, or a role if it was added."""
    sentence = encoding.sentences[position]
    if sentence is None:
        return Pin(role=list(Role)[encoding.added.index(position)])
    span = encoding.spans[position]
    word = word_of(texts[sentence], span[0]) or span
    return Pin(sentence, span, word, nth=encoding.nth(position))


def _carried(
    selection: Selection, sentence: int, edit: Edit | Reversal
) -> tuple[Selection, list[str]]:
    """The selection after an edit, and the words whose pins it undid."""
    lost = []

    def carried(pin: Pin | None) -> Pin | None:
        kept = pin.carried(sentence, edit) if pin is not None else None
        if pin is not None and kept is None:
            lost.append(edit.old[pin.span[0] : pin.span[1]])
        return kept

    token, second = carried(selection.token), carried(selection.second)
    said = list(dict.fromkeys(lost))
    return replace(selection, token=token, second=second, blank=carried(selection.blank)), said


def _carry(word: HiddenWord, sentence: int, edit: Edit | Reversal) -> HiddenWord | None:
    if word.sentence != sentence:
        return word
    span = edit.carry(word.span)
    return replace(word, span=span) if span is not None else None


def _inside(pin: Pin | None, sentence: int, span: Span) -> bool:
    if pin is None or pin.role is not None or pin.sentence != sentence:
        return False
    return span[0] <= pin.span[0] and pin.span[1] <= span[1]


def _overlaps(word: HiddenWord, sentence: int, span: Span) -> bool:
    return word.sentence == sentence and word.span[0] < span[1] and span[0] < word.span[1]
