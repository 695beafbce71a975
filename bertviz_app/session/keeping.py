"""Keeping: all that outlives the window, and the order in which it is let go."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from bertviz_app.core.saved_session import Layout
from bertviz_app.core.state import Note, NoteKind
from bertviz_app.session.beginning import Beginning
from bertviz_app.session.journal_keeper import JournalKeeper
from bertviz_app.session.open_file import OpenFile
from bertviz_app.session.sentence_keeper import SentenceKeeper, sentence_of
from bertviz_app.session.session import Session
from bertviz_app.session.settings_keeper import SettingsKeeper
from bertviz_app.session.text_files import TextFiles
from bertviz_app.storage.atomic import state_folder
from bertviz_app.storage.disk import Disk
from bertviz_app.storage.journal import Journal
from bertviz_app.storage.settings import DEFAULTS, Settings


class Keeping(QObject):
    """The journal, session file, sentences and settings of one window, with a disk to share.

    Attributes:
        file: the session file that is open.
        texts: opens text files.
        sentences: those that were left, and those that were saved.
        settings: what a person has set.
    """

    def __init__(
        self,
        session: Session,
        beginning: Beginning,
        journal: Journal | None,
        examples: frozenset[str] = frozenset(),
        settings: Settings = DEFAULTS,
    ) -> None:
        super().__init__(session)
        self._disk = Disk(self)
        self._journal = journal
        self.file = OpenFile(session, self._disk, self)
        self.file.layout = beginning.session.layout
        self.file.resume(beginning.on_disk)
        self.texts = TextFiles(session, self._disk, self)
        path = state_folder() / "sentences.json"
        self.sentences = SentenceKeeper(session, path, self._disk, examples)
        self.settings = SettingsKeeper(session, self._disk, settings)
        last = journal.last if journal is not None else None
        if last is not None and last is not beginning.page:
            self.sentences.leave(sentence_of(last.session.state))
        self._keeper: JournalKeeper | None = None
        if journal is None:
            words = f"What you type is not kept: no journal can be written in {state_folder()}."
            session.note(Note(words, NoteKind.FAULT))
        else:
            starts = beginning.page.starts + 1 if beginning.page is not None else 0
            self._keeper = JournalKeeper(session, self.file, journal, self._disk, starts)

    def arrange(self, layout: Layout) -> None:
        """The window shows other views of BERT."""
        if layout != self.file.layout:
            self.file.layout = layout
            if self._keeper is not None:
                self._keeper.write_soon()

    @Slot()
    def flush(self) -> None:
        """Write what is new now: the program may be stopped without another word."""
        if self._keeper is not None:
            self._keeper.flush()

    @Slot()
    def close(self) -> None:
        """Write the last page, wait for the disk, and leave the journal to the next window."""
        self._disk.settle()  # the page is to say what has become of the session file
        self.sentences.close()
        if self._keeper is not None:
            self._keeper.close()
        self._disk.close()
        if self._journal is not None:
            self._journal.let_go()
