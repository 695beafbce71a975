"""Keeps the journal at most two seconds behind what stands in the window."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Slot

from bertviz_app.core.saved_session import SavedSession
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Note, NoteKind
from bertviz_app.session.open_file import OpenFile
from bertviz_app.session.session import Session
from bertviz_app.storage.disk import Disk
from bertviz_app.storage.journal import Journal, Page

WRITE_AFTER = 1000
"""Milliseconds after a change in which a page is written, on a clock that nobody sets."""


class JournalKeeper(QObject):
    """Writes a page a while after the first change since the last one; typing does not put it off.

    `starts` is how often in a row this page has been the first one of a window. Once there is an
    answer, the start has succeeded.
    """

    def __init__(
        self, session: Session, file: OpenFile, journal: Journal, disk: Disk, starts: int
    ) -> None:
        super().__init__(session)
        self._session = session
        self._file = file
        self._journal = journal
        self._disk = disk
        self._starts = starts
        self._written: Page | None = None
        self._complained = False
        self._closed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WRITE_AFTER)
        self._timer.timeout.connect(self.flush)
        session.changed.connect(self._on_session_changed)
        file.changed.connect(self.write_soon)
        self.flush()

    @Slot()
    def write_soon(self) -> None:
        """Write what is new in a second at the latest."""
        if not (self._timer.isActive() or self._closed):
            self._timer.start()

    @Slot()
    def flush(self) -> None:
        """Write what is new now."""
        self._timer.stop()
        if not self._closed:
            self._write(self._page())

    def close(self) -> None:
        """Write the last page; the next window goes on with it in silence."""
        self._timer.stop()
        self._closed = True
        self._write(replace(self._page(), ended=True, starts=0))

    def _page(self) -> Page:
        on_disk = self._file.on_disk
        return Page(
            session=self._file.current,
            file=on_disk.path if on_disk is not None else None,
            digest=on_disk.digest if on_disk is not None else "",
            unsaved=self._file.unsaved,
            spared=on_disk.spared if on_disk is not None else "",
            starts=self._starts,
        )

    def _write(self, page: Page) -> None:
        if page != self._written:
            self._written = page
            work = partial(self._journal.write, page)
            self._disk.do(work, self._on_written, newest_of="journal")

    def _on_written(self, problem: str) -> None:
        if problem and not self._complained:
            words = f"What you type is not kept: {problem}."
            self._session.note(Note(words, NoteKind.FAULT))
        self._complained = bool(problem)
        if problem:
            self._written = None

    @Slot(object)
    def _on_session_changed(self, snapshot: Snapshot) -> None:
        if snapshot.answer is not None:
            self._starts = 0
        if not self._is_written(snapshot):
            self.write_soon()

    def _is_written(self, snapshot: Snapshot) -> bool:
        """Whether the page on disk is of this very snapshot; most differ in what no page holds."""
        page = self._written
        if page is None or page.starts != self._starts:
            return False
        kept: SavedSession = page.session
        same = kept.state is snapshot.state and kept.options is snapshot.options
        return same and kept.model is self._session.model and kept.layout is self._file.layout
