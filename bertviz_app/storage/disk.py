"""The disk, on a thread of its own: what reads or writes a file keeps nobody waiting."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

T = TypeVar("T")
Errand = tuple[Callable[[], Any], Callable[[Any], None]]

PATIENCE = 3.0
"""Seconds that the end of the program waits for a disk that does not answer."""


class Disk(QObject):
    """Does errands one after the other; lives on the GUI thread and answers there."""

    _done = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed = threading.Condition()
        self._errands: dict[object, Errand] = {}
        self._results: deque[tuple[Callable[[Any], None], Any]] = deque()
        self._busy = False
        self._closing = False
        self._thread: threading.Thread | None = None
        self._done.connect(self._on_done)

    def do(
        self,
        work: Callable[[], T],
        then: Callable[[T], None] = lambda _: None,
        *,
        newest_of: str = "",
    ) -> None:
        """Do `work` over there, and `then` here with its result.

        Of errands that are the `newest_of` one kind, those not begun are forgotten for the next.
        `work` raises nothing: what can go wrong is part of its result. After `close` nothing is
        done.
        """
        kind = newest_of or object()
        with self._changed:
            if self._closing:
                return
            self._errands.pop(kind, None)
            self._errands[kind] = work, then
            self._changed.notify_all()
        if self._thread is None:
            # A disk that does not answer must not keep the program from ending.
            self._thread = threading.Thread(target=self._work, name="disk", daemon=True)
            self._thread.start()

    def settle(self) -> None:
        """Wait until all errands are done, but not for ever, and tell of them."""
        with self._changed:
            self._changed.wait_for(lambda: not (self._errands or self._busy), PATIENCE)
        self._on_done()

    def close(self) -> None:
        """Do what is left, then end; waits for it, but not for ever."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(PATIENCE)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._errands or self._closing)
                if not self._errands:
                    return
                work, then = self._errands.pop(next(iter(self._errands)))
                self._busy = True
            result = work()
            with self._changed:
                self._results.append((then, result))
                self._busy = False
                self._changed.notify_all()
            self._done.emit()

    @Slot()
    def _on_done(self) -> None:
        while self._results:
            then, result = self._results.popleft()
            then(result)
