"""What each gesture means: a click, a double click, a key or a typed text becomes a next state.

Pure functions of a snapshot. A gesture names tokens of the trace that was drawn, whose text may
be older than what is typed by now; what it names is carried over to the current text.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bertviz_app.core.encoding import Span
from bertviz_app.core.questions.what_about import LIMIT
from bertviz_app.core.request import Head
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Note, NoteKind, Pick, Pin, Selection
from bertviz_app.core.text import BERT_MASK, Edit, word_at, word_of
from bertviz_app.session.editing import (
    Outcome,
    edited,
    filled,
    hidden,
    left_behind,
    pin_at,
    reversed_words,
    without_pair,
)

SELECTING = "selecting"
FIX_MASK = "text.fix_mask"
"""The action that writes a mask as the model reads it."""

FULL = "What about holds eight words."

_LOOKS_LIKE_A_MASK = re.compile(r"\[\s*mask\s*\]", re.IGNORECASE)


def typed(snapshot: Snapshot, sentence: int, text: str, cursor: int) -> Outcome | None:
    """The text of a sentence as it stands after a key, a paste or a deletion.

    The letters of one word are one step of undo.
    """
    old = snapshot.state.sentence(sentence)
    if text == old:
        return None
    edit = Edit.between(old, text, cursor)
    outcome = edited(snapshot.state, sentence, edit)
    state = replace(outcome.state, cursor=(sentence, cursor))
    return replace(outcome, state=state, step=_typing_step(edit, sentence))


def moved(snapshot: Snapshot, sentence: int, cursor: int) -> Outcome:
    """The text cursor is put elsewhere; no step of undo, for the state is equal."""
    return Outcome(replace(snapshot.state, cursor=(sentence, cursor)))


def picked(snapshot: Snapshot, pick: Pick) -> Outcome | None:
    """A click: keep what it names."""
    selection = snapshot.state.selection
    if pick.layer is not None and pick.head is not None:
        selection = _with_head(selection, (pick.layer, pick.head), also=pick.also)
    if pick.whole and snapshot.facts is not None:
        selection = _with_layer(selection, snapshot.facts.spec.heads)
    if pick.token is not None and (pin := _pin(snapshot, pick.token)) is not None:
        selection = replace(selection, token=pin)
        if snapshot.trace is not None and pick.token in snapshot.trace.encoding.masks:
            selection = replace(selection, blank=pin)
    if pick.second is not None and (pin := _pin(snapshot, pick.second)) is not None:
        selection = replace(selection, second=pin)
    if pick.word is not None and pick.also:
        return _asked_too(snapshot, pick.word)
    if pick.word is not None:
        selection = replace(selection, word=pick.word)
    return Outcome(replace(snapshot.state, selection=selection), step=SELECTING)


def asked(snapshot: Snapshot, words: tuple[str, ...]) -> Outcome:
    """These are the words of *What about …* now; the letters of one word are one step of undo."""
    step = f"asking {len(words)}"
    return Outcome(replace(snapshot.state, asked=words[:LIMIT]), step=step)


def released(snapshot: Snapshot) -> Outcome | None:
    """Esc: let go of one thing, the second token first; None if nothing is kept."""
    selection = snapshot.state.selection
    if selection.second is not None:
        selection = replace(selection, second=None)
    elif selection.token is not None:
        selection = replace(selection, token=None)
    elif selection.also:
        selection = replace(selection, also=())
    elif selection.word is not None:
        selection = replace(selection, word=None)
    else:
        return None
    return Outcome(replace(snapshot.state, selection=selection), step=SELECTING)


def stepped_head(snapshot: Snapshot, layers: int, heads: int) -> Outcome | None:
    """Go some layers and heads on; heads run on into the next layer, ends are ends."""
    if snapshot.facts is None:
        return None
    spec, selection = snapshot.facts.spec, snapshot.state.selection
    at = min(selection.layer, spec.layers - 1) * spec.heads + min(selection.head, spec.heads - 1)
    at += layers * spec.heads + heads
    if not 0 <= at < spec.layers * spec.heads:
        return None
    return picked(snapshot, Pick(layer=at // spec.heads, head=at % spec.heads))


def stepped_blank(snapshot: Snapshot, by: int) -> Outcome | None:
    """Go to the next blank (or the one before), round the end."""
    if snapshot.trace is None or snapshot.blank is None:
        return None
    masks = snapshot.trace.encoding.masks
    position = masks[(masks.index(snapshot.blank) + by) % len(masks)]
    return picked(snapshot, Pick(token=position))


def hidden_token(snapshot: Snapshot, position: int, *, each: bool = False) -> Outcome | None:
    """A double click on a token: hide its word, or give a hidden one back.

    `each` makes one [MASK] a piece instead of one for the word.
    """
    pin = _pin(snapshot, position)
    if pin is None or pin.role is not None:
        return None
    span = word_of(snapshot.state.sentence(pin.sentence), pin.span[0], _mask(snapshot))
    return _hidden(snapshot, pin.sentence, span, each=each)


def hidden_at(
    snapshot: Snapshot, sentence: int, character: int, *, each: bool = False
) -> Outcome | None:
    """Hide the word at the text cursor of a sentence, or give a hidden one back.

    A [MASK] that hides nothing takes the best candidate it was given.
    """
    span = word_at(snapshot.state.sentence(sentence), character, _mask(snapshot))
    return _hidden(snapshot, sentence, span, each=each)


def _hidden(snapshot: Snapshot, sentence: int, span: Span | None, *, each: bool) -> Outcome | None:
    state, mask = snapshot.state, _mask(snapshot)
    if span is None or not mask:
        return None
    remembered = state.hidden_around(sentence, span)
    if remembered is not None:
        return filled(state, sentence, remembered.span, remembered.word)
    if state.sentence(sentence)[span[0] : span[1]] == mask:
        best = _best_at(snapshot, sentence, span)
        return filled(state, sentence, span, best) if best is not None else None
    pieces = _pieces(snapshot, sentence, span)
    masks_for = pieces if pieces and (each or len(pieces) == 1) else ("",)
    return hidden(state, sentence, span, mask, masks_for)


def mask_hint(snapshot: Snapshot) -> Note | None:
    """Advice where a mask was meant but not written as the model reads it, e.g. `[mask]`."""
    mask = _mask(snapshot)
    for text in snapshot.state.texts if mask else ():
        for match in _LOOKS_LIKE_A_MASK.finditer(text):
            if match.group() != mask:
                words = f"“{match.group()}” is read as letters."
                return Note(words, NoteKind.RECOVERY, FIX_MASK)
    return None


def fixed_masks(snapshot: Snapshot) -> Outcome | None:
    """Write every mask of both sentences as the model reads it."""
    mask, state = _mask(snapshot), snapshot.state
    if not mask:
        return None
    for sentence, text in enumerate(state.texts):
        for match in reversed(list(_LOOKS_LIKE_A_MASK.finditer(text))):
            now = state.sentence(sentence)
            right = now[: match.start()] + mask + now[match.end() :]
            state = edited(state, sentence, Edit.between(now, right)).state
    changed = state.texts != snapshot.state.texts
    return Outcome(state, left_behind(snapshot.state) if changed else "")


def reversed_text(snapshot: Snapshot) -> Outcome | None:
    """Put the words into reverse order; None if that changes nothing."""
    outcome = reversed_words(snapshot.state, _mask(snapshot) or BERT_MASK)
    return outcome if outcome.state.texts != snapshot.state.texts else None


def filled_blank(snapshot: Snapshot, position: int, word: str) -> Outcome | None:
    """Put a candidate into the blank at a token; it becomes the word to follow."""
    pin = _pin(snapshot, position)
    if pin is None or pin.role is not None:
        return None
    outcome = filled(snapshot.state, pin.sentence, pin.span, word.removeprefix("##"))
    selection = replace(outcome.state.selection, word=word)
    return replace(outcome, state=replace(outcome.state, selection=selection))


def retexted(snapshot: Snapshot, text: str, pair: str | None) -> Outcome:
    """Other sentences in the place of these; what they undo is let go and said."""
    outcome, notes = Outcome(snapshot.state), []
    for sentence, new in enumerate((text, pair or "")):
        old = outcome.state.sentence(sentence)
        if new != old:
            outcome = edited(outcome.state, sentence, Edit.between(old, new))
            notes.append(outcome.note)
    state = outcome.state
    state = without_pair(state).state if pair is None else replace(state, pair=pair)
    return Outcome(state, " ".join(filter(None, notes)))


def _mask(snapshot: Snapshot) -> str:
    """How the model writes a blank; empty before there is a model, or if it cannot."""
    return snapshot.facts.mask_token if snapshot.facts is not None else ""


def _pin(snapshot: Snapshot, position: int) -> Pin | None:
    """The pin for a token of the drawn trace, in the text as it is now."""
    trace = snapshot.trace
    if trace is None or not 0 <= position < len(trace.encoding):
        return None
    texts = (trace.request.text, trace.request.pair)
    pin: Pin | None = pin_at(trace.encoding, texts, position)
    for sentence in (0, 1):
        now = snapshot.state.sentence(sentence)
        if pin is not None and texts[sentence] != now:
            pin = pin.carried(sentence, Edit.between(texts[sentence], now))
    return pin


def _with_head(selection: Selection, head: Head, *, also: bool) -> Selection:
    if not also or head == (selection.layer, selection.head):
        return replace(selection, layer=head[0], head=head[1], also=())
    if head in selection.also:
        return replace(selection, also=tuple(other for other in selection.also if other != head))
    return replace(selection, also=(*selection.also, head))


def _with_layer(selection: Selection, heads: int) -> Selection:
    """All heads of the layer of the kept one beside it."""
    also = tuple((selection.layer, head) for head in range(heads) if head != selection.head)
    return replace(selection, also=also)


def _asked_too(snapshot: Snapshot, word: str) -> Outcome:
    """One word more in *What about …* if there is room for it, or without it if it was there."""
    words, selection = snapshot.state.asked, snapshot.state.selection
    if word in words:
        outcome = asked(snapshot, tuple(other for other in words if other != word))
        if word != selection.word or snapshot.facts is None or word in snapshot.facts.ids:
            return outcome
        # One of several pieces is followed nowhere else.
        let_go = replace(outcome.state, selection=replace(selection, word=None))
        return replace(outcome, state=let_go)
    if len(words) >= LIMIT:
        return Outcome(snapshot.state, note=FULL)
    return asked(snapshot, (*words, word))


def _best_at(snapshot: Snapshot, sentence: int, span: Span) -> str | None:
    trace = snapshot.trace
    if trace is None or not snapshot.state.same_texts(trace.request):
        return None
    position = trace.encoding.find(sentence, span)
    for prediction in trace.predictions:
        if prediction.position == position:
            return prediction.candidates[0].token.removeprefix("##")
    return None


def _pieces(snapshot: Snapshot, sentence: int, span: Span) -> tuple[str, ...]:
    """The pieces of the word at `span`, as far as the newest trace knows them."""
    trace = snapshot.trace
    if trace is None or not snapshot.state.same_texts(trace.request):
        return ()
    encoding = trace.encoding
    return tuple(
        encoding.tokens[position]
        for position, (start, end) in enumerate(encoding.spans)
        if encoding.sentences[position] == sentence and span[0] <= start and end <= span[1]
    )


def _typing_step(edit: Edit, sentence: int) -> str | None:
    """The name of the step of undo a typed edit belongs to; a new word begins a new one."""
    inserted, removed = len(edit.inserted), edit.end - edit.start
    if inserted + removed != 1:
        return None
    text = edit.new if inserted else edit.old
    words = len(text[: edit.start + 1].split())
    return f"typing {sentence} {'in' if inserted else 'out'} {words}"
