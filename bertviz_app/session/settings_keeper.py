"""Writes settings down on the disk's own thread, for another program may hold the file."""

from __future__ import annotations

import logging
from functools import partial

from PySide6.QtCore import QObject, Slot

from bertviz_app.core.state import Note, NoteKind
from bertviz_app.session.session import Session
from bertviz_app.storage.disk import Disk
from bertviz_app.storage.settings import Settings, settings_path, write

log = logging.getLogger(__name__)


class SettingsKeeper(QObject):
    """Keeps what a person has set; that it could not be written is said once.

    `written` is what the window began with: only what differs from it is written.
    """

    def __init__(self, session: Session, disk: Disk, written: Settings) -> None:
        super().__init__(session)
        self._session = session
        self._disk = disk
        self._written = written  # by the disk's thread alone
        self._said: set[str] = set()

    @Slot(object)
    def keep(self, settings: Settings) -> None:
        """Write these down soon, and what could not be written before."""
        self._disk.do(partial(self._write, settings), self._on_written, newest_of="settings")

    def _write(self, settings: Settings) -> str:
        problem = write(settings_path(), settings, self._written)
        if not problem:
            self._written = settings
        return problem

    def _on_written(self, problem: str) -> None:
        if problem and problem not in self._said:
            self._said.add(problem)
            log.warning(problem)
            words = f"{problem} They hold until the window closes."
            self._session.note(Note(words, NoteKind.FAULT))
