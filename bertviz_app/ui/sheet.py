"""Sheets: pages of text that slide over the One pane and close with Esc."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from bertviz_app.ui import look
from bertviz_app.ui.look import LARGE


class Sheet(QWidget):
    """One page over the pane it was opened on: a title and rows of (head, text)."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sheet")
        self.setAutoFillBackground(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._title = QLabel(self)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._close = QPushButton("Close  Esc", self)
        self._close.clicked.connect(self.close_sheet)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        rows = QVBoxLayout(self)
        rows.addLayout(head)
        rows.addWidget(self._area, 1)
        self._over: QWidget | None = None
        self._return_to: QWidget | None = None
        self.hide()

    def open_over(self, pane: QWidget, title: str, rows: Sequence[tuple[str, str]]) -> None:
        """Show rows of text over `pane`, and take the keyboard until closed."""
        if self._over is not None:
            self._over.removeEventFilter(self)
        self._over = pane
        pane.installEventFilter(self)
        focused = self.window().focusWidget()
        if focused is not None and not self.isAncestorOf(focused):
            self._return_to = focused
        self._title.setText(title)
        self._title.setFont(look.current().sans(LARGE, bold=True))
        self.setAccessibleName(title)
        self._area.setWidget(_page(rows))
        self._cover()
        self.show()
        self.raise_()
        self.setFocus()

    @Slot()
    def close_sheet(self) -> None:
        """Close, and give the keyboard back to where it was."""
        if self._over is not None:
            self._over.removeEventFilter(self)
            self._over = None
        self.hide()
        if self._return_to is not None:
            self._return_to.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._cover()
        return super().eventFilter(watched, event)

    def _cover(self) -> None:
        parent = self.parentWidget()
        if self._over is not None and parent is not None:
            corner = self._over.mapTo(parent, self._over.rect().topLeft())
            self.setGeometry(corner.x(), corner.y(), self._over.width(), self._over.height())


def _page(rows: Sequence[tuple[str, str]]) -> QWidget:
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
