"""A sentence's text field: plain text, a limited length, positions in code points."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from bertviz_app.core.encoding import Span
from bertviz_app.core.text import FIELD_LIMIT, Edit, TextMap, clean
from bertviz_app.ui import look
from bertviz_app.ui.mime import mime_data
from bertviz_app.ui.parts.line_field import leaves_undo

LINES = 3
"""Lines the field grows to before it scrolls, where the window is not too low for that."""

LONG_WORD = 4000
"""Letters above which a word is wrapped without a look at where words end: Qt, which prefers to
wrap there, reads the rest of the word once for each of its lines."""


class TextField(QPlainTextEdit):
    """One sentence. Its own undo is off: the session undoes everything in one order.

    Signals:
        edited(str, int): the text and the cursor in code points, after a change by the person.
        moved(int): the cursor in code points, after the person put it elsewhere in the same text.
        entered(): the keyboard is here now.
        overflowed(): a paste was longer than the field holds.
    """

    edited = Signal(str, int)
    moved = Signal(int)
    entered = Signal()
    overflowed = Signal()

    def __init__(self, name: str, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._text = ""
        self._telling = False
        self._most_lines = LINES
        self.textChanged.connect(self._on_text_changed)
        self.cursorPositionChanged.connect(self._on_cursor_moved)
        self.dress()

    @property
    def text(self) -> str:
        """The text, as Python counts it."""
        return self._text

    @property
    def most_lines(self) -> int:
        """Lines the field grows to before it scrolls."""
        return self._most_lines

    @most_lines.setter
    def most_lines(self, most: int) -> None:
        if most != self._most_lines:
            self._most_lines = most
            self.dress()
            self.ensureCursorVisible()

    @property
    def cursor_position(self) -> int:
        """Where the text cursor stands, in code points."""
        return TextMap(self._text).code_point(self.textCursor().position())

    def select(self, span: Span) -> None:
        """Select a stretch of code points and bring it into sight."""
        units = TextMap(self._text)
        cursor = self.textCursor()
        cursor.setPosition(units.utf16(span[0]))
        cursor.setPosition(units.utf16(span[1]), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def show_text(self, text: str) -> bool:
        """Bring the field in line with the session, keeping the cursor where it makes sense.

        False if it shows this text already.
        """
        if text == self._text:
            return False
        edit, units = Edit.between(self._text, text), TextMap(self._text)
        self._expect(edit.inserted)
        cursor = QTextCursor(self.document())
        cursor.setPosition(units.utf16(edit.start))
        cursor.setPosition(units.utf16(edit.end), QTextCursor.MoveMode.KeepAnchor)
        self._telling = True
        cursor.insertText(edit.inserted)
        self._telling = False
        self._text = text
        self.dress()
        return True

    def mark(self, unread_from: int | None, lit: Span | None) -> None:
        """Grey what the model does not read, and light the stretch of a hovered piece."""
        style, units = look.current(), TextMap(self._text)
        marks = []
        if unread_from is not None:
            grey = QTextCharFormat()
            grey.setForeground(style.colour("muted"))
            grey.setFontStrikeOut(True)
            marks.append(self._selection(units, (unread_from, len(self._text)), grey))
        if lit is not None and lit[1] > lit[0]:
            bright = QTextCharFormat()
            bright.setBackground(style.colour("hairline"))
            marks.append(self._selection(units, lit, bright))
        self.setExtraSelections(marks)

    def dress(self) -> None:
        """Take font and height from the look in force; wrapping and height follow the text."""
        style, wrap = look.current(), QTextOption.WrapMode
        long = _has_long_word(self._text)
        self.setWordWrapMode(wrap.WrapAnywhere if long else wrap.WrapAtWordBoundaryOrAnywhere)
        self.setFont(style.sans(look.LARGE))
        self.document().setDocumentMargin(style.px(4))
        height = self._height_of_text()
        scrolls = self.document().size().height() > self._most_lines
        self.setFixedHeight(height if scrolls else max(height, style.px(32)))

    def insertFromMimeData(self, source: QMimeData) -> None:
        text = source.text()
        cursor = self.textCursor()
        room = FIELD_LIMIT - len(self._text) + len(cursor.selectedText())
        inserted = clean(text[: max(room, 0)])
        self._expect(inserted)
        cursor.insertText(inserted)
        self.setTextCursor(cursor)
        if len(text) > room:
            self.overflowed.emit()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        # A folder or a file is for the window.
        return source.hasText() and not any(one.isLocalFile() for one in source.urls())

    def createMimeDataFromSelection(self) -> QMimeData:
        return mime_data(self.textCursor().selection().toPlainText())

    def event(self, event: QEvent) -> bool:
        return False if leaves_undo(event) else super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.dress()

    def _height_of_text(self) -> int:
        """Pixels in which Qt shows all lines, or as many as there may be, without a scroll bar.

        It keeps one pixel free below the margin. Lines of emoji are higher than others.
        """
        document, margin = self.document(), self.document().documentMargin()
        blocks = map(document.findBlockByNumber, range(document.blockCount()))
        height = sum(self.blockBoundingRect(block).height() for block in blocks)
        most = self._most_lines
        if document.size().height() > most:  # lines; it knows them once the blocks are laid out
            height = margin + most * self.fontMetrics().lineSpacing()
        return ceil(height + margin) + 1

    def _expect(self, inserted: str) -> None:
        """Be ready to wrap what is going to be inserted; `dress` then looks at the whole text."""
        if _has_long_word(inserted):
            self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)

    @Slot()
    def _on_text_changed(self) -> None:
        if self._telling:
            return
        text = self.toPlainText()
        if len(text) > FIELD_LIMIT:
            # A key in a full field: it is taken back, not the end of what stands there.
            before, self._text = self._text, text
            self.show_text(before)
            text = before
        if text != self._text:
            self._text = text
            self.dress()
            self.edited.emit(text, self.cursor_position)

    @Slot()
    def _on_cursor_moved(self) -> None:
        # While letters come or go, the text that is told with the cursor is not the newest yet.
        if not self._telling and self.toPlainText() == self._text:
            self.moved.emit(self.cursor_position)

    def _selection(
        self, units: TextMap, span: Span, look_like: QTextCharFormat
    ) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        cursor.setPosition(units.utf16(span[0]))
        cursor.setPosition(units.utf16(span[1]), QTextCursor.MoveMode.KeepAnchor)
        selection.cursor = cursor
        selection.format = look_like
        return selection


def _has_long_word(text: str) -> bool:
    return len(text) > LONG_WORD and max(map(len, text.split(" "))) > LONG_WORD
