"""Diagnostics: versions, places, the machine and what went wrong, to be read and copied."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bertviz_app.analysis.visible import visible
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui.parts.copy_button import CopyButton
from bertviz_app.ui.sheets.page import SheetPage
from bertviz_app.ui.sheets.rows_area import Rows, RowsArea


class Diagnostics(SheetPage):
    """Rows of (head, text) that follow what happens; nothing leaves this window but by *Copy*."""

    def __init__(self, rows: Callable[[], Rows], parent: QWidget | None = None) -> None:
        super().__init__("Diagnostics", parent)
        self._rows = rows
        self._area = RowsArea(parent=self)
        self._copy = CopyButton("Copy", self)
        self._copy.clicked.connect(self._on_copy_clicked)
        self._copy.setToolTip("Copy all of this, to send it to somebody who can help")
        below = QHBoxLayout()
        below.addWidget(self._copy)
        below.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._area, 1)
        column.addLayout(below)
        self.setFocusProxy(self._copy)
        self.renew()

    @property
    def text(self) -> str:
        """All of it, one row a line."""
        return "\n".join(f"{head}: {text}" for head, text in self._rows())

    def show_snapshot(self, snapshot: Snapshot) -> None:
        self.renew()

    @Slot()
    def renew(self) -> None:
        """Say what has changed since."""

        def shown(text: str) -> str:
            return "\n".join(visible(line, 2000) for line in text.splitlines())

        self._area.show_rows([(head, shown(text)) for head, text in self._rows()])

    @Slot()
    def _on_copy_clicked(self) -> None:
        self._copy.copy(self.text)
