"""Computing: all that the engines are asked, and what comes back put on the board."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from bertviz_app.core.errors import Fault
from bertviz_app.core.jobs import Kind, Question
from bertviz_app.core.model_wanted import BUNDLED, ModelWanted
from bertviz_app.core.request import Request
from bertviz_app.core.state import NoteKind
from bertviz_app.core.trace import Answer
from bertviz_app.session.board import Board
from bertviz_app.session.engines import Engines, Opened
from bertviz_app.session.job_lane import JobLane
from bertviz_app.session.live_lane import LiveLane
from bertviz_app.session.notes import (
    STOP_WAITING,
    Notes,
    fallen_back_note,
    fault_note,
    lasting,
    lost_note,
    opening_overdue_note,
    overdue_note,
)
from bertviz_app.session.opening import Opening
from bertviz_app.session.worker import Answered, Load, Reported, Task


class Computing(QObject):
    """Opens models, runs the newest request and works on longer questions.

    Answers, reports and faults go to the board; a model that has opened is for the session to
    welcome, because changes made for another one may be in force.

    Signals:
        withheld(OpenFailed): a model holds a pickle that is to be allowed first; its fault is a
            `Withheld`. Nothing else is said of it.
        opened(Opened): another model is the current one; the board does not say so yet.
        open_failed(OpenFailed): a model could not be opened; the board says so.
        closed(): after `close`, when the last worker has ended.
    """

    withheld = Signal(object)
    opened = Signal(object)
    open_failed = Signal(object)
    closed = Signal()

    def __init__(
        self, load: Load, board: Board, notes: Notes, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._board = board
        self._notes = notes
        self._engines = Engines(load, self)
        self._engines.opened.connect(self.opened)
        self._opening = Opening(self._engines, board, self)
        self._opening.withheld.connect(self.withheld)
        self._opening.failed.connect(self.open_failed)
        self._engines.lost.connect(self._on_lost)
        self._engines.overdue.connect(self._on_overdue)
        self._engines.answered.connect(self._on_computed)
        self._engines.reported.connect(self._on_computed)
        self._engines.closed.connect(self.closed)
        self._jobs = JobLane(self._engines, self)
        self._jobs.reported.connect(self._on_reported)
        self._jobs.failed.connect(self._on_job_failed)
        self._lane = LiveLane(self._engines, self)
        self._lane.answered.connect(self._on_answered)
        self._lane.failed.connect(self._on_run_failed)
        self._lane.stretched.connect(self._on_stretched)

    @property
    def opening(self) -> str | None:
        """What is being opened, or waited for to be opened; None if nothing is."""
        return self._opening.what

    @property
    def wanted(self) -> ModelWanted:
        """The current model, as it was wanted; before there is one, the bundled one."""
        return self._engines.wanted or BUNDLED

    @property
    def ended(self) -> bool:
        """Whether the last worker has ended."""
        return self._engines.ended

    def open(self, wanted: ModelWanted) -> None:
        """Open a model beside the running one; why another did not open matters no more."""
        self._opening.open(wanted)

    def submit(self, request: Request, *, again: bool = False) -> None:
        """Run the newest request; the very one that was sent last goes again only with `again`."""
        self._lane.submit(request, again=again)

    def ask(self, question: Question[Any]) -> None:
        """Begin a job; one of its kind under way is given up."""
        self._jobs.ask(question)
        self._on_reported()

    def cancel(self, kind: Kind) -> None:
        """Stop the job of this kind; what it found so far stays."""
        self._jobs.cancel(kind)
        self._on_reported()

    def drop_jobs(self, *, about_text_only: bool = False) -> dict[str, Any]:
        """Give up and forget jobs; returns what the board is to say of those that are left."""
        self._jobs.drop(about_text_only=about_text_only)
        return self._jobs.news

    def news_of(self, opened: Opened) -> dict[str, Any]:
        """Forget what was asked of the model before; returns what the board is to say of this one.

        A model that is opened again leaves its picture; another one shows its first answer, if it
        has given one, and computes on.
        """
        first, note = opened.first, lasting(self._board.snapshot.note)
        if opened.facts.fallen_back:
            note = fallen_back_note(opened.facts)
        elif note is not None and note.of_model and not opened.again:
            note = None
        return {
            "facts": opened.facts,
            "note": note,
            "answer": self._board.snapshot.answer if opened.again else first and first.answer,
            "loading": self.opening if first is not None else opened.facts.called,
            "fault": None,
            "preview": None,
            "changed_files": (),
            **self.drop_jobs(),
        }

    def restart(self) -> None:
        """Give up the engine, whatever it is at; its model goes on in another."""
        self._engines.restart()
        self._jobs.drop()
        self._board.update(loading=self.opening, note=None, **self._jobs.news)

    def stop_waiting(self) -> None:
        """Wait no more for what takes long: the model being opened, else the text and the jobs."""
        if self.opening is not None:
            self._opening.give_up()
            self._board.update(loading=self.opening, note=None)
            return
        self._jobs.drop()
        self._board.update(note=None, **self._jobs.news)
        self._lane.give_up(Fault("you stopped waiting for it"))

    def close(self) -> None:
        """End the workers; `closed` follows. Returns at once."""
        self._opening.close()
        self._lane.close()
        self._engines.close()

    @Slot(object, bool)
    def _on_lost(self, fault: Fault, again: bool) -> None:
        self._jobs.drop()
        self._board.update(loading=self.opening, **self._jobs.news)
        if again or self.opening is not None:
            self._board.update(note=lost_note(fault, None if again else self.opening))
        else:
            why = Fault(f"the engine stopped ({fault.sentence.rstrip('.')})", fault.detail)
            self._lane.give_up(why)

    @Slot(object)
    def _on_overdue(self, task: Task) -> None:
        said, facts = self._board.snapshot.note, self._board.snapshot.facts
        if said is not None and said.kind is NoteKind.FAULT and said.action != STOP_WAITING:
            return
        if self._engines.opening is not None:
            if self._engines.has_another:
                stays = facts if self._engines.wanted is not None else None
                self._board.update(note=opening_overdue_note(self._engines.opening, stays))
        elif not self._lane.up_to_date:
            self._board.update(note=overdue_note(task, self._board.snapshot.answer))
        elif self._board.snapshot.running:
            self._board.update(note=overdue_note(task, None))

    @Slot(object)
    def _on_computed(self, computed: Answered | Reported) -> None:
        """Say so if the engine has gone over to another device."""
        facts = computed.facts
        if facts.fallen_back and facts is not self._board.snapshot.facts:
            self._board.update(facts=facts, note=fallen_back_note(facts))

    @Slot(object)
    def _on_answered(self, answer: Answer) -> None:
        now = replace(self._board.snapshot, answer=answer, loading=self.opening)
        note = self._notes.answered(now)
        news: dict[str, Any] = {"answer": answer, "note": note, "fault": None}
        if self._lane.up_to_date:
            news |= {"catching_up": False, "behind": False}
        self._board.update(**news, loading=self.opening)

    @Slot(object)
    def _on_run_failed(self, fault: Fault) -> None:
        note = fault_note("BERT could not compute this text", fault, self._board.snapshot.answer)
        self._board.update(
            fault=fault, note=note, loading=self.opening, catching_up=False, behind=False
        )

    @Slot(bool)
    def _on_stretched(self, long: bool) -> None:
        self._board.update(catching_up=True, behind=long)

    @Slot()
    def _on_reported(self) -> None:
        self._board.update(**self._jobs.news)

    @Slot(object, object)
    def _on_job_failed(self, question: Question[Any], fault: Fault) -> None:
        about = self._board.snapshot.answer if question.about_text else None
        note = fault_note(question.task, fault, about)
        self._board.update(note=note, **self._jobs.news)
