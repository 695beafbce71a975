"""The note bar: the one place for words from the program, one note at a time."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from bertviz_app.core.state import Note, NoteKind
from bertviz_app.session.notes import RESTART, STOP_WAITING
from bertviz_app.session.open_file import OVERWRITE, SAVE_AS
from bertviz_app.ui import look
from bertviz_app.ui.parts.copy_button import CopyButton

LABELS = {
    "edit.undo": "Undo",
    "text.fix_mask": "Make it [MASK]",
    "model.resume": "Go on",
    "model.retry_download": "Try again",
    "model.cancel_download": "Cancel it",
    "model.trust": "What was loaded",
    STOP_WAITING: "Cancel",
    RESTART: "Restart engine",
    "model.open": "Open a model…",
    SAVE_AS: "Save as…",
    OVERWRITE: "Overwrite",
}
"""What the button of a note says for each action it may name."""


class NoteBar(QWidget):
    """Shows one note with what can be done about it.

    Signals:
        asked(str): a button was pressed; the payload names the action.
        dismissed(): the note was read and closed.
    """

    asked = Signal(str)
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("note")
        self._note: Note | None = None
        self._pages: dict[Note, int] = {}
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._do = _button(self, "")
        self._do.clicked.connect(self._on_do_clicked)
        self._other = _button(self, "")
        self._other.clicked.connect(self._on_other_clicked)
        self._copy = CopyButton("Copy details", self)
        self._copy.clicked.connect(self._on_copy_clicked)
        _flatten(self._copy)
        self._next = _button(self, "Next ›")
        self._next.clicked.connect(self._on_next_clicked)
        self._close = _button(self, "×")
        self._close.setAccessibleName("Close the note")
        self._close.setToolTip("Close the note")
        self._close.clicked.connect(self.dismissed)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._words, 1)
        for button in (self._do, self._other, self._copy, self._next, self._close):
            self._row.addWidget(button)
        self.show_note(None)

    def show_note(self, note: Note | None) -> None:
        """Show `note`, or nothing."""
        if note != self._note:
            covered = [one.covers for one in (self._note, note) if one is not None]
            self._pages = {one: page for one, page in self._pages.items() if one in covered}
            self._note = note
            self._copy.renew()
        self.setVisible(note is not None)
        if note is None:
            return
        style = look.current()
        pages, page = (note.text, *note.more), self._pages.get(note, 0)
        self._words.setText(pages[min(page, len(pages) - 1)])
        self._words.setAccessibleName(self._words.text())
        palette = self._words.palette()
        role = "error" if note.kind is NoteKind.FAULT else "text"
        palette.setColor(QPalette.ColorRole.WindowText, style.colour(role))
        self._words.setPalette(palette)
        for button, action in ((self._do, note.action), (self._other, note.other)):
            button.setText(LABELS.get(action, ""))
            button.setVisible(action in LABELS)
        self._copy.setVisible(bool(note.detail))
        self._next.setVisible(page + 1 < len(pages))
        self._row.setContentsMargins(style.px(8), style.px(2), style.px(8), style.px(2))
        self.setMinimumHeight(style.px(28))

    @Slot()
    def _on_do_clicked(self) -> None:
        if self._note is not None:
            self.asked.emit(self._note.action)

    @Slot()
    def _on_other_clicked(self) -> None:
        if self._note is not None:
            self.asked.emit(self._note.other)

    @Slot()
    def _on_copy_clicked(self) -> None:
        if self._note is not None:
            self._copy.copy(f"{self._note.text}\n\n{self._note.detail}")

    @Slot()
    def _on_next_clicked(self) -> None:
        if self._note is not None:
            self._pages[self._note] = self._pages.get(self._note, 0) + 1
            self.show_note(self._note)


def _button(parent: QWidget, text: str) -> QPushButton:
    button = QPushButton(text, parent)
    _flatten(button)
    return button


def _flatten(button: QPushButton) -> None:
    button.setFlat(True)
    button.setProperty("flat", True)
