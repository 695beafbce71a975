"""The board: where the newest snapshot stands, and from where everybody hears of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from bertviz_app.core.snapshot import Snapshot


class Board(QObject):
    """Holds one snapshot at a time.

    Signals:
        changed(Snapshot): another snapshot stands here.
    """

    changed = Signal(object)

    def __init__(self, snapshot: Snapshot, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._snapshot = snapshot
        self._announcing = False

    @property
    def snapshot(self) -> Snapshot:
        """The newest snapshot."""
        return self._snapshot

    def update(self, **changes: Any) -> None:
        """Put up a snapshot that differs in some fields.

        Who hears of it may change something at once; then all hear of the newest one afterwards,
        so that nobody is left with an older one.
        """
        self._snapshot = replace(self._snapshot, **changes)
        if self._announcing:
            return
        self._announcing = True
        try:
            said = None
            while said is not self._snapshot:
                said = self._snapshot
                self.changed.emit(said)
        finally:
            self._announcing = False
