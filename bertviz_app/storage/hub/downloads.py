"""Downloads as the window has them: one at a time, on a thread that can be left alone."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from bertviz_app.core.download import Download, Stage
from bertviz_app.core.hub import HubName

if TYPE_CHECKING:
    from bertviz_app.storage.hub.transfer import Transfer

LAST_WORDS = 1.0
"""Seconds that a download is given to end when the program does."""


class Downloads(QObject):
    """The download under way, if there is one. Lives on the GUI thread and never waits for it.

    Signals:
        changed(Download): it has got further, or has ended.
    """

    changed = Signal(object)
    _told = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._transfer: Transfer | None = None
        self._thread: threading.Thread | None = None
        self._newest: Download | None = None
        self._told.connect(self._on_told)

    @property
    def newest(self) -> Download | None:
        """How far the last download is, or how it ended."""
        return self._newest

    @property
    def running(self) -> bool:
        """Whether one is under way."""
        return self._transfer is not None

    def fetch(self, name: HubName, *, large: bool = False) -> None:
        """Download `name`, unless something is downloaded already; `large` if size is no matter."""
        if self.running:
            return
        # Qt's network is imported with the first download.
        from bertviz_app.storage.hub.transfer import Transfer

        # Where the hub itself is silent the thread can only be left behind.
        transfer = Transfer(name, lambda download: self._tell(transfer, download), large=large)
        self._transfer = transfer
        self._thread = threading.Thread(target=transfer.run, name=f"download {name}", daemon=True)
        self._show(Download(name, Stage.ASKING))
        self._thread.start()

    def cancel(self) -> None:
        """Give up the download under way and delete what has come; it is over at once."""
        if self._transfer is not None and self._newest is not None:
            self._transfer.stop(keep=False)
            self._transfer = None
            self._show(Download(self._newest.name, Stage.CANCELLED))

    def close(self) -> None:
        """End with the program; what has come is kept."""
        if self._transfer is not None and self._thread is not None:
            self._transfer.stop(keep=True)
            self._transfer = None
            self._thread.join(LAST_WORDS)

    def _tell(self, transfer: Transfer, download: Download) -> None:
        # A thread that was left behind may speak after the window is gone.
        with suppress(RuntimeError):
            self._told.emit(transfer, download)

    @Slot(object, object)
    def _on_told(self, transfer: Transfer, download: Download) -> None:
        if transfer is not self._transfer:
            return
        if not download.runs:
            self._transfer = None
        self._show(download)

    def _show(self, download: Download) -> None:
        self._newest = download
        self.changed.emit(download)
