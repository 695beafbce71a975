"""The workers whose threads run: begun here, and forgotten when their thread has ended."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.session.worker import Load, Worker


class Workers(QObject):
    """Begins a worker for each model that is to be opened, and passes on what each of them says.

    Lives on the GUI thread and never waits for a worker.

    Signals:
        loaded(Loaded), answered(Answered), reported(Reported), failed(Failed): from any worker.
        ended(): after `close`, when the last thread has ended.
    """

    loaded = Signal(object)
    answered = Signal(object)
    reported = Signal(object)
    failed = Signal(object)
    ended = Signal()

    def __init__(self, load: Load, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._load = load
        self._running: dict[int, Worker] = {}
        self._count = 0
        self._closing = False

    @property
    def none_left(self) -> bool:
        """Whether no thread is left."""
        return not self._running

    def begin(self, wanted: ModelWanted) -> Worker:
        """Begin to open a model in a thread of its own."""
        self._count += 1
        worker = Worker(self._count, wanted, partial(self._load, wanted), self)
        worker.loaded.connect(self.loaded)
        worker.answered.connect(self.answered)
        worker.reported.connect(self.reported)
        worker.failed.connect(self.failed)
        worker.finished.connect(self._on_finished)
        self._running[worker.number] = worker
        worker.start()
        return worker

    def find(self, number: int) -> Worker | None:
        """The worker of this number, unless its thread has ended."""
        return self._running.get(number)

    def close(self) -> None:
        """Ask every worker to end; `ended` follows when the last one has."""
        self._closing = True
        for worker in self._running.values():
            worker.dismiss()
        if self.none_left:
            self.ended.emit()

    @Slot()
    def _on_finished(self) -> None:
        # This one only: another that has ended may still have something to say.
        worker = self.sender()
        if isinstance(worker, Worker):
            self._running.pop(worker.number)
            worker.deleteLater()
        if self._closing and self.none_left:
            self.ended.emit()
