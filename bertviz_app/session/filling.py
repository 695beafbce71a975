"""Filling the blanks one by one: the most certain first, so that the later ones see it."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import State
from bertviz_app.core.trace import Candidate, Trace
from bertviz_app.session.gestures import filled_blank
from bertviz_app.session.session import Session


class Filling(QObject):
    """Fills a blank, waits for the answer to the text this made, and fills the next.

    All of it is one step of undo. Whatever else happens meanwhile ends it: a key, a click that is
    kept, another model, a text that could not be computed.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._left: State | None = None
        self._facts: ModelFacts | None = None
        self._blanks = 0
        self._runs = 0
        session.changed.connect(self._on_changed)

    def begin(self) -> None:
        """Fill all blanks that are read now."""
        snapshot = self._session.snapshot
        if snapshot.trace is None:
            return
        self._left, self._facts = snapshot.state, snapshot.facts
        self._blanks = len(snapshot.trace.encoding.masks)
        self._runs += 1
        self._go_on(snapshot)

    @Slot(object)
    def _on_changed(self, snapshot: Snapshot) -> None:
        if self._left is None:
            return
        if snapshot.state != self._left or snapshot.facts is not self._facts or snapshot.fault:
            self._left = None
        else:
            self._go_on(snapshot)

    def _go_on(self, snapshot: Snapshot) -> None:
        """Fill the next blank, unless the answer to the last one is still to come."""
        if snapshot.answer is None or not snapshot.up_to_date:
            return
        mask = snapshot.facts.mask_token if snapshot.facts is not None else ""
        best = most_certain(snapshot.answer.shown, mask) if self._blanks else None
        outcome = filled_blank(snapshot, best[0], best[1].token) if best is not None else None
        self._left = outcome.state if outcome is not None else None
        if outcome is not None:
            self._blanks -= 1
            self._session.do(replace(outcome, step=f"filling {self._runs}"))


def most_certain(trace: Trace, mask: str) -> tuple[int, Candidate] | None:
    """The blank whose best word is the most probable of all, and that word; never `mask` itself."""
    found = []
    for prediction in trace.predictions:
        words = [one for one in prediction.candidates if one.token != mask]
        if words and math.isfinite(words[0].probability):
            found.append((prediction.position, words[0]))
    return max(found, key=lambda one: one[1].probability, default=None)
