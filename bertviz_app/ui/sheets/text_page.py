"""A page of text: rows of a head and what is to be said of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from bertviz_app.ui import look
from bertviz_app.ui.sheets.page import Page


class TextPage(Page):
    """Rows of (head, text) that scroll; plain text, which can be selected."""

    def __init__(
        self, title: str, rows: Sequence[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(title, parent)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(_grid(rows))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)


def _grid(rows: Sequence[tuple[str, str]]) -> QWidget:
    page, style = QWidget(), look.current()
    grid = QGridLayout(page)
    grid.setHorizontalSpacing(style.px(16))
    grid.setVerticalSpacing(style.px(6))
    for number, (head, text) in enumerate(rows):
        for column, words in enumerate((head, text)):
            label = QLabel(words, page)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(column == 1)
            label.setFont(style.mono() if column == 0 else style.sans())
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(label, number, column, Qt.AlignmentFlag.AlignTop)
    grid.setColumnStretch(1, 1)
    grid.setRowStretch(len(rows), 1)
    return page
