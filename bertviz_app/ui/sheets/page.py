"""A page: what a sheet shows."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from bertviz_app.core.snapshot import Snapshot


class SheetPage(QWidget):
    """One page of a sheet; made when it is opened and gone when it is closed.

    Attributes:
        title: what stands above it.

    Signals:
        acted(str): trigger the action of this name.
        opened(ModelWanted): open this model.
    """

    acted = Signal(str)
    opened = Signal(object)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Say what is new; a page that speaks of nothing that changes stays as it is."""
