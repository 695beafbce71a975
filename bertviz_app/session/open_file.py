"""The session file that is open: read and written on the disk's own thread, never by surprise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from bertviz_app.analysis.visible import named
from bertviz_app.core.changes import counted
from bertviz_app.core.paths import SESSION_SUFFIX
from bertviz_app.core.request import Interventions
from bertviz_app.core.saved_session import Layout, SavedSession
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import UNDO, Note, NoteKind, Show, ViewOptions
from bertviz_app.session.session import Session
from bertviz_app.storage.disk import Disk
from bertviz_app.storage.session_file import (
    SessionError,
    SessionRead,
    Written,
    read_session,
    unused_name,
    write_session,
)

SAVE_AS, OVERWRITE = "session.save_as", "session.overwrite"
"""The actions that a note about a file offers."""


@dataclass(frozen=True, slots=True)
class OnDisk:
    """What is known of the open session file.

    Attributes:
        path: where it lies.
        digest: tells its content, as it was read or written last, from any other.
        session: what it holds; None if what is shown was never written to it.
        spared: why it is not overwritten unasked, or empty.
        found: all fields as they stand in it.
    """

    path: Path
    digest: str = ""
    session: SavedSession | None = None
    spared: str = ""
    found: Mapping[str, Any] = field(default_factory=dict)


class OpenFile(QObject):
    """Opens and saves session files.

    Attributes:
        layout: what of BERT is open in the window; whoever opens it says so here.

    Signals:
        opened(SavedSession): a session was read, and stands in the window.
        changed(): another file is open, or it holds now, or no longer, what the window shows.
    """

    opened = Signal(object)
    changed = Signal()

    def __init__(self, session: Session, disk: Disk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.layout = Layout()
        self._session = session
        self._disk = disk
        self._on_disk: OnDisk | None = None
        self._unsaved = False
        self._compared: tuple[object, ...] = ()
        session.changed.connect(self._on_session_changed)
        session.reduced.connect(self._on_session_reduced)

    @property
    def on_disk(self) -> OnDisk | None:
        """The file that is open, or None."""
        return self._on_disk

    @property
    def unsaved(self) -> bool:
        """Whether a file is open and holds something else than the window shows."""
        return self._unsaved

    @property
    def current(self) -> SavedSession:
        """The session as it is now."""
        session = self._session
        return SavedSession(session.state, session.snapshot.options, self.layout, session.model)

    def resume(self, on_disk: OnDisk | None) -> None:
        """Go on with a file that was open when the window before this one ended."""
        self._show(on_disk)
        if on_disk is not None and not on_disk.found:
            read = partial(_try_to_read, on_disk.path)
            self._disk.do(read, partial(self._on_read_again, on_disk))

    def open(self, path: Path) -> None:
        """Open a session file instead of what stands in the window."""
        self._disk.do(partial(_try_to_read, path), partial(self._on_read, path))

    def save(self, path: Path | None = None, *, overwrite: bool = False) -> None:
        """Write the session to `path`, or to the file that is open.

        One that holds something else by now, or more than could be read, is left alone unless it
        may be overwritten; a note says so.
        """
        on_disk = self._on_disk
        if path is not None and (on_disk is None or path != on_disk.path):
            found = on_disk.found if on_disk is not None else {}
            on_disk, overwrite = OnDisk(path, found=found), True
        if on_disk is None:
            return
        if on_disk.spared and not overwrite:
            self._refuse(f"{named(on_disk.path.name)} {on_disk.spared}. Nothing was saved yet.")
            return
        expected = "" if overwrite else on_disk.digest
        work = partial(write_session, on_disk.path, self.current, on_disk.found, expected)
        self._disk.do(work, self._on_written)

    def _on_read(self, path: Path, read: SessionRead | SessionError) -> None:
        if isinstance(read, SessionError):
            self._session.note(Note(read.sentence, NoteKind.FAULT, detail=read.detail))
            return
        note = reading_note(path, read) or replaced_note(path, self._session.state.interventions)
        self._show(on_disk_of(path, read))  # first: what is left out of the session is told of it
        self._session.resume(read.session, note)
        self.layout = read.session.layout
        self.opened.emit(read.session)

    def _on_read_again(self, on_disk: OnDisk, read: SessionRead | SessionError) -> None:
        """Learn what beside a session stands in a file; one that was changed is told when saved."""
        if isinstance(read, SessionError) or read.digest != on_disk.digest:
            return
        now = self._on_disk
        if now is not None and (now.path, now.digest) == (on_disk.path, on_disk.digest):
            spared = _why_spared(read) or now.spared
            self._on_disk = replace(now, spared=spared, found=read.found)

    def _on_written(self, written: Written) -> None:
        name = named(written.path.name)
        if written.elsewhere:
            self._refuse(f"{name} was changed by another program. Nothing was saved yet.")
        elif written.problem:
            kept = (
                f" It was kept as {named(written.copy.name)}." if written.copy is not None else ""
            )
            words = f"{name} could not be saved: {written.problem}.{kept}"
            self._session.note(Note(words, NoteKind.FAULT, SAVE_AS))
        else:
            found = self._on_disk.found if self._on_disk is not None else {}
            self._clear_refusal()
            self._show(OnDisk(written.path, written.digest, written.session, found=found))
            self._session.note(Note(f"Saved as {name}.", NoteKind.RECOVERY))

    def _show(self, on_disk: OnDisk | None) -> None:
        self._on_disk = on_disk
        self._compare()
        self.changed.emit()

    def _refuse(self, words: str) -> None:
        self._session.note(Note(words, NoteKind.FAULT, SAVE_AS, other=OVERWRITE))

    def _clear_refusal(self) -> None:
        """Take back what was said about a file that could not be saved."""
        note = self._session.snapshot.note
        if note is not None and note.action == SAVE_AS:
            self._session.note(None)

    @Slot(object)
    def _on_session_changed(self, snapshot: Snapshot) -> None:
        kept = snapshot.state, snapshot.options, snapshot.loading, self._session.model
        if self._on_disk is None or kept == self._compared:
            return  # most snapshots differ in what no file holds
        self._compared = kept
        before = self._unsaved
        self._compare()
        if self._unsaved != before:
            self.changed.emit()

    @Slot()
    def _on_session_reduced(self) -> None:
        """Spare the file that still holds what is not shown: its model, and changes made for it."""
        if self._on_disk is not None:
            spared = self._on_disk.spared or "holds more than could be opened"
            self._on_disk = replace(self._on_disk, spared=spared)
            self.changed.emit()

    def _compare(self) -> None:
        kept = self._on_disk.session if self._on_disk is not None else None
        self._unsaved = self._on_disk is not None and (kept is None or not self._shows(kept))

    def _shows(self, kept: SavedSession) -> bool:
        now = self.current
        same_model = kept.model.is_same(now.model)
        return same_model and kept.state == now.state and _drawn(kept) == _drawn(now)


def reading_note(path: Path, read: SessionRead) -> Note | None:
    """What is said of a file that was not read as it stands; None if it was."""
    if read.faults:
        more = f" ({len(read.faults) - 1} more)" if len(read.faults) > 1 else ""
        opened = "The rest" if read.found else "Its text"
        words = f"{named(path.name)}: {read.faults[0]}{more} {opened} was opened."
        return Note(words, NoteKind.FAULT, detail="\n".join(read.faults))
    if read.newer:
        what = "was written by a newer version; what is new in it is not shown."
        return Note(f"{named(path.name)} {what}", NoteKind.RECOVERY)
    return None


def replaced_note(path: Path, changes: Interventions) -> Note | None:
    """What is said of the changes that were in force before a file was opened; None if none was."""
    if not changes:
        return None
    words = f"{named(path.name)} was opened instead of a text with {counted(changes)}."
    return Note(words, NoteKind.RECOVERY, UNDO)


def on_disk_of(path: Path, read: SessionRead) -> OnDisk:
    """What is known of a file that was read; one with faults does not hold what is shown."""
    whole = None if read.faults else read.session
    return OnDisk(path, read.digest, whole, _why_spared(read), read.found)


def _why_spared(read: SessionRead) -> str:
    if read.newer:
        return "was written by a newer version, which may say what this one cannot keep"
    return "holds more than could be read" if read.faults else ""


def with_suffix(path: Path) -> Path:
    """The path of a session file, as a person names it; one who was not asked loses no file."""
    if path.name.lower().endswith(".json"):
        return path
    return unused_name(path.with_name(path.name + SESSION_SUFFIX))


def _drawn(saved: SavedSession) -> ViewOptions:
    """How it is drawn, as far as that is worth saving: what F9 shows is not."""
    return replace(saved.options, show=Show.CHANGED, first_number=1)


def _try_to_read(path: Path) -> SessionRead | SessionError:
    try:
        return read_session(path)
    except SessionError as error:
        return error
