"""Text files that become the text: read on the disk's own thread, one step of undo."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from bertviz_app.analysis.visible import named
from bertviz_app.core.state import UNDO, Note, NoteKind
from bertviz_app.core.text import clean
from bertviz_app.session.gestures import retexted
from bertviz_app.session.session import Session
from bertviz_app.storage.disk import Disk
from bertviz_app.storage.text_file import TextFileError, read_text


class TextFiles(QObject):
    """Puts what stands in a text file into the place of both sentences."""

    def __init__(self, session: Session, disk: Disk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._disk = disk

    def open(self, path: Path) -> None:
        """Read a file; its text follows, or why there is none."""
        self._disk.do(partial(_try_to_read, path), partial(self._on_read, path))

    def _on_read(self, path: Path, read: str | TextFileError) -> None:
        if isinstance(read, TextFileError):
            self._session.note(Note(read.sentence, NoteKind.FAULT, detail=read.detail))
            return
        outcome = retexted(self._session.snapshot, clean(read), None)
        new = outcome.state != self._session.state
        when = "now" if new else "already"
        words = f"{named(path.name)} is the text {when}. {outcome.note}".rstrip()
        note = Note(words, NoteKind.RECOVERY, UNDO if new else "")
        self._session.push(outcome.state, note=note)


def _try_to_read(path: Path) -> str | TextFileError:
    try:
        return read_text(path)
    except TextFileError as error:
        return error


def is_text(path: Path) -> bool:
    """Whether a file is meant as a text; the vocabulary of a model is meant as that model."""
    return path.suffix.lower() == ".txt" and path.name != "vocab.txt"
