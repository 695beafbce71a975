"""The session: the one owner of what is typed, chosen, changed and answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from bertviz_app.core.jobs import Kind, Question
from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.core.request import Capture, Interventions
from bertviz_app.core.saved_session import BUNDLED_MODEL, ModelReference, SavedSession
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Note, Pick, State, ViewOptions
from bertviz_app.session.board import Board
from bertviz_app.session.computing import Computing
from bertviz_app.session.editing import Outcome
from bertviz_app.session.engines import Opened, OpenFailed
from bertviz_app.session.file_watch import FileWatch
from bertviz_app.session.history import History
from bertviz_app.session.notes import (
    UNFOLDED,
    Notes,
    gesture_note,
    lasting,
    unless_undo,
)
from bertviz_app.session.subject import Left, Subject
from bertviz_app.session.worker import Load


class Session(QObject):
    """Turns what the person does into states, states into runs, and answers into snapshots.

    Lives on the GUI thread. Every snapshot is complete: views need nothing else.

    Attributes:
        watch: sees, when it is told to look, whether files of the model in use were changed.

    Signals:
        changed(Snapshot): something is different; the snapshot holds everything.
        reduced(): a session that was kept goes on without all that it was about.
        not_opened(OpenFailed): a model did not open; a `Withheld` fault is to be allowed first.
        closed(): after `close`, when the last worker has ended.
    """

    changed = Signal(object)
    reduced = Signal()
    not_opened = Signal(object)
    closed = Signal()

    def __init__(
        self,
        load: Load,
        state: State,
        options: ViewOptions,
        model: ModelReference = BUNDLED_MODEL,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._subject = Subject(model, self.reduced.emit)
        self._history = History(state)
        self._notes = Notes()
        self._capture = Capture()
        self._board = Board(Snapshot(state=state, options=options), self)
        self._board.changed.connect(self.changed)
        self._computing = Computing(load, self._board, self._notes, self)
        self._computing.opened.connect(self._on_opened)
        self._computing.withheld.connect(self.not_opened)
        self._computing.open_failed.connect(self.not_opened)
        self._computing.open_failed.connect(self.do_without)
        self._computing.closed.connect(self.closed)
        self.watch = FileWatch(self._board, self)
        self._submit()

    @property
    def snapshot(self) -> Snapshot:
        """The newest snapshot."""
        return self._board.snapshot

    @property
    def wanted(self) -> ModelWanted:
        """The model that is open, as it was wanted."""
        return self._computing.wanted

    @property
    def state(self) -> State:
        """Texts, changes and selection as they are now."""
        return self._history.current

    @property
    def model(self) -> ModelReference:
        """The model the session is about, though it may still be being read."""
        return self._subject.model

    def do(self, outcome: Outcome | None) -> None:
        """Carry out what a gesture leads to; None is a gesture that means nothing here."""
        if outcome is not None:
            note = gesture_note(outcome.note, done=outcome.state != self.state)
            self.push(outcome.state, outcome.step, note)

    def push(self, state: State, step: str | None = None, note: Note | None = None) -> None:
        """Make `state` the current one and compute what follows from it.

        `step` names the step of undo it may be merged with; `note` replaces the note.
        """
        before = self.state
        if self._history.push(state, step) or note is not None:
            self._follow(before, note)
        elif state.cursor != before.cursor:
            self._emit(state=state)

    def open_model(self, wanted: ModelWanted) -> None:
        """Open a model beside the running one."""
        self._subject.begin_to_open(wanted)
        self._computing.open(wanted)

    @Slot(object)
    def do_without(self, failed: OpenFailed) -> None:
        """Go on with the open model, since another one failed or a person did not allow it."""
        self._leave(self._subject.failed(failed, self.state.interventions))

    def restart_engine(self) -> None:
        """Give up the engine, whatever it is at, and open its model anew."""
        self._computing.restart()

    def stop_waiting(self) -> None:
        """Wait no more for what takes long; what is shown stays."""
        self._computing.stop_waiting()
        if self._computing.opening is None:
            self._leave(self._subject.given_up(self.state.interventions))

    def resume(self, saved: SavedSession, note: Note | None = None) -> None:
        """Go on with a session that was kept: one step of undo, and its model if another is open.

        Its changes are in force once that model is open; if it does not open, they are removed.
        """
        to_open = self._subject.await_model(saved.model)
        self.push(saved.state, note=note)
        self.choose(replace(saved.options, first_number=self.snapshot.options.first_number))
        if to_open:
            self.open_model(saved.model.wanted)
        else:
            self._leave(self._subject.fitted(self.snapshot.facts, saved.state.interventions))

    def want(self, capture: Capture) -> None:
        """Say what traces must hold for the views that are visible."""
        self._capture = capture
        self._submit()

    def preview(self, pick: Pick | None) -> None:
        """Show what the mouse hovers in every view; it is not kept."""
        if pick != self.snapshot.preview:
            self._emit(preview=pick)

    def choose(self, options: ViewOptions) -> None:
        """Draw differently from now on."""
        if options != self.snapshot.options:
            self._emit(options=options)

    def intervene(self, interventions: Interventions, step: str | None = None) -> None:
        """Change BERT; the chips in the bar of changes say how."""
        self.push(replace(self.state, interventions=interventions), step)

    def ask(self, question: Question[Any]) -> None:
        """Begin a job; one of its kind under way is given up."""
        self._computing.ask(question)

    def cancel(self, kind: Kind) -> None:
        """Stop the job of this kind; what it found so far stays."""
        self._computing.cancel(kind)

    def note(self, note: Note | None) -> None:
        """Put words into the note bar, or take them away."""
        self._emit(note=self._notes.replaced(self.snapshot.note, note))

    def undo(self) -> None:
        """Take back the last step, whatever it was."""
        self._go(self._history.undo)

    def redo(self) -> None:
        """Do the step again that was taken back last."""
        self._go(self._history.redo)

    @property
    def is_closed(self) -> bool:
        """Whether the last worker has ended."""
        return self._computing.ended

    def close(self) -> None:
        """End the workers; `closed` follows. Returns at once."""
        self._computing.close()

    def _go(self, through_history: Callable[[], bool]) -> None:
        before = self.state
        if through_history():
            self._emit(note=unless_undo(lasting(self.snapshot.note)))
            self._follow(before, None)

    def _follow(self, before: State, note: Note | None) -> None:
        """Say what the step from `before` to the current state changed, and compute it."""
        state, options = self.state, self.snapshot.options.after(before, self.state)
        unfolded = self.snapshot.options.fold and not options.fold
        left = UNFOLDED if unfolded else self._notes.left(self.snapshot.note, before, state)
        changes: dict[str, Any] = {"state": state, "note": note or left, "options": options}
        if state.texts != before.texts or state.interventions != before.interventions:
            changes |= {"preview": None, **self._computing.drop_jobs(about_text_only=True)}
        self._emit(**changes)
        self._submit()

    def _submit(self, *, again: bool = False) -> None:
        request = self._subject.request(self.state, self.snapshot.facts, self._capture)
        self._computing.submit(request, again=again)

    def _emit(self, **changes: Any) -> None:
        undo, redo = self._history.can_undo, self._history.can_redo
        self._board.update(can_undo=undo, can_redo=redo, **changes)

    @Slot(object)
    def _on_opened(self, opened: Opened) -> None:
        self._capture = Capture()
        self._emit(**self._computing.news_of(opened))
        self._leave(self._subject.opened(opened, self.state.interventions))
        self._submit(again=True)

    def _leave(self, left: Left | None) -> None:
        """Take away the changes that the open model is not to have, if there are such."""
        if left is not None:
            before = self.state
            left.take_from(self._history)
            self._follow(before, left.note)
