"""Remembers the sentences that were left for others, and those a person has saved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import State
from bertviz_app.core.text import Edit
from bertviz_app.session.session import Session
from bertviz_app.storage.disk import Disk
from bertviz_app.storage.sentences import (
    Sentence,
    Sentences,
    change_sentences,
    read_sentences,
)


class SentenceKeeper(QObject):
    """Watches the text: one that gives way to another is left, one that is edited is not.

    Attributes:
        sentences: those that are remembered.

    Signals:
        changed(): others are.
    """

    changed = Signal()

    def __init__(self, session: Session, path: Path, disk: Disk, known: frozenset[str]) -> None:
        super().__init__(session)
        self.sentences = Sentences()
        self._path = path
        self._disk = disk
        self._known = known
        self._standing = sentence_of(session.state)
        self._seen = session.state
        self._errands = 0
        session.changed.connect(self._on_session_changed)
        self._send(partial(read_sentences, path))

    def leave(self, sentence: Sentence) -> None:
        """Remember a sentence that gives way; an example, or one of no words, is not."""
        if sentence.text.strip() and sentence.text not in self._known:
            self._change(lambda all_: all_.left(sentence))

    def toggle(self, sentence: Sentence) -> None:
        """Save a sentence, or forget one that is saved."""
        self._change(lambda all_: all_.toggled(sentence))

    def close(self) -> None:
        """The window closes: what stands in it is left."""
        self.leave(self._standing)

    def _change(self, change: Callable[[Sentences], Sentences]) -> None:
        self._show(change(self.sentences))
        self._send(partial(change_sentences, self._path, change))

    def _send(self, errand: Callable[[], Sentences]) -> None:
        self._errands += 1
        self._disk.do(errand, self._on_done)

    def _on_done(self, sentences: Sentences) -> None:
        self._errands -= 1
        if not self._errands:  # else it lacks what was changed since
            self._show(sentences)

    def _show(self, sentences: Sentences) -> None:
        if sentences != self.sentences:
            self.sentences = sentences
            self.changed.emit()

    @Slot(object)
    def _on_session_changed(self, snapshot: Snapshot) -> None:
        before, self._seen = self._seen, snapshot.state
        if snapshot.state.texts == before.texts:
            return
        if not is_most_of(self._standing.text, snapshot.state.text):
            self.leave(self._standing)
            self._standing = Sentence("")
        # What is taken away letter by letter is left as it stood before.
        if not only_removes(before.text, snapshot.state.text):
            self._standing = sentence_of(snapshot.state)


def is_most_of(old: str, new: str) -> bool:
    """Whether `new` is an edit of `old` that keeps at least half of it in place."""
    half = (len(old) + 1) // 2
    if old[:half] == new[:half] or old[len(old) - half :] == new[-half:]:
        return True  # as with most keys: a long text is not searched for what it shares
    edit = Edit.between(old, new)
    return 2 * (edit.end - edit.start) <= len(old)


def only_removes(old: str, new: str) -> bool:
    """Whether letters were taken away, and none has come."""
    return len(new) < len(old) and not Edit.between(old, new).inserted


def sentence_of(state: State) -> Sentence:
    """The texts of a state."""
    return Sentence(state.text, state.pair)
