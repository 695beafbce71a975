"""A page of text: rows of a head and what is to be said of it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from bertviz_app.ui.sheets.page import SheetPage
from bertviz_app.ui.sheets.rows_area import Rows, RowsArea


class TextPage(SheetPage):
    """Rows of (head, text) that stay as they are."""

    def __init__(self, title: str, rows: Rows, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(RowsArea(rows, self))
