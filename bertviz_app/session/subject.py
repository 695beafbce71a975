"""The subject of a session: the model it is about, and what becomes of changes made for another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from bertviz_app.core.changes import removed_note
from bertviz_app.core.errors import Fault
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.core.request import UNCHANGED, Capture, Interventions, Request
from bertviz_app.core.saved_session import ModelReference
from bertviz_app.core.spec import ModelSpec
from bertviz_app.core.state import Note, State
from bertviz_app.session.engines import Opened, OpenFailed
from bertviz_app.session.history import History
from bertviz_app.session.notes import (
    absent_heads_note,
    instead_note,
    missing_model_note,
    other_model_note,
)


@dataclass(frozen=True, slots=True)
class Left:
    """What to say of changes that must go, and those that are left.

    `spec` is that of a model that lacks what they changed, so that no step of undo shall bring
    them back; None if one may.
    """

    note: Note
    changes: Interventions = UNCHANGED
    spec: ModelSpec | None = None

    def take_from(self, history: History) -> None:
        """Take the changes away: a step of undo, unless none may bring them back."""
        if self.spec is not None:
            history.amend(partial(_fitted, spec=self.spec))
        else:
            history.push(replace(history.current, interventions=self.changes))


class Subject:
    """The open model, and one that a session which was kept is about while it is being opened.

    `reduce` is called when a session goes on without its model, or without some of its changes.
    """

    def __init__(self, model: ModelReference, reduce: Callable[[], None]) -> None:
        self._open = model
        self._reduce = reduce
        self._awaited: ModelReference | None = model

    @property
    def model(self) -> ModelReference:
        """The model the session is about: the one it waits for, else the one that is open."""
        return self._awaited if self._awaited is not None else self._open

    def request(self, state: State, facts: ModelFacts | None, capture: Capture) -> Request:
        """What to ask of the open model: without the changes, if they wait for another."""
        request = state.request(facts, capture)
        return request if self._awaited is None else replace(request, interventions=UNCHANGED)

    def await_model(self, model: ModelReference) -> bool:
        """A session about `model` goes on; True if that has to be opened."""
        self._awaited = None if self._open.is_same(model) else model
        return self._awaited is not None

    def begin_to_open(self, wanted: ModelWanted) -> None:
        """A model is about to be opened: if it is another one, nothing waits any more."""
        if self._awaited is not None and self._awaited.path != wanted.path:
            self._awaited = None

    def opened(self, opened: Opened, changes: Interventions) -> Left | None:
        """A model has opened; what is left if changes must go, or None if all stay."""
        if opened.again:  # what is waited for may still be being opened
            self._open = ModelReference.of(opened.facts)
            return None
        awaited, self._awaited = self._awaited, None
        before, self._open = self._open, ModelReference.of(opened.facts)
        if awaited is not None:
            if self._open.may_be(awaited):
                return self.fitted(opened.facts, changes)
            self._reduce()
            return Left(other_model_note(opened.facts, changes))
        # The same model on another device, say, takes the changes over.
        same = before.fingerprint == self._open.fingerprint != ""
        strange = changes and opened.first is not None and not same
        return Left(removed_note(changes)) if strange else None

    def fitted(self, facts: ModelFacts | None, changes: Interventions) -> Left | None:
        """The changes of a session meet its model; what is left if that lacks heads, or None."""
        kept = changes.within(facts.spec) if facts is not None else changes
        if facts is None or kept == changes:
            return None
        self._reduce()
        return Left(absent_heads_note(facts, changes, kept), kept, facts.spec)

    def failed(self, failed: OpenFailed, changes: Interventions) -> Left | None:
        """A model did not open; what is left if the changes waited for it, or None."""
        awaited = self._awaited
        if awaited is None or failed.wanted.path != awaited.path:
            return None
        if changes or awaited.fingerprint:
            return self._missing(failed.fault, changes)
        # It was asked for by name, and no session is about it.
        self._awaited = None
        return Left(instead_note(failed.fault))

    def given_up(self, changes: Interventions) -> Left | None:
        """No model is being opened any more; what is left if the changes waited, or None."""
        if self._awaited is None:
            return None
        name = self._awaited.name or self._awaited.wanted.name
        return self._missing(Fault(f"{name} was not opened: you stopped waiting for it."), changes)

    def _missing(self, fault: Fault, changes: Interventions) -> Left:
        self._awaited = None
        self._reduce()
        return Left(missing_model_note(fault, changes))


def _fitted(state: State, spec: ModelSpec) -> State:
    """The state less the changes of heads that the model does not have."""
    return replace(state, interventions=state.interventions.within(spec))
