"""What the program says in the note bar: what a note gives way to, and how long it stays."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic

from bertviz_app.analysis.trust import UNIFORM
from bertviz_app.analysis.visible import quoted
from bertviz_app.core.changes import chips, removed
from bertviz_app.core.encoding import Reading
from bertviz_app.core.errors import Fault
from bertviz_app.core.facts import BUNDLED_NAME, ModelFacts
from bertviz_app.core.request import Interventions
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import UNDO, Note, NoteKind, State
from bertviz_app.core.trace import Answer
from bertviz_app.session.worker import Task

LEGIBLE = 4.0
"""Seconds that advice stays although typing goes on."""

RESTART = "engine.restart"
STOP_WAITING = "engine.stop_waiting"
"""The actions that are offered when an engine takes long."""

OPEN = "model.open"
"""The action that offers other models where the one that was wanted did not open."""

SEE = "model.trust"
"""The action that shows what was loaded."""

UNFOLDED = Note(
    "[CLS] and [SEP] are no longer folded: the example had folded them for its own text.",
    NoteKind.RECOVERY,
)
"""Said when a text that is not the example's takes its fold away."""


class Notes:
    """One note at a time; it remembers since when it stands."""

    def __init__(self) -> None:
        self._note: Note | None = None
        self._since = 0.0
        self._doubted = Once()
        self._cut = Once()

    def replaced(self, said: Note | None, new: Note | None) -> Note | None:
        """What stands after `new` is to be said: a fault waits until it was read or is outdone.

        What passes covers what stood before it, which comes back when it is closed.
        """
        if new is None:
            return said.covers if said is not None else None
        if said is not None and said.kind is NoteKind.FAULT and new.kind is not NoteKind.FAULT:
            return said
        return replace(new, covers=lasting(said)) if new.passes else new

    def left(self, said: Note | None, before: State, after: State) -> Note | None:
        """What is left of a note after a step: all goes with the text, advice a while after it.

        That nothing is folded any more is said of the new text, however it goes on. Captions speak
        of the text as the example has it: one that lasts is left when it is edited.
        """
        said = lasting(said)
        if said is not self._note:
            self._note, self._since = said, monotonic()
        if said is None or not (said is UNFOLDED or after.continues(before)):
            return None
        if after.texts == before.texts:
            return said
        if said.kind is NoteKind.EXAMPLE:
            return _last_caption(said)
        outdated = monotonic() - self._since > LEGIBLE
        return None if said.kind is NoteKind.RECOVERY and outdated else said

    def answered(self, snapshot: Snapshot) -> Note | None:
        """What stands when a new answer has come: a fault of the run before goes, news comes.

        That a run has nothing to show, or that BERT did not read all, is said once for a model,
        and again for another text. What passes covers what of the other notes stands.
        """
        said = snapshot.note
        if said is not None and said.passes:
            stands = self.answered(replace(snapshot, note=said.covers))
            is_news = stands is not None and stands is not said.covers
            return stands if is_news else replace(said, covers=stands)
        over = snapshot.fault is not None or (said is not None and said.action == STOP_WAITING)
        stands = None if over else said
        # Of a model that another is about to take the place of, nothing new is said.
        doubt = doubtful(snapshot) if snapshot.loading is None else ""
        if doubt and self._doubted.is_news(snapshot, doubt):
            return doubtful_note(doubt, stands)
        if stands is not None and stands.kind is NoteKind.FAULT:
            return stands
        if (cut := cut_words(snapshot)) and self._cut.is_news(snapshot):
            if stands is not None and stands.kind is NoteKind.RECOVERY:
                return replace(stands, text=f"{stands.text} {cut}")
            return Note(cut, NoteKind.RECOVERY, of_model=True)
        return stands


class Once:
    """Remembers of which model and which text something was said."""

    def __init__(self) -> None:
        self._said: tuple[ModelFacts | None, str, State] | None = None

    def is_news(self, snapshot: Snapshot, words: str = "") -> bool:
        """Whether this is to be said now, because it was not yet; afterwards it was."""
        facts, state, before = snapshot.facts, snapshot.state, self._said
        self._said = facts, words, state
        return before is None or before[:2] != (facts, words) or not state.continues(before[2])


def lasting(said: Note | None) -> Note | None:
    """The note that stands, or what it covers if it passes."""
    return said.covers if said is not None and said.passes else said


def _last_caption(said: Note) -> Note | None:
    """What is left of captions when the text is edited."""
    if said.lasts and said.more:
        return replace(said, text=said.more[-1], action="", more=())
    return said if said.lasts else None


def doubtful(snapshot: Snapshot) -> str:
    """Why the numbers of the model as it is mean nothing; empty if they do."""
    run = snapshot.answer.as_is if snapshot.answer is not None else None
    if run is None or not (run.uniform or run.broken is not None):
        return ""
    if run.broken is None:
        return f"{UNIFORM.rstrip('.')}: see What was loaded."
    if run.broken == 0:
        where, after = "The embeddings hold", "them"
    else:
        where, after = f"Layer {run.broken - 1 + snapshot.options.first_number} holds", "it"
    return f"{where} values that are not numbers; nothing after {after} means anything."


def doubtful_note(doubt: str, stands: Note | None) -> Note:
    """What is said of a model in doubt; what can be undone is said before it."""
    note = Note(doubt, NoteKind.FAULT, SEE, of_model=True)
    if stands is None or stands.action != UNDO:
        return note
    return replace(note, text=f"{stands.text} {doubt}", action=UNDO, other=SEE)


