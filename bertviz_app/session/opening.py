"""Opening models: what is said of one that does not open, and one more try where that may help."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from bertviz_app.analysis.visible import named
from bertviz_app.core.errors import Unfinished, Withheld
from bertviz_app.core.model_wanted import BUNDLED, ModelWanted
from bertviz_app.core.state import Note, NoteKind
from bertviz_app.session.board import Board
from bertviz_app.session.engines import Engines, OpenFailed
from bertviz_app.session.notes import OPEN, not_opened_note, unfinished_note
from bertviz_app.session.second_try import SecondTry


class Opening(QObject):
    """Asks the engines for models, and puts on the board what is being opened and what failed.

    A model that holds a file that is still being written is tried once more when the file changes
    no more, unless another is wanted by then. A device or a precision that is not asked for is the
    one that was asked for last.

    Signals:
        withheld(OpenFailed): a model holds a pickle that is to be allowed first; its fault is a
            `Withheld`. Nothing else is said of it.
        failed(OpenFailed): a model could not be opened; the board says so.
    """

    withheld = Signal(object)
    failed = Signal(object)

    def __init__(self, engines: Engines, board: Board, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engines = engines
        self._board = board
        self._said: Note | None = None
        self._asked = BUNDLED
        self._second_try = SecondTry(self)
        self._second_try.due.connect(self._on_due)
        engines.open_failed.connect(self._on_open_failed)

    @property
    def what(self) -> str | None:
        """What is being opened, or waited for to be opened; None if nothing is."""
        return self._engines.opening or self._second_try.words

    def open(self, wanted: ModelWanted) -> None:
        """Open a model beside the running one; why another did not open matters no more."""
        device, precision = self._held
        self._second_try.stop()
        self._asked = replace(
            wanted, device=wanted.device or device, precision=wanted.precision or precision
        )
        self._begin(self._asked)

    def give_up(self) -> None:
        """Stop waiting for a model, if there is another to go on with."""
        self._second_try.stop()
        self._engines.give_up_opening()

    def close(self) -> None:
        """Try nothing any more."""
        self._second_try.stop()

    @property
    def _held(self) -> tuple[str | None, str | None]:
        """The device and the precision that go on with the next model.

        Those that compute; but while a model is being opened, or the bundled one stands in for one
        that did not open, those that it was asked for with, if there is such a device.
        """
        asked, facts = self._asked, self._board.snapshot.facts
        stands_in = self.what is not None or self._engines.wanted == BUNDLED
        if facts is None or (stands_in and asked.device in facts.devices):
            return asked.device, asked.precision
        return facts.place, facts.precision

    def _begin(self, wanted: ModelWanted) -> None:
        self._engines.open(wanted)
        said = self._board.snapshot.note
        over = said is not None and (said is self._said or said.action == OPEN)
        self._board.update(loading=named(wanted.name), note=None if over else said)

    @Slot(object)
    def _on_due(self, wanted: ModelWanted) -> None:
        self._begin(wanted)
        words = f"{named(wanted.name)} changes no more, and is opened now."
        self._board.update(note=Note(words, NoteKind.RECOVERY))

    @Slot(object)
    def _on_open_failed(self, failed: OpenFailed) -> None:
        if isinstance(failed.fault, Withheld):
            self._board.update(loading=self.what)
            self.withheld.emit(failed)
            return
        fault = failed.fault
        facts = self._board.snapshot.facts if self._engines.wanted is not None else None
        waits = isinstance(fault, Unfinished) and self._second_try.wait(failed.wanted, fault.path)
        self._said = unfinished_note(fault, facts) if waits else not_opened_note(fault, facts)
        self._board.update(loading=self.what, note=self._said)
        if not waits or facts is None:
            self.failed.emit(failed)
