"""Diagnostics: versions, places, the machine and what went wrong, to be read and copied."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from bertviz_app.analysis.visible import visible
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui import look
from bertviz_app.ui.sheets.page import Page

Rows = Sequence[tuple[str, str]]


class Diagnostics(Page):
    """Rows of (head, text) that follow what happens; nothing leaves this window but by *Copy*."""

    def __init__(self, rows: Callable[[], Rows], parent: QWidget | None = None) -> None:
        super().__init__("Diagnostics", parent)
        self._rows = rows
        self._labels: dict[str, QLabel] = {}
        self._body = QWidget()
        self._grid = QGridLayout(self._body)
        self._grid.setColumnStretch(1, 1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(self._body)
        copy = QPushButton("Copy", self)
        copy.setToolTip("Copy all of this, to send it to somebody who can help")
        copy.clicked.connect(self._on_copy_clicked)
        below = QHBoxLayout()
        below.addWidget(copy)
        below.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area, 1)
        column.addLayout(below)
        self.setFocusProxy(copy)
        self._write(rows())

    @property
    def text(self) -> str:
        """All of it, one row a line."""
        return "\n".join(f"{head}: {text}" for head, text in self._rows())

    def show_snapshot(self, snapshot: Snapshot) -> None:
        self._write(self._rows())

    def _write(self, rows: Rows) -> None:
        """Say what is new; a label that says the same is left alone, for it may be selected."""
        for head, text in rows:
            shown = "\n".join(visible(line, 2000) for line in text.splitlines())
            label = self._labels.get(head) or self._row(head)
            if label.text() != shown:
                label.setText(shown)

    def _row(self, head: str) -> QLabel:
        style, at = look.current(), len(self._labels)
        self._grid.setHorizontalSpacing(style.px(16))
        self._grid.setVerticalSpacing(style.px(8))
        made = [QLabel(words, self._body) for words in (head, "")]
        for column, label in enumerate(made):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(label, at, column, Qt.AlignmentFlag.AlignTop)
        made[0].setFont(style.mono())
        made[1].setFont(style.sans())
        made[1].setWordWrap(True)
        made[1].setAccessibleName(head)
        self._grid.setRowStretch(at, 0)
        self._grid.setRowStretch(at + 1, 1)
        self._labels[head] = made[1]
        return made[1]

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.text)
