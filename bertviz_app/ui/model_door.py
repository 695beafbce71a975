"""The door for models: the sheet that opens them, what is dropped on the window, downloads."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog

from bertviz_app.core.download import Download, Stage
from bertviz_app.core.errors import Withheld
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.hub import HubName
from bertviz_app.core.model_cache import all_downloaded
from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.core.paths import default_model
from bertviz_app.core.shelf import Shelf
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Note, NoteKind
from bertviz_app.session.engines import OpenFailed
from bertviz_app.session.session import Session
from bertviz_app.storage.hub.downloads import Downloads
from bertviz_app.storage.settings import MOST_MODELS
from bertviz_app.ui.parts.download_words import (
    CANCEL,
    RESUME,
    RETRY,
    act_about,
    said,
    said_briefly,
)

if TYPE_CHECKING:
    from bertviz_app.ui.sheets.open_model import OpenModel
    from bertviz_app.ui.window import MainWindow


class ModelDoor(QObject):
    """Lets models in, and remembers which came.

    A download goes on while the sheet is closed; when it is complete its model is opened.
    """

    _missed = Signal(object)

    def __init__(self, window: MainWindow, session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._facts: ModelFacts | None = None
        self._gone: frozenset[Path] = frozenset()
        self._offered: OpenModel | None = None
        self._missed.connect(self._on_missed)
        self.downloads = Downloads(self)
        self.downloads.changed.connect(self._on_download)
        session.changed.connect(self._on_changed)
        session.not_opened.connect(self._on_not_opened)
        window.closing.connect(self.downloads.close)
        self.update_actions()

    def open_sheet(self) -> None:
        """Offer what there is to open."""
        from bertviz_app.ui.sheets.open_model import OpenModel

        page = self._offered = OpenModel(self._shelf())
        page.fetched.connect(self.fetch)
        page.browsed.connect(self.browse)
        if self.downloads.newest is not None and self.downloads.newest.stage is not Stage.DONE:
            page.show_download(self.downloads.newest)
        self._window.open_sheet(page)
        # A place on a network that is away may take minutes to say so.
        threading.Thread(target=self._look_for, args=(self._recent(),), daemon=True).start()

    @Slot()
    def browse(self) -> None:
        """Let a folder be chosen with the system's own window."""
        folder = QFileDialog.getExistingDirectory(self._window, "Open the folder of a BERT model")
        if folder:
            self.open_path(Path(folder))

    @Slot(object)
    def open_path(self, path: Path) -> None:
        """Open the model in a folder, or in the folder of a file, beside the running one."""
        page = self._page
        if page is not None:
            page.open_path(path)
        else:
            self._window.frame.sheet.close_sheet()
            self._session.open_model(ModelWanted(path))

    @Slot(object)
    def fetch(self, name: HubName) -> None:
        """Download a model, unless another is being downloaded: that is said."""
        newest = self.downloads.newest
        if self.downloads.running and newest is not None and newest.name != name:
            words = f"One model at a time: {newest.name} is being downloaded."
            self._session.note(Note(words, NoteKind.RECOVERY, CANCEL))
        self.downloads.fetch(name)

    def resume(self) -> None:
        """Go on with the download that stopped, or that waits for a word because it is large."""
        newest = self.downloads.newest
        if newest is not None:
            self.downloads.fetch(newest.name, large=newest.stage is Stage.LARGE)

    def update_actions(self) -> None:
        """Enable what can be done about the download."""
        newest, actions = self.downloads.newest, self._window.actions_by_name
        there = act_about(newest)[0] if newest is not None else ""
        for name in (RESUME, RETRY, CANCEL):
            actions[name].setEnabled(name == there)

    @property
    def _page(self) -> OpenModel | None:
        """The sheet that opens models, if it is open."""
        is_open = self._window.frame.sheet.page is self._offered
        return self._offered if is_open else None

    def _shelf(self) -> Shelf:
        from bertviz_app.storage.hub.staging import begun

        return Shelf(self._recent(), all_downloaded(), begun(), self._gone)

    def _recent(self) -> tuple[Path, ...]:
        return tuple(Path(folder) for folder in self._window.appearance.settings.models)

    def _look_for(self, folders: tuple[Path, ...]) -> None:
        """Say which folders are gone; on a thread of its own, which may outlive the window."""
        gone = frozenset(folder for folder in folders if not os.path.exists(folder))
        with suppress(RuntimeError):
            self._missed.emit(gone)

    @Slot(object)
    def _on_missed(self, gone: frozenset[Path]) -> None:
        self._gone = gone
        page = self._page
        if page is not None:
            page.show_shelf(self._shelf())

    @Slot(object)
    def _on_download(self, download: Download) -> None:
        self._window.frame.status.show_download(said_briefly(download))
        self.update_actions()
        page = self._page
        if page is not None:
            page.show_download(download)
            if not download.runs:
                page.show_shelf(self._shelf())
        if download.folder is not None:
            self._session.open_model(ModelWanted(download.folder))
        elif download.stage is Stage.FAILED and page is None:
            act, _ = act_about(download)
            detail = download.fault.detail if download.fault is not None else ""
            self._session.note(Note(said(download), NoteKind.FAULT, act, detail=detail))
        elif download.stage is Stage.LARGE and page is None:
            self._session.note(Note(said(download), NoteKind.RECOVERY, RESUME))

    @Slot(object)
    def _on_not_opened(self, failed: OpenFailed) -> None:
        page = self._page
        tried = (
            page is not None and page.tried is not None and page.tried.path == failed.wanted.path
        )
        if page is not None and tried and not isinstance(failed.fault, Withheld):
            page.show_fault(failed.fault.sentence)

    @Slot(object)
    def _on_changed(self, snapshot: Snapshot) -> None:
        if snapshot.facts is self._facts or snapshot.facts is None:
            return
        self._facts = snapshot.facts
        page = self._page
        if (
            page is not None
            and page.tried is not None
            and page.tried.path == self._session.wanted.path
        ):
            self._window.frame.sheet.close_sheet()
        folder = snapshot.facts.folder
        if folder.resolve() == default_model().resolve():
            return
        appearance, name = self._window.appearance, str(folder.absolute())
        others = [one for one in appearance.settings.models if one != name]
        appearance.keep(models=(name, *others)[:MOST_MODELS])
