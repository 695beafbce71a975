"""The sheet: slides a page over the One pane, and closes with Esc."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from bertviz_app.ui import look
from bertviz_app.ui.look import LARGE
from bertviz_app.ui.sheets.page import SheetPage


class Sheet(QWidget):
    """One page over the pane it was opened on, under its title."""

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
        self._rows = QVBoxLayout(self)
        self._rows.addLayout(head)
        self.page: SheetPage | None = None
        self._over: QWidget | None = None
        self._return_to: QWidget | None = None
        self.hide()

    def open_over(self, pane: QWidget, page: SheetPage) -> None:
        """Show `page` over `pane`, and take the keyboard until closed."""
        self._drop()
        self._over, self.page = pane, page
        pane.installEventFilter(self)
        focused = self.window().focusWidget()
        if focused is not None and not self.isAncestorOf(focused):
            self._return_to = focused
        self._title.setText(page.title)
        self._title.setFont(look.current().sans(LARGE, bold=True))
        self.setAccessibleName(page.title)
        self._rows.addWidget(page, 1)
        page.show()  # while the sheet is open, a layout would show it a turn of the loop later
        self._cover()
        self.show()
        self.raise_()
        page.setFocus()

    @Slot()
    def close_sheet(self) -> None:
        """Close, and give the keyboard back to where it was."""
        self._drop()
        self.hide()
        if self._return_to is not None:
            self._return_to.setFocus()
            self._return_to = None

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

    def _drop(self) -> None:
        """Let go of the page and of the pane it lay on."""
        if self._over is not None:
            self._over.removeEventFilter(self)
            self._over = None
        if self.page is not None:
            self._rows.removeWidget(self.page)
            self.page.hide()
            self.page.deleteLater()
            self.page = None