def cut_words(snapshot: Snapshot) -> str:
    """How much BERT sees of a text that is longer than it reads; empty if it sees all."""
    if snapshot.answer is None:
        return ""
    run = snapshot.answer.shown
    first, second = run.encoding.first, run.encoding.second
    if not (first.unread or second.unread):
        return ""
    seen = f"of this text's {first.pieces:,} it sees the first {first.read:,}"
    if run.request.pair:
        seen = f"of A it sees {_part(first)}, of B {_part(second)}"
    most = f"BERT reads {run.spec.positions:,} pieces at most, with [CLS] and [SEP]"
    return f"{most}: {seen}. The rest is grey in the text."


def _part(reading: Reading) -> str:
    if not reading.unread:
        return f"all {reading.pieces:,}"
    return f"the first {reading.read:,} of {reading.pieces:,}"


def gesture_note(words: str, *, done: bool) -> Note | None:
    """What is said of a gesture: with Undo, unless the words say why nothing was done."""
    return Note(words, NoteKind.RECOVERY, UNDO if done else "") if words else None


def unless_undo(note: Note | None) -> Note | None:
    """What is left of a note once something was undone: nothing of one that offered it."""
    return None if note is not None and note.action == UNDO else note


def fault_note(what: str, fault: Fault, answer: Answer | None) -> Note:
    """What is said when a run or a job failed; the picture is still the one of `answer`."""
    text = f"{what}: {fault.sentence.rstrip('.')}.{_picture_of(answer)}"
    return Note(text, NoteKind.FAULT, detail=fault.detail, of_model=True)


def overdue_note(task: Task, answer: Answer | None) -> Note:
    """What is said when the engine has been at one thing for long."""
    text = f"{task.what[0].upper()}{task.what[1:]} is taking long: the engine has been at it for "
    text += f"{monotonic() - task.since:.0f} s.{_picture_of(answer)}"
    return Note(text, NoteKind.FAULT, STOP_WAITING, other=RESTART)


def opening_overdue_note(name: str, facts: ModelFacts | None) -> Note:
    """What is said when a model is long in opening while the one of `facts` is there."""
    stays = f" {first_words(facts)} stays open." if facts is not None else ""
    return Note(f"Reading {name} is taking long.{stays}", NoteKind.FAULT, STOP_WAITING)


def lost_note(fault: Fault, opening: str | None) -> Note:
    """What is said when the engine has ended by itself: it begins anew, or `opening` follows."""
    follows = f"; {opening} is still being opened" if opening else " and was started again"
    text = f"The engine stopped ({fault.sentence.rstrip('.')}){follows}."
    return Note(text, NoteKind.FAULT, detail=fault.detail, of_model=opening is None)


def fallen_back_note(facts: ModelFacts) -> Note:
    """What is said when a model had to go over to another device."""
    return Note(facts.fallen_back, NoteKind.FAULT, of_model=True)


def _picture_of(answer: Answer | None) -> str:
    """Which text the picture is of, as a sentence."""
    if answer is None:
        return ""
    return f" The picture is of {quoted(answer.shown.request.text, 40)}."


def first_words(facts: ModelFacts) -> str:
    """A model's name as a sentence begins with it."""
    return f"The {facts.name}" if facts.name == BUNDLED_NAME else facts.name


def missing_model_note(fault: Fault, changes: Interventions) -> Note:
    """What is said when the model of a session could not be opened, and its changes had to go."""
    words = f"{fault.sentence.rstrip()} The session is about this model: its text is kept."
    gone = f" {removed(changes)}" if changes else ""
    return Note(f"{words}{gone}", NoteKind.FAULT, OPEN, fault.detail)


def instead_note(fault: Fault) -> Note:
    """What is said when the first model that was asked for could not be opened."""
    words = f"{fault.sentence.rstrip()} The {BUNDLED_NAME} was opened instead."
    return Note(words, NoteKind.FAULT, OPEN, fault.detail)


def other_model_note(facts: ModelFacts, changes: Interventions) -> Note:
    """What is said when another model stands where the one of a session stood."""
    gone = f" {removed(changes)}" if changes else ""
    words = f"{first_words(facts)} is not the model this session was saved with; its numbers "
    return Note(f"{words}differ.{gone}", NoteKind.RECOVERY, UNDO if changes else "")


def absent_heads_note(facts: ModelFacts, changes: Interventions, kept: Interventions) -> Note:
    """What is said when a session changes heads that its model does not have."""
    number = len(chips(changes)) - len(chips(kept))
    what = "1 change to a head" if number == 1 else f"{number} changes to heads"
    were = "was" if number == 1 else "were"
    has = f"{first_words(facts)} has {facts.spec.layers} layers of {facts.spec.heads} heads"
    return Note(f"{has}: {what} it does not have {were} left out.", NoteKind.FAULT)


def not_opened_note(fault: Fault, facts: ModelFacts | None) -> Note:
    """What is said when a model could not be opened; the one of `facts` stays."""
    stays = f" {first_words(facts)} stays open." if facts is not None else ""
    return Note(f"{fault.sentence.rstrip()}{stays}", NoteKind.FAULT, detail=fault.detail)


def unfinished_note(fault: Fault, facts: ModelFacts | None) -> Note:
    """What is said of a model whose file is still being written: it is tried once more."""
    what = fault.sentence.partition(";")[0]
    stays = f" {first_words(facts)} stays open until then." if facts is not None else ""
    words = f"{what}; it is opened when the file changes no more.{stays}"
    return Note(words, NoteKind.FAULT, STOP_WAITING, detail=fault.detail)
