"""One chronological undo over texts, hidden words, changes and the selection."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from bertviz_app.core.state import State
from bertviz_app.session.editing import at_change

DEPTH = 500
"""Steps that can be undone."""


class History:
    """States in the order they were made; the current one stands between undo and redo.

    The text cursor goes to where a step changes the text when it is undone or done again.
    """

    def __init__(self, state: State) -> None:
        self._current = state
        self._past: deque[State] = deque(maxlen=DEPTH)
        self._future: list[State] = []
        self._step: str | None = None

    @property
    def current(self) -> State:
        """The state as it is now."""
        return self._current

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to do again."""
        return bool(self._future)

    def push(self, state: State, step: str | None = None) -> bool:
        """Make `state` the current one; False, and no step, if it equals the one before.

        Successive pushes with the same `step` are one step of undo ("a run of pins", the letters
        of one word, one drag); None always begins a step of its own.
        """
        if state == self._current:
            self._current = state
            return False
        if step is None or step != self._step:
            self._past.append(self._current)
        self._current = state
        self._future.clear()
        self._step = step
        return True

    def amend(self, correction: Callable[[State], State]) -> None:
        """Correct every state, so that neither undo nor redo brings back what could never be."""
        self._current = correction(self._current)
        self._past = deque(map(correction, self._past), maxlen=DEPTH)
        self._future = [correction(state) for state in self._future]
        self._step = None

    def undo(self) -> bool:
        """Go one step back; False if there is none."""
        if not self._past:
            return False
        self._future.append(self._current)
        self._current = at_change(self._current, self._past.pop())
        self._step = None
        return True

    def redo(self) -> bool:
        """Go one step forward again; False if there is none."""
        if not self._future:
            return False
        self._past.append(self._current)
        self._current = at_change(self._current, self._future.pop())
        self._step = None
        return True
