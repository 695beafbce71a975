"""Notes that pass: after some seconds they are closed, and what they cover comes back."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Note
from bertviz_app.session.notes import LEGIBLE
from bertviz_app.session.session import Session


class Passing(QObject):
    """Closes what passes once it could be read."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._note: Note | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(LEGIBLE * 1000))
        self._timer.timeout.connect(self._on_read)
        session.changed.connect(self._on_changed)
        session.closed.connect(self._timer.stop)

    @Slot(object)
    def _on_changed(self, snapshot: Snapshot) -> None:
        if snapshot.note is self._note:
            return
        self._note = snapshot.note
        if self._note is not None and self._note.passes:
            self._timer.start()
        else:
            self._timer.stop()

    @Slot()
    def _on_read(self) -> None:
        self._session.note(None)
