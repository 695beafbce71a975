"""Rows of a head and what is to be said of it, which scroll and can be selected."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QSizePolicy, QWidget

from bertviz_app.ui import look

Rows = Sequence[tuple[str, str]]


class RowsArea(QScrollArea):
    """Shows rows of (head, text), each as plain text; long texts are wrapped.

    A row without a head takes both columns.
    """

    def __init__(self, rows: Rows = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._body = QWidget()
        style = look.current()
        self._grid = QGridLayout(self._body)
        self._grid.setHorizontalSpacing(style.px(16))
        self._grid.setVerticalSpacing(style.px(6))
        self._grid.setColumnStretch(1, 1)
        self._labels: list[tuple[QLabel, QLabel]] = []
        self.setWidget(self._body)
        self.show_rows(rows)

    @property
    def rows(self) -> Rows:
        """What stands here."""
        return [(head.text(), words.text()) for head, words in self._labels]

    def show_rows(self, rows: Rows) -> None:
        """Say what is new; a label that says the same is left alone, for it may be selected."""
        while len(self._labels) < len(rows):
            self._add()
        while len(self._labels) > len(rows):
            for label in self._labels.pop():
                label.hide()  # it is deleted later, and must not be seen until then
                label.deleteLater()
        for at, (labels, row) in enumerate(zip(self._labels, rows, strict=True)):
            if bool(labels[0].text()) != bool(row[0]):
                self._place(at, labels[1], headed=bool(row[0]))
            for label, text in zip(labels, row, strict=True):
                if label.text() != text:
                    label.setText(text)
            labels[1].setAccessibleName(row[0])

    def _place(self, at: int, words: QLabel, *, headed: bool) -> None:
        """Let the words of a row begin behind its head, or else at the left."""
        self._grid.removeWidget(words)
        column, columns = (1, 1) if headed else (0, 2)
        self._grid.addWidget(words, at, column, 1, columns, Qt.AlignmentFlag.AlignTop)

    def _add(self) -> None:
        style, at = look.current(), len(self._labels)
        head, words = QLabel(self._body), QLabel(self._body)
        for label in (head, words):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._grid.addWidget(head, at, 0, Qt.AlignmentFlag.AlignTop)
        self._place(at, words, headed=False)
        head.setFont(style.mono())
        words.setFont(style.sans())
        words.setWordWrap(True)
        # Else a long word makes the page wider than the sheet.
        policy = words.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        words.setSizePolicy(policy)
        self._grid.setRowStretch(at, 0)
        self._grid.setRowStretch(at + 1, 1)
        self._labels.append((head, words))
