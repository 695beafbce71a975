"""The live lane: the newest request goes to the engine, and its answer comes back."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

from PySide6.QtCore import QObject, Signal, Slot

from bertviz_app.core.errors import Fault
from bertviz_app.core.request import Request
from bertviz_app.core.trace import Answer
from bertviz_app.session.engines import Engines
from bertviz_app.session.mailbox import Run
from bertviz_app.session.patience import Patience
from bertviz_app.session.worker import Answered, Failed


class LiveLane(QObject):
    """Numbers the requests, lets only newer answers pass, and says when they are long in coming.

    Signals:
        answered(Answer): the newest answer so far; `up_to_date` tells whether more is to come.
        failed(Fault): the newest request could not be computed.
        stretched(bool): the newest request has waited noticeably (False), or long (True).
    """

    answered = Signal(object)
    failed = Signal(object)
    stretched = Signal(bool)

    def __init__(self, engines: Engines, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engines = engines
        self._engines.answered.connect(self._on_answered)
        self._engines.failed.connect(self._on_failed)
        self._closed = False
        self._request: Request | None = None
        self._asked = 0
        self._answered = 0
        self._patience = Patience(self)
        self._patience.stretched.connect(self.stretched)

    @property
    def up_to_date(self) -> bool:
        """Whether the newest request has its answer, or has failed."""
        return self._answered >= self._asked

    def submit(self, request: Request, *, again: bool = False) -> None:
        """Send a request; the very one that was sent last goes again only with `again`."""
        if self._closed or (request == self._request and not again):
            return
        self._request = request
        self._asked += 1
        self._engines.submit(Run(self._asked, request))
        if self._engines.wanted is not None:
            self._patience.wait()

    def give_up(self, why: Fault) -> None:
        """Wait no more for the newest request; its answer is welcome if it comes all the same."""
        if not self.up_to_date:
            self._answered = self._asked
            self._patience.stop()
            self.failed.emit(why)

    def close(self) -> None:
        """Send nothing and wait for nothing any more."""
        self._closed = True
        self._patience.stop()

    @Slot(object)
    def _on_answered(self, answered: Answered) -> None:
        if answered.run.serial >= self._answered:
            self._answered = answered.run.serial
            self._patience.answered(newest=self._closed or self.up_to_date)
            self.answered.emit(_timed(answered))

    @Slot(object)
    def _on_failed(self, failed: Failed) -> None:
        if failed.run is not None and failed.run.serial == self._asked:
            self._answered = failed.run.serial
            self._patience.stop()
            self.failed.emit(failed.fault)


def _timed(answered: Answered) -> Answer:
    """The answer with what it took to ask for it and to get it here."""
    answer, sent = answered.answer, answered.run.sent
    queue, back = answered.began - sent, perf_counter() - answered.ended
    return replace(answer, timings=replace(answer.timings, sent=sent, queue=queue, back=back))
