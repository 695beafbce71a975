"""The door for sessions: their files, texts, the window's title, and sentences that come back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from bertviz_app.analysis.visible import NAME, visible
from bertviz_app.core.changes import removed_note
from bertviz_app.core.paths import SESSION_SUFFIX
from bertviz_app.core.saved_session import Layout, SavedSession
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Selection, State
from bertviz_app.session.keeping import Keeping
from bertviz_app.session.open_file import OVERWRITE, SAVE_AS, OpenFile, with_suffix
from bertviz_app.session.sentence_keeper import sentence_of
from bertviz_app.session.session import Session
from bertviz_app.session.text_files import is_text
from bertviz_app.storage.sentences import Sentence, Sentences

if TYPE_CHECKING:
    from bertviz_app.ui.window import MainWindow

FIRST_PLACE = 3
KEEP_SENTENCE = "text.save_sentence"

KINDS = f"Sessions (*{SESSION_SUFFIX});;All files (*)"
KINDS_TO_OPEN = f"Sessions and texts (*{SESSION_SUFFIX} *.txt);;All files (*)"
"""What the system's windows for saving and for opening show of a folder."""


class SessionDoor(QObject):
    """Opens and saves sessions for the person at the window."""

    def __init__(self, window: MainWindow, session: Session, keeping: Keeping) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._keeping = keeping
        self._shown: tuple[State, Sentences] | None = None

    def bindings(self) -> dict[str, Callable[[], object]]:
        """What each action about sessions does."""
        file = self.file
        return {
            "session.open": self._choose,
            "session.save": lambda: file.save() if file.on_disk is not None else self._save_as(),
            SAVE_AS: self._save_as,
            OVERWRITE: lambda: file.save(overwrite=True),
            KEEP_SENTENCE: lambda: self._keeping.sentences.toggle(sentence_of(self._session.state)),
        }

    def connect_all(self) -> None:
        """Follow the session, its file and the sentences, once the window is complete."""
        keeping, menu = self._keeping, self._window.frame.text_row.menu
        keeping.file.opened.connect(self._on_opened)
        keeping.file.changed.connect(self._show_title)
        keeping.sentences.changed.connect(self._on_sentences_changed)
        menu.recalled.connect(self._on_recalled)
        self._session.changed.connect(self._on_session_changed)
        self._window.arranged.connect(self._on_arranged)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            # Who goes elsewhere, or leaves the computer, may not come back to this window.
            application.applicationStateChanged.connect(keeping.flush)
            application.commitDataRequest.connect(keeping.flush)
        self._show_title()
        self._on_sentences_changed()

    def open_path(self, path: Path) -> None:
        """Open a session file, or put what stands in a text file into the text."""
        if is_text(path):
            self._keeping.texts.open(path)
        else:
            self.file.open(path)

    @property
    def first_layout(self) -> Layout:
        """What the window begins with: the place of the session, if it is there, and its views."""
        layout = self.file.layout
        there = layout.place in self._window.frame.places.present
        return layout if there else replace(layout, place=FIRST_PLACE)

    @property
    def file(self) -> OpenFile:
        """The session file that is open."""
        return self._keeping.file

    @Slot()
    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self._window, "Open a session", "", KINDS_TO_OPEN)
        if path:
            self.open_path(Path(path))

    @Slot()
    def _save_as(self) -> None:
        on_disk = self.file.on_disk
        offered = str(on_disk.path) if on_disk is not None else name_for(self._session.state)
        path, _ = QFileDialog.getSaveFileName(self._window, "Save the session", offered, KINDS)
        if path:
            self.file.save(with_suffix(Path(path)), overwrite=True)

    @Slot(object)
    def _on_opened(self, saved: SavedSession) -> None:
        self._window.frame.restore(saved.layout)
        self._window.rearrange()

    @Slot(object)
    def _on_recalled(self, sentence: Sentence) -> None:
        before = self._session.state
        note = removed_note(before.interventions) if before.interventions else None
        self._session.push(recalled(before, sentence), note=note)

    @Slot()
    def _on_arranged(self) -> None:
        self._keeping.arrange(self._window.frame.layout_now)

    @Slot(object)
    def _on_session_changed(self, snapshot: Snapshot) -> None:
        shown = snapshot.state, self._keeping.sentences.sentences
        if shown == self._shown:
            return
        self._shown = shown
        action = self._window.actions_by_name[KEEP_SENTENCE]
        action.setChecked(sentence_of(snapshot.state) in shown[1].saved)
        action.setEnabled(not snapshot.state.text.isspace() and snapshot.state.text != "")

    @Slot()
    def _on_sentences_changed(self) -> None:
        self._window.frame.text_row.menu.sentences = self._keeping.sentences.sentences
        self._on_session_changed(self._session.snapshot)

    @Slot()
    def _show_title(self) -> None:
        file = self.file
        self._window.actions_by_name[OVERWRITE].setEnabled(file.on_disk is not None)
        if file.on_disk is None:
            self._window.setWindowTitle("bertviz-app")
            return
        # Qt puts its mark of what is unsaved in the place of [*].
        name = visible(file.on_disk.path.name.removesuffix(SESSION_SUFFIX), NAME)
        self._window.setWindowTitle(f"{name.replace('[*]', '[*][*]')}[*] – bertviz-app")
        self._window.setWindowModified(file.unsaved)


def recalled(before: State, sentence: Sentence) -> State:
    """The state in which a sentence stands in the text again; the head stays chosen."""
    selection = Selection(layer=before.selection.layer, head=before.selection.head)
    return State(text=sentence.text, pair=sentence.pair, selection=selection)


def name_for(state: State) -> str:
    """A name for the file of a session: its first words."""
    words = re.findall(r"\w+", state.text.lower())[:6]
    return ("-".join(words)[:60] or "session") + SESSION_SUFFIX
