"""What the program says in the note bar: what a note gives way to, and how long it stays."""

from __future__ import annotations

from time import monotonic

from bertviz_app.core.errors import Fault
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Note, NoteKind, State
from bertviz_app.core.trace import Answer

LEGIBLE = 4.0
"""Seconds that advice stays although typing goes on."""

UNIFORM = "All heads look everywhere alike. Usually the weights were not loaded."


class Notes:
    """One note at a time; it remembers since when it stands."""

    def __init__(self) -> None:
        self._note: Note | None = None
        self._since = 0.0
        self._doubted: tuple[ModelFacts | None, str, State] | None = None

    def replaced(self, said: Note | None, new: Note | None) -> Note | None:
        """What stands after `new` is to be said: a fault waits until it was read or is outdone."""
        waits = said is not None and said.kind is NoteKind.FAULT
        return said if waits and new is not None and new.kind is not NoteKind.FAULT else new

    def left(self, said: Note | None, before: State, after: State) -> Note | None:
        """What is left of a note after a step: all goes with the text, advice a while after it."""
        if said is not self._note:
            self._note, self._since = said, monotonic()
        if said is None or not after.continues(before):
            return None
        outdated = after.texts != before.texts and monotonic() - self._since > LEGIBLE
        return None if said.kind is NoteKind.RECOVERY and outdated else said

    def answered(self, snapshot: Snapshot) -> Note | None:
        """What stands when a new answer has come: a fault of the run before goes, doubt comes.

        That a run has nothing to show is said once for a model, and again for another text.
        """
        stands = None if snapshot.fault is not None else snapshot.note
        words = doubtful(snapshot)
        if not words:
            return stands
        facts, state, said = snapshot.facts, snapshot.state, self._doubted
        self._doubted = facts, words, state
        if said is not None and said[:2] == (facts, words) and state.continues(said[2]):
            return stands
        return Note(words, NoteKind.FAULT)


def doubtful(snapshot: Snapshot) -> str:
    """Why the numbers of the model as it is mean nothing; empty if they do."""
    run = snapshot.answer.as_is if snapshot.answer is not None else None
    if run is None or not (run.uniform or run.broken is not None):
        return ""
    if run.broken is None:
        return UNIFORM
    if run.broken == 0:
        where, after = "The embeddings hold", "them"
    else:
        where, after = f"Layer {run.broken - 1 + snapshot.options.first_number} holds", "it"
    return f"{where} values that are not numbers; nothing after {after} means anything."


def gesture_note(words: str, *, done: bool) -> Note | None:
    """What is said of a gesture: with Undo, unless the words say why nothing was done."""
    return Note(words, NoteKind.RECOVERY, "edit.undo" if done else "") if words else None


def fault_note(what: str, fault: Fault, answer: Answer | None) -> Note:
    """What is said when a run or a job failed; the picture is still the one of `answer`."""
    text = f"{what}: {fault.sentence.rstrip('.')}."
    if answer is not None:
        old = " ".join(answer.shown.request.text.split())
        text += f" The picture is of “{old[:40]}{'…' if len(old) > 40 else ''}”."
    return Note(text, NoteKind.FAULT, detail=fault.detail)


def not_opened_note(fault: Fault, facts: ModelFacts | None) -> Note:
    """What is said when a model could not be opened; the one of `facts` stays."""
    stays = f" {facts.name} stays open." if facts is not None else ""
    return Note(f"{fault.sentence.rstrip()}{stays}", NoteKind.FAULT, detail=fault.detail)
