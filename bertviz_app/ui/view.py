"""What a view is: one file, one picture, drawn from a snapshot and from nothing else."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from enum import Enum
from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from bertviz_app.analysis.visible import quoted
from bertviz_app.core.request import Capture
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Show, State
from bertviz_app.ui import look
from bertviz_app.ui.view_frame import ViewFrame

log = logging.getLogger(__name__)

OLD_TEXT = 24
"""Letters of an older text that a title says."""


class Pane(Enum):
    """Where a view lives inside its place: everything there, or the thing that was picked."""

    ALL = "All"
    ONE = "One"


class View(ViewFrame):
    """The base of all views: title row, picture, controls, readout; `draw` is what to write.

    Attributes:
        pane: All or One.
        order: where its tab stands among those of its pane and place; the first is the default.
        moves: what is changed inside BERT moves its numbers.
        differs: it can draw the difference of two runs; else it draws the changed one, and says so.
        follows_typing: the texts as they are typed are in its picture, before BERT has read them;
            else nothing is drawn anew until it has.

    Signals:
        picked(Pick): a click; kept by the session.
        previewed(Pick | None): a hover; shown by all views, stored by none.
        intervened(Interventions): a change inside BERT is asked for.
        adjusted(Interventions, str): the same while a value is dragged; changes in a row under one
            name are one step of undo.
        asked(Question): a job is asked for.
        optioned(ViewOptions): things shall be drawn differently, everywhere.
        hidden(int, bool): hide the word of the token at this position, or give it back; with
            True, one [MASK] a piece.
        cancelled(Kind): the job of this kind shall stop.
        acted(str): the action of this name shall be done.
        opened(str): the view of this name shall be opened.
        filled(int, str): put this word into the blank at this token.
        retexted(str, str | None): read these sentences instead.
        needed(): what `needs` says is different now.
        retinted(): what `tints` says is different, though the snapshot is the same.
    """

    picked = Signal(object)
    previewed = Signal(object)
    intervened = Signal(object)
    adjusted = Signal(object, str)
    asked = Signal(object)
    optioned = Signal(object)
    hidden = Signal(int, bool)
    cancelled = Signal(object)
    acted = Signal(str)
    opened = Signal(str)
    filled = Signal(int, str)
    retexted = Signal(str, object)
    needed = Signal()
    retinted = Signal()

    pane: ClassVar[Pane]
    order: ClassVar[int] = 0
    moves: ClassVar[bool] = True
    differs: ClassVar[bool] = True
    follows_typing: ClassVar[bool] = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._snapshot: Snapshot | None = None
        self._drawn: Snapshot | None = None
        self._drawn_in = look.current()

    def draw(self, snapshot: Snapshot) -> None:
        """Show `snapshot`, whose `trace` exists and holds at least one typed piece."""
        raise NotImplementedError

    def needs(self, state: State) -> Capture:
        """What the trace must hold beside its usual content for this view to draw."""
        return Capture()

    def subject(self, snapshot: Snapshot) -> str:
        """Which of several things is drawn, to be said behind the title; empty for the usual."""
        return ""

    def run(self, snapshot: Snapshot) -> str:
        """Which run is drawn while something is changed, to be said behind the title; or none."""
        show = snapshot.options.show
        if show is Show.DIFFERENCE and not self.differs:
            show = Show.CHANGED
        return show.value

    def tints(self, snapshot: Snapshot) -> Mapping[int, QColor]:
        """Colours for the tokens of `snapshot` in the overview of the strip, while it is seen."""
        return {}

    def leave(self) -> bool:
        """Leave what gives the mouse another meaning for a while; False if nothing does."""
        return False

    def forget(self) -> None:
        """Let go of all that was drawn: what is not seen keeps no old answer alive.

        For views that keep more than the snapshot; `draw` comes before the next look at them.
        """

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot drawn last; only inside and after `draw`."""
        if self._snapshot is None:
            raise RuntimeError(f"{self.name} has not been given anything to draw yet.")
        return self._snapshot

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw `snapshot` now if this view is visible, else when it is shown next.

        One that looks like the one drawn last is not drawn again.
        """
        self._snapshot = snapshot
        if self.isVisible():
            self._draw_if_new()

    def redraw(self) -> None:
        """Draw the same once more: something of the view itself is different."""
        self._drawn = None
        if self._snapshot is not None:
            self.show_snapshot(self._snapshot)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw_if_new()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._drawn = None
        self.forget()

    def _draw_if_new(self) -> None:
        snapshot = self._snapshot
        if snapshot is None or self._is_drawn(snapshot):
            return
        self._drawn, self._drawn_in = snapshot, look.current()
        self._entitle(snapshot)
        waiting = waiting_for(snapshot)
        if waiting or snapshot.trace is None:
            self.forget()  # first: the picture has nothing to say of this snapshot
            self.say(waiting)
            return
        self.say("")
        try:
            self.draw(snapshot)
        except Exception as error:  # one broken picture must not take the window with it
            log.exception("The view %s could not be drawn.", self.name)
            detail = traceback.format_exc()
            self.forget()
            self.say(f"This view could not be drawn: {error}. The others go on.", detail)

    def _is_drawn(self, snapshot: Snapshot) -> bool:
        """Whether the picture of `snapshot` is the one that stands here."""
        drawn = self._drawn
        if drawn is None or self._drawn_in != look.current():
            return False
        return snapshot is drawn or snapshot.looks_like(drawn, typed=self.follows_typing)

    def _entitle(self, snapshot: Snapshot) -> None:
        """Say behind the title which run is drawn, and of which text if it is an older one."""
        subject = self.subject(snapshot)
        words = [subject] if subject else []
        if snapshot.other is not None and self.moves and (run := self.run(snapshot)):
            words.append(run)
        if snapshot.old_text is not None:
            words.append(f"of: {quoted(snapshot.old_text, OLD_TEXT)}")
        self.add_words(*words)


def waiting_for(snapshot: Snapshot) -> str:
    """The sentence to show while there is nothing to draw; empty if there is none to say."""
    if snapshot.answer is None:
        if snapshot.loading is not None:
            return f"Reading {snapshot.loading} … you can type already."
        return snapshot.fault.sentence if snapshot.fault is not None else ""
    trace = snapshot.trace
    if trace is None or len(trace.encoding) == len(trace.encoding.added):
        return "Type a sentence above, or choose an example."
    return ""
